"""A Scale stands for whatever keeps a number of pods."""

from __future__ import annotations

import pytest

from clusters.apiserver.verbs.scale import scale_of
from clusters.kinds.body import Body


def keeper(kind: str, selector: Body) -> Body:
    metadata = {"name": "it", "namespace": "default", "uid": "u"}
    return {
        "kind": kind,
        "metadata": metadata,
        "spec": {"replicas": 3, "selector": selector},
        "status": {"replicas": 2},
    }


@pytest.mark.parametrize(
    ("kind", "selector"),
    [
        ("StatefulSet", {"matchLabels": {"app": "it", "tier": "db"}}),
        ("ReplicationController", {"app": "it", "tier": "db"}),
    ],
)
def test_its_selector_is_a_query(kind: str, selector: Body) -> None:
    scale = scale_of(keeper(kind, selector))

    assert scale["spec"] == {"replicas": 3}
    assert scale["status"] == {"replicas": 2, "selector": "app=it,tier=db"}
