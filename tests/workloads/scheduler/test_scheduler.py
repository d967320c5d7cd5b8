"""kube-scheduler binds waiting pods, and says why it cannot."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, dig, put
from clusters.reconcile.conditions import condition_of
from clusters.reconcile.writes import SetStatus
from tests.sim import Sim, deployment, fault, pod, replicaset

PAUSE = "registry.k8s.io/pause:3.10"
CONTROL_PLANE = "{node-role.kubernetes.io/control-plane: }"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=3)


def asking(name: str, **requests: str) -> Body:
    return pod(name, PAUSE, resources={"requests": requests})


def seat(sim: Sim, name: str) -> str:
    return str(dig(sim.get("pods", name), "spec.nodeName", ""))


def message(sim: Sim, name: str) -> str:
    found = condition_of(sim.get("pods", name), "PodScheduled")
    assert found is not None
    return str(found.get("message"))


def cordon(sim: Sim, *nodes: str) -> Sim:
    for node in nodes:
        sim.patch("nodes", node, "spec.unschedulable", True)
    return sim.settle()


def test_a_pod_is_bound_and_it_is_told(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE)).settle()

    node = seat(sim, "web")
    assert node.startswith("worker-")
    (event,) = sim.events("Scheduled", "web")
    assert event["message"] == f"Successfully assigned default/web to {node}"
    assert event["source"] == {"component": "default-scheduler"}
    scheduled = condition_of(sim.get("pods", "web"), "PodScheduled")
    assert scheduled is not None
    assert scheduled["status"] == "True"


def test_pods_of_a_workload_spread_over_the_nodes(sim: Sim) -> None:
    sim.apply(deployment("web", 6, image=PAUSE)).settle()

    seats = [dig(one, "spec.nodeName") for one in sim.pods("web")]
    assert sorted(map(seats.count, ("worker-1", "worker-2", "worker-3"))) == [2, 2, 2]


def test_a_pod_that_asks_for_too_much_waits_and_says_why(sim: Sim) -> None:
    sim.apply(asking("big", cpu="5")).settle()

    told = (
        f"0/4 nodes are available: 1 node(s) had untolerated taint {CONTROL_PLANE}, 3 Insufficient cpu. "
        "no new claims to deallocate, preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling."
    )
    assert message(sim, "big") == told
    scheduled = condition_of(sim.get("pods", "big"), "PodScheduled")
    assert scheduled is not None
    assert (scheduled["status"], scheduled["reason"]) == ("False", "Unschedulable")
    (event,) = sim.events("FailedScheduling", "big")
    assert (event["type"], event["message"]) == ("Warning", told)


def test_each_resource_that_lacks_is_counted(sim: Sim) -> None:
    sim.apply(asking("big", cpu="5", memory="9Gi")).settle()

    assert "3 Insufficient cpu, 3 Insufficient memory" in message(sim, "big")


def test_a_pod_that_room_is_taken_from_waits_until_it_is_free(sim: Sim) -> None:
    for number in range(3):
        sim.apply(asking(f"first-{number}", cpu="3")).settle()
    sim.apply(asking("late", cpu="3")).settle()
    assert "3 Insufficient cpu" in message(sim, "late")
    assert "3 No preemption victims found for incoming pod" in message(sim, "late")

    sim.delete("pods", "first-1").settle(quiet=35)

    assert seat(sim, "late") != ""


def test_what_cannot_help_a_waiting_pod_does_not_wake_it(sim: Sim) -> None:
    sim.apply(asking("big", cpu="5")).settle()
    before = len(sim.log)

    sim.apply(pod("other", PAUSE)).run(70)

    assert [e for e in sim.log[before:] if e.actor == "default-scheduler" and e.change.key.name == "big"] == []


def test_a_new_node_gets_the_waiting_pods(sim: Sim) -> None:
    cordon(sim, "worker-1", "worker-2", "worker-3")
    sim.apply(pod("web", PAUSE)).settle()
    assert seat(sim, "web") == ""

    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-4"}}
    sim.apply(node).settle()

    assert seat(sim, "web") == "worker-4"


def test_a_cordoned_node_gets_no_pods(sim: Sim) -> None:
    cordon(sim, "worker-1", "worker-2", "worker-3")

    sim.apply(pod("web", PAUSE)).settle()

    assert message(sim, "web").startswith(
        f"0/4 nodes are available: 1 node(s) had untolerated taint {CONTROL_PLANE}, 3 node(s) were unschedulable."
    )


def test_an_uncordoned_node_gets_the_waiting_pods(sim: Sim) -> None:
    cordon(sim, "worker-1", "worker-2", "worker-3").apply(pod("web", PAUSE)).settle()

    sim.patch("nodes", "worker-2", "spec.unschedulable", False).settle()

    assert seat(sim, "web") == "worker-2"


def test_a_toleration_opens_a_tainted_node(sim: Sim) -> None:
    cordon(sim, "worker-1", "worker-2", "worker-3")
    bears = {"tolerations": [{"key": "node-role.kubernetes.io/control-plane", "operator": "Exists"}]}

    sim.apply(pod("web", PAUSE, spec=bears)).settle()

    assert seat(sim, "web") == "control-plane"


def test_a_node_selector_chooses(sim: Sim) -> None:
    sim.patch("nodes", "worker-2", "metadata.labels.disk", "ssd")

    sim.apply(pod("web", PAUSE, spec={"nodeSelector": {"disk": "ssd"}})).settle()

    assert seat(sim, "web") == "worker-2"


def test_a_label_that_is_missing_is_waited_for(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE, spec={"nodeSelector": {"disk": "ssd"}})).settle()
    assert "3 node(s) didn't match Pod's node affinity/selector" in message(sim, "web")

    sim.patch("nodes", "worker-3", "metadata.labels.disk", "ssd").settle()

    assert seat(sim, "web") == "worker-3"


def test_a_host_port_is_given_once_a_node(sim: Sim) -> None:
    ports = [{"containerPort": 80, "hostPort": 8080}]
    for number in range(4):
        sim.apply(pod(f"web-{number}", PAUSE, ports=ports)).settle()

    seats = [seat(sim, f"web-{number}") for number in range(4)]
    assert sorted(seats) == ["", "worker-1", "worker-2", "worker-3"]
    waiting = f"web-{seats.index('')}"
    assert "3 node(s) didn't have free ports for the requested pod ports" in message(sim, waiting)


def test_without_a_scheduler_pods_stay_pending_without_a_word(sim: Sim) -> None:
    sim.crash("control-plane").run(1)

    sim.apply(pod("web", PAUSE)).settle()

    assert condition_of(sim.get("pods", "web"), "PodScheduled") is None
    assert sim.word(sim.get("pods", "web")) == "Pending"


def test_a_scheduler_that_comes_back_binds_what_waited(sim: Sim) -> None:
    sim.crash("control-plane").run(1).apply(pod("web", PAUSE)).settle()

    sim.delete("faults", "crash-control-plane").settle()

    assert seat(sim, "web") != ""


def test_a_finished_pod_takes_no_room(sim: Sim) -> None:
    for number in range(3):
        sim.apply(asking(f"first-{number}", cpu="3")).settle()
    first = sim.get("pods", "first-0")
    sim.apply(asking("late", cpu="3")).settle()

    sim.write(SetStatus("pods", first, {**first["status"], "phase": "Succeeded"})).settle()

    assert seat(sim, "late") == seat(sim, "first-0")


def test_another_scheduler_s_pods_are_left_alone(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE, spec={"schedulerName": "mine"})).settle()

    assert seat(sim, "web") == ""
    assert sim.events("FailedScheduling") == []


def test_required_node_affinity_is_kept(sim: Sim) -> None:
    sim.patch("nodes", "worker-1", "metadata.labels.tier", "3").patch("nodes", "worker-2", "metadata.labels.tier", "7")
    term = {"matchExpressions": [{"key": "tier", "operator": "Gt", "values": ["5"]}]}
    wanted = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [term]}}

    sim.apply(pod("web", PAUSE, spec={"affinity": {"nodeAffinity": wanted}})).settle()

    assert seat(sim, "web") == "worker-2"


def test_a_preferred_node_wins(sim: Sim) -> None:
    sim.patch("nodes", "worker-3", "metadata.labels.disk", "ssd")
    term = {"matchExpressions": [{"key": "disk", "operator": "In", "values": ["ssd"]}]}
    wish = {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "preference": term}]}

    sim.apply(pod("web", PAUSE, spec={"affinity": {"nodeAffinity": wish}})).settle()

    assert seat(sim, "web") == "worker-3"


def test_a_hard_spread_constraint_refuses_the_fuller_node(sim: Sim) -> None:
    constraint = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "DoNotSchedule",
        "labelSelector": {"matchLabels": {"app": "web"}},
    }
    wanted = put(replicaset("web", 4, image=PAUSE), "spec.template.spec.topologySpreadConstraints", [constraint])
    cordon(sim, "worker-3").apply(wanted).settle()

    told = [message(sim, one["metadata"]["name"]) for one in sim.pods("web") if not dig(one, "spec.nodeName")]
    # the cordoned node stays empty, so that the others may have one each
    assert len(told) == 2
    assert "2 node(s) didn't match pod topology spread constraints" in told[0]


def test_a_pod_that_is_deleted_while_it_waits_is_forgotten(sim: Sim) -> None:
    sim.apply(asking("big", cpu="5")).settle()

    sim.delete("pods", "big").settle()

    assert sim.find("pods", "big") is None


def test_nodes_that_crashed_get_no_pods(sim: Sim) -> None:
    sim.apply(fault("NodeCrash", "one", node="worker-1"), fault("NodeCrash", "two", node="worker-2")).run(8)

    sim.apply(deployment("web", 3, image=PAUSE)).settle()

    assert {dig(one, "spec.nodeName") for one in sim.pods("web")} == {"worker-3"}


def test_looking_again_without_need_writes_nothing(sim: Sim) -> None:
    sim.apply(asking("big", cpu="5"), pod("web", PAUSE)).settle()
    before = len(sim.log)

    sim.restart().settle(quiet=1)

    assert [entry for entry in sim.log[before:] if entry.actor == "default-scheduler"] == []


def test_when_room_for_all_comes_all_that_wait_are_bound(sim: Sim) -> None:
    cordon(sim, "worker-1", "worker-2", "worker-3")
    sim.apply(deployment("web", 9, image=PAUSE), deployment("api", 5, image=PAUSE)).settle()
    assert sim.running() == [one for one in sim.running() if one["metadata"]["namespace"] != "default"]

    sim.patch("nodes", "worker-2", "spec.unschedulable", False).settle()

    assert len(sim.running("web")) == 9
    assert len(sim.running("api")) == 5


def test_one_freed_place_costs_one_try_for_pods_that_are_alike(sim: Sim) -> None:
    asks = {"requests": {"cpu": "1900m"}}
    sim.apply(replicaset("web", 40, image=PAUSE, resources=asks)).settle()
    assert len(sim.running("web")) == 6
    before = len(sim.log)

    sim.delete("pods", sim.running("web")[0]).settle()

    tried = [e for e in sim.log[before:] if e.actor == "default-scheduler" and e.change.kind.plural == "pods"]
    # the next one in line got the place; the replacement was told that it has to wait
    assert len(tried) == 2
    assert len(sim.running("web")) == 6


def test_pods_that_wait_are_told_when_the_reason_changes(sim: Sim) -> None:
    sim.apply(replicaset("web", 3, image=PAUSE, resources={"requests": {"cpu": "9"}})).settle()

    sim.patch("nodes", "worker-3", "spec.unschedulable", True).settle()

    for one in sim.pods("web"):
        assert "1 node(s) were unschedulable, 2 Insufficient cpu" in message(sim, one["metadata"]["name"])


def test_a_gated_pod_waits_until_its_gates_are_gone(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE, spec={"schedulingGates": [{"name": "example.com/ready"}]})).settle()
    assert sim.word(sim.get("pods", "web")) == "SchedulingGated"
    assert seat(sim, "web") == ""

    sim.patch("pods", "web", "spec.schedulingGates", []).settle()

    assert seat(sim, "web") != ""
