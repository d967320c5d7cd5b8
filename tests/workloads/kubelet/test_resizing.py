"""Other resources for a pod that runs (Kubernetes: Resize CPU and Memory Resources assigned to Containers)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, put
from clusters.kinds.problem import Status
from clusters.reconcile.writes import Update
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import container, messages, sandbox

PAUSE = "registry.k8s.io/pause:3.10"


def asks(cpu: str, memory: str) -> Body:
    both = {"cpu": cpu, "memory": memory}
    return {"requests": dict(both), "limits": dict(both)}


@pytest.fixture
def sim() -> Sim:
    policy = [
        {"resourceName": "cpu", "restartPolicy": "NotRequired"},
        {"resourceName": "memory", "restartPolicy": "RestartContainer"},
    ]
    sim = Sim(nodes=1)
    return sim.apply(pod("demo", PAUSE, resources=asks("700m", "200Mi"), resizePolicy=policy)).settle()


def resize(sim: Sim, resources: Body, name: str = "demo") -> Sim:
    body = sim.get("pods", name)
    containers = [{**body["spec"]["containers"][0], "resources": resources}]
    return sim.write(Update("pods", put(body, "spec.containers", containers), subresource="resize"))


def conditions(sim: Sim, name: str = "demo") -> dict[str, Any]:
    return {c["type"]: c for c in sim.get("pods", name)["status"]["conditions"]}


def test_a_running_container_says_what_it_was_given(sim: Sim) -> None:
    status = container(sim, "demo")

    assert status["resources"] == asks("700m", "200Mi")
    assert status["allocatedResources"] == {"cpu": "700m", "memory": "200Mi"}


def test_cpu_is_changed_without_a_restart(sim: Sim) -> None:
    resize(sim, asks("800m", "200Mi")).settle()

    status = container(sim, "demo")
    assert status["restartCount"] == 0
    assert status["resources"]["limits"]["cpu"] == "800m"
    assert status["allocatedResources"]["cpu"] == "800m"
    assert sandbox(sim, "demo")["containers"]["demo"]["run"]["allowance"] == 800
    assert sim.get("pods", "demo")["status"]["observedGeneration"] == sim.get("pods", "demo")["metadata"]["generation"]


def test_memory_is_changed_by_a_restart_where_the_policy_asks_for_one(sim: Sim) -> None:
    resize(sim, asks("700m", "300Mi")).settle()

    status = container(sim, "demo")
    assert status["restartCount"] == 1
    assert status["resources"]["limits"]["memory"] == "300Mi"
    assert messages(sim, "Killing", "demo") == ["Container demo resize requires restart"]


def test_what_no_node_could_give_is_infeasible(sim: Sim) -> None:
    resize(sim, asks("1k", "200Mi")).settle()

    pending = conditions(sim)["PodResizePending"]
    assert (pending["status"], pending["reason"]) == ("True", "Infeasible")
    assert pending["message"] == "Node didn't have enough capacity: cpu, requested: 1000000, capacity: 4000"
    assert container(sim, "demo")["resources"] == asks("700m", "200Mi")


def test_what_the_node_cannot_give_now_is_deferred_until_there_is_room(sim: Sim) -> None:
    sim.apply(pod("other", PAUSE, resources={"requests": {"cpu": "3"}})).settle()

    resize(sim, asks("2", "200Mi")).settle()
    pending = conditions(sim)["PodResizePending"]
    sim.delete("pods", "other").run(5)

    assert pending["reason"] == "Deferred"
    assert pending["message"] == "Node didn't have enough resource: cpu, requested: 2000, used: 3000, capacity: 4000"
    assert "PodResizePending" not in conditions(sim)
    assert container(sim, "demo")["resources"]["limits"]["cpu"] == "2"


def test_a_memory_limit_below_what_is_used_is_an_error_that_is_told() -> None:
    sim = Sim(nodes=1)
    args = ["--vm", "1", "--vm-bytes", "100M", "--vm-hang", "1"]
    sim.apply(pod("demo", "polinux/stress", command=["stress"], args=args, resources=asks("1", "200Mi"))).settle()

    resize(sim, asks("1", "50Mi")).settle()

    told = conditions(sim)["PodResizeInProgress"]
    assert (told["status"], told["reason"]) == ("True", "Error")
    assert "below current usage" in told["message"]
    assert container(sim, "demo")["resources"] == asks("1", "200Mi")
    assert container(sim, "demo")["allocatedResources"]["memory"] == "50Mi"


@pytest.mark.parametrize(
    ("resources", "message"),
    [
        ({"requests": asks("1", "1Gi")["requests"]}, "resource limits cannot be removed"),
        ({**asks("700m", "200Mi"), "requests": {"cpu": "600m", "memory": "200Mi"}}, "Pod QOS Class may not change"),
        (put(asks("700m", "200Mi"), "limits.ephemeral-storage", "1Gi"), "only cpu and memory resources are mutable"),
    ],
)
def test_a_resize_changes_amounts_and_nothing_else(sim: Sim, resources: Body, message: str) -> None:
    with pytest.raises(Status) as refused:
        resize(sim, resources)

    assert message in refused.value.message


def test_resources_come_through_their_subresource_alone(sim: Sim) -> None:
    body = sim.get("pods", "demo")
    containers = [{**body["spec"]["containers"][0], "resources": asks("800m", "200Mi")}]

    with pytest.raises(Status) as refused:
        sim.write(Update("pods", put(body, "spec.containers", containers)))

    assert "pod updates may not change fields other than" in refused.value.message


def test_a_resized_pod_is_the_same_under_a_new_worker(sim: Sim) -> None:
    resize(sim, asks("800m", "200Mi")).run(0)
    sim.restart().settle()
    resize(sim, asks("1k", "200Mi"))
    sim.restart().settle()

    assert container(sim, "demo")["resources"] == asks("800m", "200Mi")
    assert conditions(sim)["PodResizePending"]["reason"] == "Infeasible"
