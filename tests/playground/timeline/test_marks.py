"""What stands out in the log: faults, rollouts, alarms; and what is only noise."""

from __future__ import annotations

from clusters.kinds.body import Body
from playground.timeline.marks import Mark, Marker

MINUTE = 60_000_000


def marked(op: str, resource: str, body: Body, marker: Marker | None = None) -> Mark | None:
    return (marker or Marker()).mark(7, MINUTE, op, resource, body)


def named(name: str, namespace: str = "default", **fields: object) -> Body:
    return {"metadata": {"name": name, "namespace": namespace}, **fields}


def node(ready: str) -> Body:
    return {"metadata": {"name": "worker-1"}, "status": {"conditions": [{"type": "Ready", "status": ready}]}}


def event(reason: str, type_: str, kind: str = "Pod", namespace: str = "default") -> Body:
    about = {"kind": kind, "namespace": namespace, "name": "web-1"}
    return named("web-1.17", reason=reason, type=type_, involvedObject=about, message="so it is")


def test_a_fault_begins_and_is_over() -> None:
    fault = {"metadata": {"name": "crash"}, "spec": {"type": "NodeCrash", "target": {"node": "worker-2"}}}

    began, went_on, ended = (marked(op, "faults", fault) for op in ("ADDED", "MODIFIED", "DELETED"))

    assert began == Mark(7, MINUTE, "fault", "NodeCrash: cut the power of worker-2", ("faults", "", "crash"))
    assert went_on is None
    assert ended is not None
    assert ended.words == "NodeCrash is over: gave worker-2 its power back"


def test_a_fault_whose_time_is_over_has_its_end_then_and_not_when_it_is_swept() -> None:
    marker, body = Marker(), named("crash", spec={"type": "NodeCrash", "target": {"node": "worker-2"}})
    done = {**body, "status": {"phase": "Done"}}

    found = [
        marker.mark(1, 0, op, "faults", one) for op, one in (("ADDED", body), ("MODIFIED", done), ("DELETED", done))
    ]

    assert [mark.words if mark else "" for mark in found] == [
        "NodeCrash: cut the power of worker-2",
        "NodeCrash is over: gave worker-2 its power back",
        "",
    ]


def test_a_fault_that_hits_nobody_is_marked_as_such_and_is_not_over() -> None:
    marker, body = Marker(), named("dark", spec={"type": "ZoneOutage", "target": {"zone": "x"}})
    lost = {**body, "status": {"phase": "Active", "hit": [], "message": "No node has the label."}}
    story = (("ADDED", body), ("MODIFIED", lost), ("MODIFIED", lost), ("DELETED", lost))

    found = [marker.mark(number, 0, op, "faults", one) for number, (op, one) in enumerate(story)]

    assert [(mark.words, mark.instead) if mark else None for mark in found] == [
        ("ZoneOutage: cut the power of zone x", False),
        ("ZoneOutage hits nobody: No node has the label", True),
        None,
        None,
    ]


def test_a_fault_that_hits_somebody_later_is_marked_then() -> None:
    marker, body = Marker(), named("dark", spec={"type": "ZoneOutage", "target": {"zone": "x"}})
    lost = {**body, "status": {"phase": "Active", "hit": [], "message": "No node has the label."}}
    hits = {**body, "status": {"phase": "Active", "hit": [{"node": "worker-1"}], "message": "Hits 1 node: worker-1."}}
    story = (("ADDED", body), ("MODIFIED", lost), ("MODIFIED", hits), ("DELETED", hits))

    words = [mark.words for op, one in story if (mark := marker.mark(1, 0, op, "faults", one))]

    assert words[2:] == ["ZoneOutage: cut the power of zone x", "ZoneOutage is over: gave zone x its power back"]


def test_several_events_of_one_failure_are_one_alarm() -> None:
    marker = Marker()

    marks = [marker.mark(1, at, "ADDED", "events", event("Failed", "Warning")) for at in (0, 1, MINUTE)]

    assert [mark is not None for mark in marks] == [True, False, True]


def test_a_new_replicaset_is_a_rollout_of_its_deployment() -> None:
    owner = {"kind": "Deployment", "name": "web", "uid": "u", "controller": True, "apiVersion": "apps/v1"}
    body = named("web-6c4d")
    body["metadata"]["ownerReferences"] = [owner]

    found = marked("ADDED", "replicasets", body)

    assert found == Mark(7, MINUTE, "rollout", "web rolls out web-6c4d", ("deployments", "default", "web"))
    assert marked("MODIFIED", "replicasets", body) is None
    assert marked("ADDED", "replicasets", named("alone")) is None


def test_a_node_that_loses_readiness_is_an_alarm_once() -> None:
    marker = Marker()

    found = [marked("MODIFIED", "nodes", node(ready), marker) for ready in ("False", "True", "Unknown", "Unknown")]

    assert [mark.words if mark else "" for mark in found] == ["", "", "worker-1 is NotReady", ""]


def test_crash_loops_and_evictions_are_alarms() -> None:
    loops = marked("ADDED", "events", event("BackOff", "Warning"))
    evicted = marked("ADDED", "events", event("TaintManagerEviction", "Normal"))

    assert loops is not None
    assert (loops.sort, loops.words, loops.about) == (
        "alarm",
        "web-1 crashes again and again",
        ("pods", "default", "web-1"),
    )
    assert evicted is not None
    assert evicted.words == "web-1 is evicted from its node"


def test_everyday_events_are_none() -> None:
    assert marked("ADDED", "events", event("Pulled", "Normal")) is None
    assert marked("ADDED", "events", event("BackOff", "Warning", namespace="kube-system")) is None
