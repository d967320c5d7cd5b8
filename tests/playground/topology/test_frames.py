"""A snapshot, then only what changed."""

from __future__ import annotations

from typing import Any

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.store.clock import Clock
from clusters.store.event import Event
from playground.topology.board import Board
from playground.topology.frames import Frames, is_packed, snapshot, unpacked
from tests.playground.topology.reader import Reader

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


class Told(Frames):
    """Frames of a board, and a page that reads them from the first."""

    def __init__(self, *events: Event) -> None:
        super().__init__(Board(), "test")
        self.board.take(events)
        self.begin()
        self.page = Reader()
        self.page.take(self.snapshot(CLOCK, 0))

    def take(self, *events: Event) -> dict[str, Any] | None:
        """The frame that these lines of the log make; None where they make none."""
        self.board.take(events)
        frame = self.delta(None, 0)
        return self.page.take(frame) if frame else None

    def row(self, uid: str) -> dict[str, Any]:
        return self.page.by_id()[uid]


def test_a_snapshot_holds_every_row_and_the_clock() -> None:
    made = Frames(Board(), "test")
    made.board.take([node(1, "worker-1"), pod(2, "a")])
    made.begin()

    frame = orjson.loads(unpacked(made.snapshot(CLOCK, 6_000_000)))

    assert (frame["type"], frame["revision"], len(frame["rows"]), frame["numbers"]) == ("snapshot", 2, 2, [0, 1])
    assert frame["clock"] == {"anchorWall": 5000, "anchorCluster": 1000, "speed": 2.0, "paused": False, "wall": 6000}


def test_a_delta_holds_only_the_columns_that_changed() -> None:
    told = Told(pod(1, "a"), pod(2, "b"))

    frame = told.take(pod(3, "b", "Succeeded", "MODIFIED"), pod(4, "a", op="MODIFIED"))

    assert frame == {"frame": 1, "revision": 4, "rows": [[1, {"state": "Succeeded"}]]}
    assert told.row("pods-b")["state"] == "Succeeded"


def test_the_same_change_of_several_rows_is_told_once() -> None:
    told = Told(pod(1, "a"), pod(2, "b"))

    frame = told.take(pod(3, "b", "Succeeded", "MODIFIED"), pod(4, "a", "Succeeded", op="MODIFIED"))

    assert frame is not None
    assert frame["rows"] == [[[1, 0], {"state": "Succeeded"}]]


def test_a_new_row_is_told_by_how_it_differs_from_one_of_its_sort() -> None:
    told = Told(pod(1, "a"))

    frame = told.take(pod(2, "b"))

    assert frame is not None
    assert frame["rows"] == [[1, {"id": "pods-b", "name": "b"}, 0]]


def test_what_is_deleted_is_gone_and_its_number_is_given_again() -> None:
    told = Told(pod(1, "a"), pod(2, "b"))

    frame = told.take(pod(3, "a", op="DELETED"))
    told.take(pod(4, "c"))

    assert frame == {"frame": 1, "revision": 3, "gone": [0]}
    assert told.page.rows[0]["name"] == "c"


def test_what_came_and_went_between_two_frames_is_not_told() -> None:
    assert Told().take(pod(1, "a"), pod(2, "a", op="DELETED")) is None


def test_a_heartbeat_alone_is_no_news_and_comes_with_the_next() -> None:
    told = Told(node(1, "worker-1"), lease(2, "worker-1", 1))

    silence = told.take(lease(3, "worker-1", 2))
    told.take(event(4, "MODIFIED", "machines", "", "worker-1", power="off"))

    assert silence is None
    assert (told.row("nodes-worker-1")["beat"], told.row("nodes-worker-1")["lit"]) == (2000, False)


def endpointslice(revision: int, op: str, *uids: str) -> Event:
    labels = {"labels": {"kubernetes.io/service-name": "web"}}
    made = [{"conditions": {"ready": True}, "targetRef": {"uid": uid}} for uid in uids]
    return event(revision, op, "endpointslices", "default", "web-x", metadata=labels, endpoints=made)


def test_a_service_has_its_slices_pods_as_endpoints() -> None:
    told = Told(event(1, "ADDED", "services", "default", "web", spec={}))

    told.take(endpointslice(2, "ADDED", "u1"))
    joined = told.row("services-web")["yes"]
    told.take(endpointslice(3, "DELETED"))

    assert joined == ["u1"]
    assert told.row("services-web")["yes"] == []


def test_of_a_services_pods_only_who_came_and_who_went_is_told() -> None:
    told = Told(event(1, "ADDED", "services", "default", "web", spec={}), pod(2, "a"), pod(3, "b"))
    told.take(endpointslice(4, "ADDED", "pods-a", "far"))

    frame = told.take(endpointslice(5, "MODIFIED", "far", "pods-b"))

    assert frame is not None
    assert frame["rows"] == [[0, {"yes": {"came": [2], "went": [1]}}]]
    assert told.row("services-web")["yes"] == ["far", "pods-b"]


