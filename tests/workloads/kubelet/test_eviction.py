"""A node that runs short of memory or disk, and pods that write more than they may."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import SECOND
from tests.sim import Sim, fault, pod
from tests.workloads.kubelet.reading import condition, container, messages, sandbox, times

STRESS = "polinux/stress"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def hog(name: str, size: str, request: str = "", **spec: object) -> Body:
    """A pod that takes so much memory and keeps it."""
    asks = {"resources": {"requests": {"memory": request}}} if request else {}
    args = ["--vm", "1", "--vm-bytes", size, "--vm-hang", "1"]
    placed = {"nodeName": "worker-1", "restartPolicy": "Never", **spec}
    return pod(name, STRESS, command=["stress"], args=args, spec=placed, **asks)


def node_condition(sim: Sim, type_: str) -> Body:
    found: Body = next(c for c in sim.get("nodes", "worker-1")["status"]["conditions"] if c["type"] == type_)
    return found


def taints(sim: Sim) -> list[str]:
    return [taint["key"] for taint in sim.get("nodes", "worker-1")["spec"].get("taints") or ()]


def test_a_container_over_its_memory_limit_is_oom_killed_and_restarted(sim: Sim) -> None:
    limits = {"resources": {"limits": {"memory": "100Mi"}}}
    args = ["--vm", "1", "--vm-bytes", "250M", "--vm-hang", "1"]
    sim.apply(pod("demo", STRESS, command=["stress"], args=args, **limits)).run(3)

    ended = container(sim, "demo")["lastState"].get("terminated") or container(sim, "demo")["state"]["terminated"]
    assert (ended["reason"], ended["exitCode"]) == ("OOMKilled", 137)
    assert container(sim, "demo")["restartCount"] >= 1


def test_a_server_that_needs_more_memory_than_its_limit_is_oom_killed(sim: Sim) -> None:
    limits = {"resources": {"limits": {"memory": "4Mi"}}}
    sim.apply(pod("demo", "nginx:1.27", spec={"restartPolicy": "Never"}, **limits)).settle()

    assert container(sim, "demo")["state"]["terminated"]["reason"] == "OOMKilled"
    assert sim.word(sim.get("pods", "demo")) == "OOMKilled"


def test_a_node_short_of_memory_says_so_and_evicts_who_uses_more_than_it_asked_for(sim: Sim) -> None:
    sim.apply(hog("modest", "1000M", request="1500Mi"), hog("greedy", "6790M", request="1Gi")).run(15)

    status = sim.get("pods", "greedy")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "Evicted")
    assert status["message"].startswith("The node was low on resource: memory. Threshold quantity: 100Mi, available: ")
    assert status["message"].endswith(
        "Container greedy was using 6953360Ki, request is 1Gi, has larger consumption of memory. "
    )
    assert condition(sim, "greedy", "DisruptionTarget")["reason"] == "TerminationByKubelet"
    assert sim.get("pods", "modest")["status"]["phase"] == "Running"
    assert node_condition(sim, "MemoryPressure")["reason"] == "KubeletHasInsufficientMemory"
    assert taints(sim) == ["node.kubernetes.io/memory-pressure"]
    assert messages(sim, "NodeHasInsufficientMemory", "worker-1") == [
        "Node worker-1 status is now: NodeHasInsufficientMemory"
    ]
    assert messages(sim, "EvictionThresholdMet", "worker-1") == ["Attempting to reclaim memory"]
    assert messages(sim, "Evicted", "greedy") == [status["message"]]


def test_memory_pressure_goes_after_the_transition_period() -> None:
    sim = Sim(nodes=1, timings="kubernetes")
    sim.apply(hog("greedy", "7800M")).run(60)
    pressed = node_condition(sim, "MemoryPressure")["status"]

    sim.run(220)
    still = node_condition(sim, "MemoryPressure")["status"]
    sim.run(60)

    assert (pressed, still) == ("True", "True")
    assert node_condition(sim, "MemoryPressure")["status"] == "False"
    assert taints(sim) == []


def test_among_those_beyond_their_requests_the_lowest_priority_goes_first(sim: Sim) -> None:
    classes = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "high"}}
    if "priorityclasses" in sim.world.kinds:
        sim.apply({**classes, "value": 1000})
        sim.apply(hog("small", "2000M"), hog("large", "5790M", priorityClassName="high")).run(15)

        assert sim.get("pods", "small")["status"].get("reason") == "Evicted"
        assert sim.get("pods", "large")["status"]["phase"] == "Running"


def test_a_best_effort_pod_is_turned_away_under_memory_pressure(sim: Sim) -> None:
    sim.apply(hog("greedy", "7800M")).run(15)

    sim.apply(pod("poor", "nginx:1.27", spec={"nodeName": "worker-1"}))
    asks = {"resources": {"requests": {"memory": "16Mi"}}}
    sim.apply(pod("modest", "nginx:1.27", spec={"nodeName": "worker-1"}, **asks)).run(5)

    status = sim.get("pods", "poor")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "Evicted")
    assert status["message"] == "Pod was rejected: The node had condition: [MemoryPressure]. "
    assert sim.get("pods", "modest")["status"]["phase"] == "Running"


def test_when_all_memory_is_gone_the_kernel_ends_the_best_effort_pod_first(sim: Sim) -> None:
    sim.apply(hog("asked", "4000M", request="4000Mi"), hog("poor", "4500M")).run(15)

    assert container(sim, "poor")["state"]["terminated"]["reason"] == "OOMKilled"
    assert sim.get("pods", "asked")["status"]["phase"] == "Running"
    assert messages(sim, "SystemOOM", "worker-1")[0].startswith("System OOM encountered, victim process: stress, pid: ")


def test_a_full_disk_evicts_all_but_the_control_plane_and_deletes_unused_images(sim: Sim) -> None:
    sim.apply(pod("old", "httpd:2.4", spec={"nodeName": "worker-1"})).settle()
    sim.delete("pods", "old").settle()
    sim.apply(pod("web", "nginx:1.27", spec={"nodeName": "worker-1"})).settle()

    sim.apply(fault("DiskFull", "full", node="worker-1")).run(25)
    status = sim.get("pods", "web")["status"]
    images = dig(sim.find("machines", "worker-1"), "images")
    during = node_condition(sim, "DiskPressure")
    sim.delete("faults", "full").run(60)

    assert (status["phase"], status["reason"]) == ("Failed", "Evicted")
    assert status["message"].startswith("The node was low on resource: ephemeral-storage. ")
    assert (during["status"], during["message"]) == ("True", "kubelet has disk pressure")
    assert "docker.io/library/httpd:2.4" not in images
    assert node_condition(sim, "DiskPressure")["status"] == "False"


def test_an_empty_dir_over_its_size_limit_evicts_the_pod(sim: Sim) -> None:
    spec = {"volumes": [{"name": "cache", "emptyDir": {"sizeLimit": "10Ki"}}]}
    mounts = [{"name": "cache", "mountPath": "/cache"}]
    command = ["sh", "-c", "for i in 1 2 3 4 5 6 7 8; do seq 1 700 >> /cache/big; done; sleep 600"]
    sim.apply(pod("writer", "busybox:1.37", command=command, volumeMounts=mounts, spec=spec)).run(15)

    status = sim.get("pods", "writer")["status"]
    assert (status["phase"], status["reason"]) == ("Failed", "Evicted")
    assert status["message"] == 'Usage of EmptyDir volume "cache" exceeds the limit "10Ki". '


def test_a_container_over_its_ephemeral_storage_limit_is_evicted_at_the_next_look(sim: Sim) -> None:
    command = ["sh", "-c", "for i in 1 2 3 4 5 6 7 8; do seq 1 700 >> /tmp/big; done; sleep 600"]
    limits = {"resources": {"limits": {"ephemeral-storage": "10Ki"}}}
    sim.apply(pod("writer", "busybox:1.37", command=command, **limits)).run(15)

    assert sim.get("pods", "writer")["status"]["message"] == (
        "Pod ephemeral local storage usage exceeds the total limit of containers 10Ki. "
    )
    evicted = times(sim, "Evicted", "writer")[0]
    assert (evicted - sandbox(sim, "writer")["since"]) == 10 * SECOND


def test_a_node_with_enough_of_everything_writes_nothing(sim: Sim) -> None:
    sim.apply(hog("fine", "100M")).settle()
    seen = len(sim.log)

    sim.run(60)

    actors = [e.change.key.name for e in sim.log[seen:] if e.change.kind.plural in ("machines", "sandboxes", "pods")]
    assert actors == []


def test_pressure_is_the_same_under_every_worker() -> None:
    calm, shaken = Sim(nodes=1), Sim(nodes=1)
    for sim in (calm, shaken):
        sim.apply(hog("one", "3000M"), hog("two", "4790M"), hog("three", "4000M", request="4000Mi"))

    calm.run(60)
    for _ in range(60):
        shaken.run(1).restart()

    assert [p["status"] for p in shaken.pods()] == [p["status"] for p in calm.pods()]
    assert node_condition(shaken, "MemoryPressure") == node_condition(calm, "MemoryPressure")
