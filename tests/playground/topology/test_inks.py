"""The third ink over real stories: machines that are cut off or hang, and what they truly run."""

from __future__ import annotations

from typing import Any

from playground.topology.board import RESOURCES, Board
from tests.sim import Sim, fault, pod


def board(sim: Sim, *, goes_back: bool = True) -> Board:
    made = Board(goes_back=goes_back)
    for resource in RESOURCES:
        for body in sim.list(resource):
            metadata = body["metadata"]
            made.put(resource, metadata.get("namespace") or "", metadata["name"], body)
    made.measure(sim.now)
    return made


def rows(sim: Sim, kind: str) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in board(sim).rows() if row["kind"] == kind}


def begun() -> tuple[Sim, str]:
    sim = Sim().apply(pod("web")).settle()
    sim.run(20)
    return sim, sim.get("pods", "web")["spec"]["nodeName"]


def test_who_is_deleted_by_force_while_his_machine_is_cut_off_runs_on() -> None:
    sim, node = begun()
    sim.apply(fault("NodePartition", "cut", node=node)).run(5)

    sim.delete("pods", "web", grace=0).run(10)
    left, cut = rows(sim, "Pod")["web"], rows(sim, "Node")[node]
    sim.delete("faults", "cut").run(60)

    assert (left["orphan"], left["up"], left["node"], "state" in left) == (True, 1, node, False)
    assert left["use"][1] > 0
    assert (cut["cut"], cut["lit"]) == (True, True)
    assert "web" not in rows(sim, "Pod")


def test_a_machine_that_hangs_remembers_all_and_does_nothing() -> None:
    sim, node = begun()
    before = rows(sim, "Pod")["web"]["use"]

    sim.apply(fault("NodeFreeze", "ice", node=node)).run(20)

    assert rows(sim, "Pod")["web"]["use"] == [0, before[1]]
    assert rows(sim, "Node")[node]["power"] == "frozen"


def test_what_a_fault_makes_spin_is_seen_to_spin() -> None:
    sim, _ = begun()

    sim.apply(fault("CPUHog", "hog", namespace="default", pod="web")).run(20)

    assert rows(sim, "Pod")["web"]["use"][0] > 900


def test_a_moment_before_is_told_as_it_was() -> None:
    sim = Sim().apply(pod("web")).settle()
    early, begun = sim.now, board(sim)
    fresh = [row.get("use") for row in begun.rows()]

    begun.measure(early + 60_000_000)
    later = [row.get("use") for row in begun.rows()]
    begun.measure(early)

    assert later != fresh
    assert [row.get("use") for row in begun.rows()] == fresh


def test_who_is_asked_to_go_is_no_orphan_on_his_way() -> None:
    sim, _ = begun()

    seen = []
    sim.delete("pods", "web")
    for _ in range(40):
        sim.run(1)
        seen += [row for row in board(sim).rows() if row.get("orphan")]

    assert seen == []
    assert "web" not in rows(sim, "Pod")


def test_what_rests_need_not_be_read_again_for_a_moment_since_when_it_rests() -> None:
    sim = Sim().apply(pod("web")).settle()
    begun, rested, now = sim.now, sim.now + 30_000_000, sim.now + 600_000_000
    place = (sim.get("pods", "web")["spec"]["nodeName"], sim.get("pods", "web")["metadata"]["uid"])
    shown, whole = board(sim, goes_back=False), board(sim)
    shown.measure(now)

    copy = shown.copy()

    assert place not in copy.machines.let_go(rested)
    assert place in copy.machines.let_go(begun)
    for one in (copy, whole):
        one.measure(rested)
    assert [row.get("use") for row in copy.rows()] == [row.get("use") for row in whole.rows()]


def test_what_is_measured_while_it_is_read_is_the_same_as_what_is_measured_at_once() -> None:
    sim = Sim().apply(pod("web")).apply(pod("other")).settle()
    now, whole, parts = sim.now + 600_000_000, board(sim, goes_back=False), board(sim, goes_back=False)
    whole.measure(now)

    parts.measure(now, fresh=True)
    parts.measure(now)

    assert [row.get("use") for row in parts.rows()] == [row.get("use") for row in whole.rows()]
    assert any(row.get("use") for row in parts.rows())
