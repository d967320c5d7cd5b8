"""What the board joins: the truth of machines and sandboxes, custom resources; and what it survives."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from playground.topology.board import Board
from playground.topology.others import other_row

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "namespace": "default", "uid": "u1"},
    "spec": {"nodeName": "worker-1", "containers": [{"name": "web"}]},
    "status": {"phase": "Running", "containerStatuses": [{"name": "web", "state": {"running": {"startedAt": "x"}}}]},
}
NODE = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-1", "uid": "n1"}, "spec": {}, "status": {}}


def box(uid: str = "u1", *running: str, node: str = "worker-1", **more: Any) -> Body:
    metadata = {"namespace": node, "name": uid, "uid": f"box-{uid}"}
    containers = {name: {"run": None} for name in running}
    named = {"namespace": "default", "name": "web"}
    return {"metadata": metadata, "uid": uid, "pod": named, "running": list(running), "containers": containers, **more}


def machine(name: str = "worker-1", power: str = "on", **more: Any) -> Body:
    return {"metadata": {"name": name, "uid": f"machine-{name}"}, "power": power, **more}


@pytest.fixture
def board() -> Board:
    made = Board()
    made.put("nodes", "", "worker-1", NODE)
    made.put("machines", "", "worker-1", machine())
    made.put("pods", "default", "web", POD)
    made.put("sandboxes", "worker-1", "u1", box("u1", "web"))
    return made


def row(board: Board, uid: str) -> dict[str, Any]:
    return next((one for one in board.rows() if one["id"] == uid), {})


def test_where_truth_and_belief_agree_nothing_is_said(board: Board) -> None:
    assert "up" not in row(board, "u1")
    assert row(board, "n1")["lit"] is True


def test_a_sandbox_without_a_pod_is_true_without_being_believed(board: Board) -> None:
    board.drop("pods", "default", "web", "u1")

    left = row(board, "u1")
    board.drop("sandboxes", "worker-1", "u1", "box-u1")

    assert left == {
        "id": "u1", "kind": "Pod", "ns": "default", "name": "web", "node": "worker-1", "orphan": True, "up": 1,
    }  # fmt: skip
    assert row(board, "u1") == {}


def test_a_sandbox_without_a_pod_in_which_nothing_runs_is_not_shown(board: Board) -> None:
    board.drop("pods", "default", "web", "u1")
    board.rows()

    board.put("sandboxes", "worker-1", "u1", box("u1"))

    assert row(board, "u1") == {}


def test_the_pod_that_takes_its_name_is_another_one(board: Board) -> None:
    board.drop("pods", "default", "web", "u1")
    board.put("pods", "default", "web", {**POD, "metadata": {**POD["metadata"], "uid": "u2"}})  # type: ignore[dict-item]
    board.put("sandboxes", "worker-1", "u2", box("u2", "web"))

    assert row(board, "u1")["orphan"] is True
    assert "orphan" not in row(board, "u2")


def test_a_pod_whose_sandbox_is_gone_runs_nowhere(board: Board) -> None:
    board.drop("sandboxes", "worker-1", "u1", "box-u1")

    assert row(board, "u1")["up"] == 0


def test_a_machine_that_is_cut_off_or_hangs_is_told_at_once(board: Board) -> None:
    board.put("machines", "", "worker-1", machine(cut=5))
    cut = row(board, "n1")
    board.put("machines", "", "worker-1", machine(power="frozen"))
    frozen = row(board, "n1")

    assert (cut["lit"], cut["cut"]) == (True, True)
    assert (frozen["lit"], frozen["power"]) == (False, "frozen")


def test_a_custom_resource_is_told_by_its_conditions(board: Board) -> None:
    shop: Body = {
        "apiVersion": "acme.io/v1",
        "kind": "Shop",
        "metadata": {"name": "corner", "namespace": "default", "uid": "s1"},
        "status": {"conditions": [{"type": "Open", "status": "False", "reason": "Sunday"}, "nonsense", {}]},
    }
    board.put("shops", "default", "corner", shop)
    told = row(board, "s1")
    board.put("shops", "default", "corner", {**shop, "status": {}})

    assert (told["kind"], told["conditions"]) == ("Shop", [["Open", "False", "Sunday"]])
    assert row(board, "s1") == {}


def test_another_groups_service_is_none_of_kubernetes(board: Board) -> None:
    knative: Body = {
        "apiVersion": "serving.knative.dev/v1",
        "kind": "Service",
        "metadata": {"name": "hello", "namespace": "default", "uid": "k1"},
        "status": {"conditions": [{"type": "Ready", "status": "True"}]},
    }
    board.put("services", "default", "hello", knative)
    board.put("machines", "default", "worker-1", {**knative, "apiVersion": "cluster.x-k8s.io/v1", "kind": "Machine"})

    assert row(board, "k1")["kind"] == "Machine.cluster.x-k8s.io"
    assert row(board, "n1")["lit"] is True


def test_what_says_nothing_has_no_row() -> None:
    for status in (None, {}, {"conditions": None}, {"conditions": "x"}, {"conditions": [3]}):
        metadata = {"name": "a", "uid": "a"}
        assert other_row({"apiVersion": "acme.io/v1", "kind": "Shop", "metadata": metadata, "status": status}) is None


def test_an_object_that_cannot_be_read_spoils_no_other(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    for _ in range(3):
        board.put("pods", "default", "web", {**POD, "spec": None})
    board.put("sandboxes", "worker-1", "u1", {**box("u1", "web"), "containers": {}})
    board.put("pods", "default", "web", POD)

    assert row(board, "u1")["state"] == "Running"
    assert row(board, "n1")["lit"] is True
    assert len(caplog.records) == 2


def test_what_cannot_be_measured_is_not_tried_again_and_again(board: Board, caplog: pytest.LogCaptureFixture) -> None:
    board.put("sandboxes", "worker-1", "u1", {**box("u1", "web"), "containers": {"web": {"run": {"at": 1}}}})

    for second in range(3):
        board.measure(second * 1_000_000)

    assert len(caplog.records) == 1


def test_a_copy_goes_its_own_way(board: Board) -> None:
    twin = board.copy()

    twin.drop("pods", "default", "web", "u1")
    twin.put("machines", "", "worker-1", machine(power="off"))

    assert row(board, "u1")["state"] == "Running"
    assert (row(board, "n1")["lit"], row(twin, "n1")["lit"]) == (True, False)
