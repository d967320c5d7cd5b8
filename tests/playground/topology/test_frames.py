"""A snapshot, then only what changed."""

from __future__ import annotations

from typing import Any

import orjson

from clusters.store.clock import Clock
from clusters.store.event import Event
from playground.topology.frames import Board, delta, nothing_new, snapshot

CLOCK = Clock(wall=5_000_000, cluster=1_000_000, speed=2.0, paused=False)


def event(revision: int, op: str, resource: str, namespace: str, name: str, **body: Any) -> Event:
    kinds = {"pods": "Pod", "nodes": "Node", "services": "Service"}
    uid = f"{resource}-{name}"
    metadata = {"name": name, "uid": uid, **({"namespace": namespace} if namespace else {}), **body.pop("metadata", {})}
    whole = {"kind": kinds.get(resource, ""), "metadata": metadata, **body}
    return Event(revision, op, "", resource, namespace, name, uid, None, "test", None, "", 0, orjson.dumps(whole))


def pod(revision: int, name: str, phase: str = "Running", op: str = "ADDED") -> Event:
    return event(revision, op, "pods", "default", name, spec={"containers": []}, status={"phase": phase})


def node(revision: int, name: str) -> Event:
    return event(revision, "ADDED", "nodes", "", name, spec={}, status={})


def lease(revision: int, name: str, second: int) -> Event:
    spec = {"renewTime": f"1970-01-01T00:00:{second:02d}.000000Z"}
    return event(revision, "MODIFIED", "leases", "kube-node-lease", name, spec=spec)


def board(*events: Event) -> Board:
    """A board whose rows the page has."""
    made = Board()
    made.take(events)
    made.rows()
    return made


def parsed(frame: bytes | None) -> dict[str, Any]:
    assert frame is not None
    return dict(orjson.loads(frame))


def test_a_snapshot_holds_every_row_and_the_clock() -> None:
    made = Board()
    made.take([node(1, "worker-1"), pod(2, "a")])

    frame = parsed(snapshot(made, CLOCK, 6_000_000))

    assert (frame["type"], frame["revision"], len(frame["rows"])) == ("snapshot", 2, 2)
    assert frame["clock"] == {"anchorWall": 5000, "anchorCluster": 1000, "speed": 2.0, "paused": False, "wall": 6000}


def test_a_delta_holds_only_what_changed() -> None:
    made = board(pod(1, "a"), pod(2, "b"))

    made.take([pod(3, "b", "Succeeded", "MODIFIED"), pod(4, "a", op="MODIFIED")])
    frame = parsed(delta(made, None, 0))

    assert [row["name"] for row in frame["rows"]] == ["b"]
    assert (frame["revision"], frame["gone"]) == (4, [])


def test_what_is_deleted_is_gone() -> None:
    made = board(pod(1, "a"))

    made.take([pod(2, "a", op="DELETED")])

    assert parsed(delta(made, None, 0))["gone"] == ["pods-a"]


def test_what_came_and_went_between_two_frames_is_not_told() -> None:
    made = board()

    made.take([pod(1, "a"), pod(2, "a", op="DELETED")])

    assert delta(made, None, 0) is None


def test_a_heartbeat_alone_is_no_news_and_comes_with_the_next() -> None:
    made = board(node(1, "worker-1"), lease(2, "worker-1", 1))

    made.take([lease(3, "worker-1", 2)])
    silence = delta(made, None, 0)
    made.take([event(4, "MODIFIED", "machines", "", "worker-1", power="off")])
    frame = parsed(delta(made, None, 0))

    assert silence is None
    assert (frame["rows"][0]["beat"], frame["rows"][0]["lit"]) == (2000, False)


def test_a_service_has_its_slices_pods_as_endpoints() -> None:
    made = board(event(1, "ADDED", "services", "default", "web", spec={}))
    endpoint = {"conditions": {"ready": True}, "targetRef": {"uid": "u1"}}
    labels = {"labels": {"kubernetes.io/service-name": "web"}}

    made.take([event(2, "ADDED", "endpointslices", "default", "web-x", metadata=labels, endpoints=[endpoint])])
    joined = parsed(delta(made, None, 0))["rows"][0]["yes"]
    made.take([event(3, "DELETED", "endpointslices", "default", "web-x", metadata=labels)])

    assert joined == ["u1"]
    assert parsed(delta(made, None, 0))["rows"][0]["yes"] == []


def test_a_clock_that_was_set_is_news() -> None:
    frame = parsed(delta(board(), CLOCK, 6_000_000))

    assert frame["clock"]["speed"] == 2.0
    assert parsed(nothing_new(9, CLOCK, 0))["revision"] == 9


def test_a_changed_pod_costs_few_bytes() -> None:
    made = board(pod(1, "web-5d4f7b9c-x2x8z"))

    made.take([pod(2, "web-5d4f7b9c-x2x8z", "Succeeded", "MODIFIED")])

    assert len(delta(made, None, 0) or b"") < 250
