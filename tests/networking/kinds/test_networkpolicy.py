"""What a NetworkPolicy is filled in with, and what may be wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from networking.kinds.networkpolicy import NETWORKPOLICY
from tests.clusters.kinds.desk import filled, wrongs


def policy(**spec: Any) -> Body:
    return {"metadata": {"name": "p", "namespace": "default"}, "spec": {"podSelector": {}, **spec}}


def test_what_is_not_said_is_filled_in() -> None:
    made = filled(NETWORKPOLICY, policy(ingress=[{"ports": [{"port": 80}]}], egress=[{}]))

    assert made["spec"]["policyTypes"] == ["Ingress", "Egress"]
    assert made["spec"]["ingress"] == [{"ports": [{"port": 80, "protocol": "TCP"}]}]
    assert filled(NETWORKPOLICY, policy())["spec"]["policyTypes"] == ["Ingress"]


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"ingress": [{"from": [{}]}]}, "spec.ingress[0].from[0]: Required value: must specify a peer"),
        (
            {"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}]},
            "spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer",
        ),
        ({"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0"}}]}]}, "spec.ingress[0].from[0].ipBlock.cidr: Invalid"),
        (
            {"ingress": [{"from": [{"ipBlock": {"cidr": "10.0.0.0/8", "except": ["11.0.0.0/16"]}}]}]},
            "must be a strict subset of `cidr`",
        ),
        ({"egress": [{"ports": [{"port": 90, "endPort": 80}]}]}, "must be greater than or equal to `port`"),
        ({"egress": [{"ports": [{"port": "http", "endPort": 80}]}]}, "may not be specified when `port` is non-numeric"),
        ({"egress": [{"ports": [{"endPort": 80}]}]}, "may not be specified when `port` is not specified"),
        ({"egress": [{"ports": [{"port": 70000}]}]}, "must be between 1 and 65535, inclusive"),
        ({"policyTypes": ["Inward"]}, 'spec.policyTypes[0]: Unsupported value: "Inward"'),
    ],
)
def test_what_is_wrong_is_told_in_kubernetes_words(spec: Body, sentence: str) -> None:
    found = wrongs(NETWORKPOLICY, policy(**spec))

    assert any(sentence in one for one in found), found