def test_a_clock_that_was_set_is_news() -> None:
    frame = orjson.loads(Told().delta(CLOCK, 6_000_000) or b"")

    assert frame["clock"]["speed"] == 2.0


def test_who_missed_nothing_gets_the_time() -> None:
    told = Told(pod(1, "a"))

    frame = told.page.take(told.nothing_new(CLOCK, 0))

    assert (frame["frame"], frame["revision"], "rows" in frame) == (0, 1, False)


def test_a_changed_pod_costs_few_bytes() -> None:
    told = Told(pod(1, "web-5d4f7b9c-x2x8z"))

    told.board.take([pod(2, "web-5d4f7b9c-x2x8z", "Succeeded", "MODIFIED")])

    assert len(told.delta(None, 0) or b"") < 100


def test_what_is_gone_for_long_is_forgotten() -> None:
    told = Told()

    for number in range(1500):
        owner = {"ownerReferences": [{"uid": f"owner-{number}", "controller": True}]}
        came = event(2 * number + 1, "ADDED", "pods", "default", "a", spec={"containers": []}, metadata=owner)
        told.take(came)
        told.take(pod(2 * number + 2, "a", op="DELETED"))

    assert told.page.rows == {}
    assert len(told._shown._models) <= 1002


def test_a_large_frame_is_packed() -> None:
    told = Told()

    frame = told.take(*(pod(number, f"web-{number}-{'x' * 100}") for number in range(1, 80)))
    told.board.take(pod(100 + number, f"other-{number}-{'x' * 100}") for number in range(80))
    text = told.delta(None, 0) or b""

    assert frame is not None
    assert (is_packed(text), len(text) < 4096, len(unpacked(text)) > 4096) == (True, True, True)


NAMES = st.sampled_from(["a", "b", "c", "d", "e"])
LINES = st.one_of(
    st.tuples(st.just("pods"), NAMES, st.sampled_from(["Pending", "Running", "Succeeded", "DELETED"])),
    st.tuples(st.just("services"), NAMES, st.sampled_from(["ClusterIP", "NodePort", "DELETED"])),
    st.tuples(st.just("endpointslices"), NAMES, st.lists(NAMES, unique=True)),
    st.tuples(st.just("nodes"), NAMES, st.sampled_from(["", "zone", "DELETED"])),
    st.tuples(st.just("machines"), NAMES, st.sampled_from(["on", "off", "DELETED"])),
    st.tuples(st.just("leases"), NAMES, st.integers(0, 59)),
)


def line(revision: int, resource: str, name: str, how: Any) -> Event:
    if resource == "pods":
        owner = {"ownerReferences": [{"uid": f"owner-{name < 'c'}", "controller": True}]}
        spec = {"containers": [], **({"nodeName": "a"} if how == "Running" else {})}
        return event(revision, _op(how), "pods", "default", name, spec=spec, status={"phase": how}, metadata=owner)
    if resource == "endpointslices":
        return endpointslice(revision, "MODIFIED", *(f"pods-{one}" for one in how))
    if resource == "leases":
        return lease(revision, name, how)
    if resource == "machines":
        return event(revision, _op(how), resource, "", name, power=how)
    home = "default" if resource == "services" else ""
    labels = {"labels": {"topology.kubernetes.io/zone": how}} if how == "zone" else {}
    return event(revision, _op(how), resource, home, "web" if home else name, spec={"type": how}, metadata=labels)


def _op(how: str) -> str:
    return "DELETED" if how == "DELETED" else "MODIFIED"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(LINES, max_size=6), max_size=12), st.integers(0, 11))
def test_a_snapshot_and_all_deltas_after_it_are_the_snapshot_at_the_end(frames: list[list[Any]], came: int) -> None:
    told, late, revision = Told(), Reader(), 0

    for number, lines in enumerate(frames):
        if number == came:
            late.take(told.snapshot(CLOCK, 0))
        told.board.take(line(revision := revision + 1, *one) for one in lines)
        if (text := told.delta(None, 0)) is not None:
            for page in (told.page, late) if late.board else (told.page,):
                page.take(text)

    end = Reader()
    end.take(told.snapshot(CLOCK, 0))
    assert told.page.rows == end.rows
    assert late.rows == (end.rows if late.board else {})
    alone = {row["id"]: plain(row) for row in orjson.loads(snapshot(told.board, CLOCK, 0))["rows"]}
    assert {uid: plain(row) for uid, row in end.by_id().items()} == alone


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Without what need not be told at once, and endpoints in no order."""
    return {name: sorted(value) if name in ("yes", "no") else value for name, value in row.items() if name != "beat"}
