"""A more important pod gets room from lesser ones (Kubernetes: Pod Priority and Preemption)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, pod

PAUSE = "registry.k8s.io/pause:3.10"
TAINTED = "1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }"


def priority(name: str, value: int, **more: Any) -> Body:
    head = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}}
    return {**head, "value": value, **more}


def asking(name: str, class_: str = "", cpu: str = "3", labels: Any = None, **spec: Any) -> Body:
    wanted = {"terminationGracePeriodSeconds": 10, **({"priorityClassName": class_} if class_ else {}), **spec}
    slowly = {"preStop": {"sleep": {"seconds": 8}}}
    made = pod(name, PAUSE, resources={"requests": {"cpu": cpu}}, lifecycle=slowly, spec=wanted)
    return {**made, "metadata": {**made["metadata"], "labels": labels or {"app": name}}}


def budget(name: str, labels: dict[str, str], least: int) -> Body:
    spec = {"minAvailable": least, "selector": {"matchLabels": labels}}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": name}, "spec": spec}


@pytest.fixture
def sim() -> Sim:
    """One pod of 3 CPU fits each of the three workers."""
    classes = (priority("low", 10), priority("middle", 100), priority("high", 1000))
    return Sim(nodes=3).apply(*classes, priority("polite", 1000, preemptionPolicy="Never")).settle()


def seat(sim: Sim, name: str) -> str:
    return str(dig(sim.get("pods", name), "spec.nodeName", ""))


def message(sim: Sim, name: str) -> str:
    return str((condition_of(sim.get("pods", name), "PodScheduled") or {}).get("message"))


def full(sim: Sim, *names: str, class_: str = "low", **more: Any) -> Sim:
    for name in names:
        sim.apply(asking(name, class_, **more)).settle()
    return sim


def test_a_more_important_pod_takes_the_room_of_a_lesser_one(sim: Sim) -> None:
    full(sim, "a", "b", "c")

    sim.apply(asking("vip", "high")).settle(quiet=15)

    gone = [name for name in "abc" if sim.find("pods", name) is None]
    assert len(gone) == 1
    assert seat(sim, "vip") != ""


def test_the_victim_is_told_and_goes_with_its_own_grace(sim: Sim) -> None:
    full(sim, "a", "b", "c")

    sim.apply(asking("vip", "high")).run(2)

    (victim,) = [one for one in sim.pods() if is_deleting(one)]
    assert victim["metadata"]["deletionGracePeriodSeconds"] == 10
    target = condition_of(victim, "DisruptionTarget")
    assert target is not None
    assert (target["status"], target["reason"]) == ("True", "PreemptionByScheduler")
    assert target["message"] == "default-scheduler: preempting to accommodate a higher priority pod"
    vip = sim.get("pods", "vip")
    (event,) = sim.events("Preempted")
    assert event["involvedObject"]["name"] == victim["metadata"]["name"]
    told = f"Preempted by pod {vip['metadata']['uid']} on node {victim['spec']['nodeName']}"
    assert (event["type"], event["message"]) == ("Normal", told)
    assert vip["status"]["nominatedNodeName"] == victim["spec"]["nodeName"]
    assert sim.events("FailedScheduling", "vip")[0]["message"] == (
        f"0/4 nodes are available: {TAINTED}, 3 Insufficient cpu."
    )


def test_the_pod_gets_the_node_that_was_made_free_for_it(sim: Sim) -> None:
    full(sim, "a", "b", "c")
    sim.apply(asking("vip", "high")).run(2)
    promised = sim.get("pods", "vip")["status"]["nominatedNodeName"]

    sim.settle(quiet=15)

    assert seat(sim, "vip") == promised


def test_equal_pods_preempt_nobody(sim: Sim) -> None:
    full(sim, "a", "b", "c")

    sim.apply(asking("late", "low")).settle()

    assert message(sim, "late") == (
        f"0/4 nodes are available: {TAINTED}, 3 Insufficient cpu. no new claims to deallocate, preemption: "
        "0/4 nodes are available: 1 Preemption is not helpful for scheduling, "
        "3 No preemption victims found for incoming pod."
    )


def test_a_pod_of_policy_never_waits_for_its_turn(sim: Sim) -> None:
    full(sim, "a", "b", "c")

    sim.apply(asking("late", "polite")).settle()

    assert message(sim, "late").endswith("preemption: not eligible due to preemptionPolicy=Never.")
    assert len(sim.running()) >= 3


def test_a_pod_of_policy_never_is_before_lesser_ones_in_the_queue(sim: Sim) -> None:
    full(sim, "a", "b", "c", class_="high")
    sim.apply(asking("lesser", "low")).settle().apply(asking("polite", "polite")).settle(quiet=12)

    sim.delete("pods", "b").settle(quiet=12)

    assert (seat(sim, "polite") != "", seat(sim, "lesser")) == (True, "")


def test_the_node_with_the_least_important_victim_is_chosen(sim: Sim) -> None:
    full(sim, "a", class_="middle")
    full(sim, "b", class_="low")
    full(sim, "c", class_="middle")

    sim.apply(asking("vip", "high")).settle(quiet=15)

    assert sim.find("pods", "b") is None
    assert {seat(sim, "a"), seat(sim, "c")} | {seat(sim, "vip")} == {"worker-1", "worker-2", "worker-3"}


def test_a_disruption_budget_is_kept_where_another_victim_will_do(sim: Sim) -> None:
    sim.apply(budget("keep", {"tier": "db"}, 1))
    full(sim, "a", "c", labels={"tier": "web"}, class_="middle")
    full(sim, "b", labels={"tier": "db"}, class_="low")

    sim.apply(asking("vip", "high")).settle(quiet=15)

    assert sim.find("pods", "b") is not None
    assert seat(sim, "vip") != ""


def test_a_disruption_budget_is_broken_where_nothing_else_helps(sim: Sim) -> None:
    sim.apply(budget("keep", {"tier": "db"}, 3))
    full(sim, "a", "b", "c", labels={"tier": "db"})

    sim.apply(asking("vip", "high")).settle(quiet=15)

    assert seat(sim, "vip") != ""


def test_no_more_pods_go_than_must(sim: Sim) -> None:
    for node in ("worker-2", "worker-3"):
        sim.patch("nodes", node, "spec.unschedulable", True)
    for name, class_ in (("a", "low"), ("b", "middle"), ("c", "low")):
        sim.apply(asking(name, class_, cpu="1")).settle()

    sim.apply(asking("vip", "high", cpu="1500m")).settle(quiet=15)

    assert sim.find("pods", "b") is not None
    assert len([name for name in "ac" if sim.find("pods", name)]) == 1


def test_a_pod_whose_need_no_going_can_meet_preempts_nobody(sim: Sim) -> None:
    full(sim, "a", "b", "c")

    sim.apply(asking("vip", "high", cpu="30")).settle()

    assert message(sim, "vip").endswith(
        "preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling."
    )


def test_another_pod_does_not_take_the_room_that_was_promised(sim: Sim) -> None:
    full(sim, "a", "b", "c")
    sim.apply(asking("vip", "high")).run(2)

    sim.apply(asking("late", "middle")).run(3)
    sim.settle(quiet=15)

    assert seat(sim, "vip") != ""
    # the one in between had to make a victim of its own
    assert len([name for name in "abc" if sim.find("pods", name)]) == 1


def test_a_victim_that_takes_its_time_is_waited_for(sim: Sim) -> None:
    full(sim, "a", "b", "c")
    sim.apply(asking("vip", "high")).run(2)
    spare = next(name for name in "abc" if not is_deleting(sim.get("pods", name)))

    sim.patch("nodes", sim.get("pods", spare)["spec"]["nodeName"], "spec.unschedulable", True).run(3)

    assert message(sim, "vip").endswith("preemption: not eligible due to a terminating pod on the nominated node.")
    assert sim.settle(quiet=15).find("pods", spare) is not None
    assert seat(sim, "vip") != ""
    assert len(sim.events("Preempted")) == 1


def test_what_is_said_twice_of_a_preemption_is_written_once(sim: Sim) -> None:
    full(sim, "a", "b", "c")
    sim.apply(asking("vip", "high")).run(2)
    before = len(sim.log)

    sim.restart().run(1)

    again = [entry for entry in sim.log[before:] if entry.actor == "default-scheduler"]
    assert [entry for entry in again if entry.change.op == "DELETED"] == []
    assert len(sim.events("Preempted")) == 1
