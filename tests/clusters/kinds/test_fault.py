"""Faults are objects of the catalogue, aimed at something."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.faults import FAULTS
from clusters.kinds.body import Body
from clusters.kinds.fault import FAULT
from clusters.kinds.schema import shape_of
from tests.clusters.kinds.desk import cells, filled, stored, wrongs


def fault(type_: str, duration: str | None = None, **target: str) -> Body:
    spec: dict[str, Any] = {"type": type_, "target": target}
    return {"spec": {**spec, "duration": duration} if duration else spec}


@pytest.mark.parametrize("known", FAULTS.values(), ids=lambda known: known.type)
def test_every_fault_of_the_catalogue_can_be_made(known: Any) -> None:
    assert wrongs(FAULT, fault(known.type, **dict.fromkeys(known.required, "it"))) == []


def test_an_unknown_type_is_told_the_catalogue() -> None:
    (sentence,) = wrongs(FAULT, fault("Meteor"))

    assert sentence.startswith(
        'spec.type: Unsupported value: "Meteor": supported values: '
        '"BadRollout", "CPUHog", "ContainerCrash", "ContainerExit"'
    )


def test_a_fault_is_aimed_at_what_its_type_hits() -> None:
    assert wrongs(FAULT, fault("NodeCrash", pod="web")) == [
        "spec.target.node: Required value: what a NodeCrash is aimed at",
        "spec.target.pod: Forbidden: a NodeCrash is not aimed at it",
    ]


def test_a_pod_without_a_namespace_is_looked_for_in_default() -> None:
    assert filled(FAULT, fault("ContainerCrash", pod="web"))["spec"]["target"]["namespace"] == "default"


def test_only_what_lasts_has_a_duration() -> None:
    assert wrongs(FAULT, fault("NodeCrash", "1m30s", node="worker-1")) == []
    assert wrongs(FAULT, fault("NodeCrash", "soon", node="worker-1")) == [
        'spec.duration: Invalid value: "soon": must be a duration, e.g. 30s or 1m30s',
    ]
    assert wrongs(FAULT, fault("ContainerCrash", "30s", pod="web")) == [
        "spec.duration: Forbidden: a ContainerCrash fires once",
    ]


def test_faults_of_the_api_server_etcd_and_volumes_are_refused_with_that_sentence() -> None:
    for later in ("APIServerDown", "EtcdDown", "VolumeDown"):
        assert wrongs(FAULT, fault(later)) == [
            "spec.type: Forbidden: faults of the API server, etcd and volumes come with their own issue"
        ]


def test_a_target_may_be_picked_instead_of_named() -> None:
    picked = {"spec": {"type": "NodeCrash", "target": {"selector": {"matchLabels": {"disk": "ssd"}}, "chance": 50}}}
    too_sure = {"spec": {"type": "NodeCrash", "target": {"chance": 101}}}

    assert wrongs(FAULT, picked) == []
    assert wrongs(FAULT, too_sure) == ["spec.target.chance: Invalid value: 101: must be between 1 and 100, inclusive"]
    assert cells(FAULT, filled(FAULT, picked))["Target"] == "disk=ssd, 50 %"


def test_an_option_belongs_to_its_type() -> None:
    (sentence,) = wrongs(FAULT, {"spec": {"type": "NodeCrash", "target": {"node": "a"}, "percent": 20}})

    assert sentence == "spec.percent: Forbidden: a NodeCrash has no such option"


def test_a_fault_does_not_change() -> None:
    (sentence,) = wrongs(FAULT, fault("NodeCrash", node="worker-2"), fault("NodeCrash", node="worker-1"))

    assert sentence.endswith("field is immutable")


def test_its_row_tells_what_it_does_to_whom() -> None:
    node, pod = fault("NodeCrash", node="worker-2"), fault("ContainerCrash", pod="web", container="nginx")

    assert cells(FAULT, filled(FAULT, node)) == {
        "Name": "it",
        "Type": "NodeCrash",
        "Target": "node/worker-2",
        "Phase": "Active",
        "Age": "90s",
    }
    assert cells(FAULT, filled(FAULT, pod))["Target"] == "pod/default/web/nginx"


def test_nobody_but_the_machine_room_says_what_became_of_it() -> None:
    old = stored(FAULT, fault("NodeCrash", node="worker-1"))

    assert "status" not in FAULT.protect({**old, "status": {"phase": "Done"}}, old)
    assert "status" not in filled(FAULT, {**fault("NodeCrash", node="worker-1"), "status": {"phase": "Done"}})


def test_its_shape_is_known_to_the_api() -> None:
    assert list(shape_of(FAULT).fields) == ["apiVersion", "kind", "metadata", "spec", "status"]


def test_kubectl_can_show_what_became_of_a_fault() -> None:
    (column,) = [one for one in FAULT.columns if one.wide]

    assert (column.name, column.value) == ("Message", "status.message")


@pytest.mark.parametrize(("type_", "field"), [("NodeCrash", "duration"), ("NetworkLatency", "delay")])
def test_a_span_of_nothing_is_refused(type_: str, field: str) -> None:
    (sentence,) = wrongs(FAULT, {"spec": {"type": type_, "target": {"node": "a"}, field: "0s"}})

    assert sentence == f'spec.{field}: Invalid value: "0s": must be longer than nothing'
