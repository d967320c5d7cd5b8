"""What a run of the property test knows: the workloads of a small cluster, what may be done to them, what must hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from clusters.kinds.body import Body, controller_of, dig, is_deleting, key_of, labels_of, uid_of
from clusters.kinds.quantity import cpu_millis
from tests.sim import Sim, deployment, fault, job, template
from workloads.kubelet.work import box_key

QUICK, SLOW = "registry.k8s.io/pause:3.10", "nginx:1.29"
IMAGES = (QUICK, "registry.k8s.io/pause:3.9", SLOW, "nginx:no-such-tag")
WORKERS = ("worker-1", "worker-2", "worker-3")
SURGE, UNAVAILABLE = "40%", 1
CPU = {"resources": {"requests": {"cpu": "300m"}}}
LASTING = ("NodeCrash", "NodePartition")
OVER = ("Succeeded", "Failed")


@dataclass(frozen=True)
class Act:
    """One thing that somebody does, with a number that says how much or to which."""

    what: str
    number: int


def born() -> Sim:
    """A cluster with one workload of each sort."""
    sim = Sim(nodes=3)
    rolling = {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": SURGE, "maxUnavailable": UNAVAILABLE}}
    sim.apply(deployment("web", 4, spec={"strategy": rolling}, image=QUICK, **CPU))
    sim.apply(_set("StatefulSet", "db", {"replicas": 3, "serviceName": "db"}))
    sim.apply(_set("DaemonSet", "agent", {}))
    sim.apply(job("work", "sleep 3", completions=4, parallelism=2, backoffLimit=1000))
    return sim.settle()


def _set(kind: str, name: str, spec: Body) -> Body:
    filled = {"selector": {"matchLabels": {"app": name}}, "template": template(name, QUICK, **CPU), **spec}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": filled}


# what may be done


def _scale(resource: str, name: str, most: int) -> Callable[[Sim, int], Any]:
    return lambda sim, number: sim.patch(resource, name, "spec.replicas", number % (most + 1))


def _change(resource: str, name: str) -> Callable[[Sim, int], Any]:
    def change(sim: Sim, number: int) -> None:
        sim.patch(resource, name, "spec.template", template(name, IMAGES[number % len(IMAGES)], **CPU))

    return change


def _kill_pod(sim: Sim, number: int) -> None:
    pods = sim.pods()
    if pods:
        sim.delete("pods", pods[number % len(pods)])


def _force_pod(sim: Sim, number: int) -> None:
    """By force only what has no identity: of a stateful set's pods two could run, as the documentation warns."""
    pods = [*sim.pods("web"), *sim.pods("agent")]
    if pods:
        sim.delete("pods", pods[number % len(pods)], grace=0)


def _crash_container(sim: Sim, number: int) -> None:
    pods = [pod for pod in sim.pods() if dig(pod, "status.phase") == "Running"]
    if pods:
        name = pods[number % len(pods)]["metadata"]["name"]
        sim.apply(fault("ContainerCrash", f"crash-{len(sim.log)}", namespace="default", pod=name))


def _crash_node(sim: Sim, number: int) -> None:
    node = WORKERS[number % len(WORKERS)]
    if sim.find("faults", f"crash-{node}") is None:
        sim.crash(node)


def _cut_off(sim: Sim, number: int) -> None:
    node = WORKERS[number % len(WORKERS)]
    if sim.find("faults", f"cut-{node}") is None:
        sim.apply(fault("NodePartition", f"cut-{node}", node=node))


def _heal(sim: Sim, number: int) -> None:
    faults = [one for one in sim.list("faults") if one["spec"]["type"] in LASTING]
    if faults:
        sim.delete("faults", faults[number % len(faults)])


def _cordon(sim: Sim, number: int) -> None:
    node = WORKERS[number % len(WORKERS)]
    sim.patch("nodes", node, "spec.unschedulable", not dig(sim.get("nodes", node), "spec.unschedulable", False))


def _kill_manager(sim: Sim, number: int) -> None:
    part = ("kube-controller-manager", "kube-scheduler")[number % 2]
    pods = [pod for pod in sim.pods(namespace="kube-system") if labels_of(pod).get("component") == part]
    for pod in pods:
        name = pod["metadata"]["name"]
        sim.apply(fault("ContainerCrash", f"crash-{len(sim.log)}", namespace="kube-system", pod=name))


ACTS: Mapping[str, Callable[[Sim, int], Any]] = {
    "scale web": _scale("deployments", "web", 6),
    "scale db": _scale("statefulsets", "db", 4),
    "change web": _change("deployments", "web"),
    "change db": _change("statefulsets", "db"),
    "change agent": _change("daemonsets", "agent"),
    "kill a pod": _kill_pod,
    "remove a pod by force": _force_pod,
    "crash a container": _crash_container,
    "crash a node": _crash_node,
    "cut a node off": _cut_off,
    "heal a node": _heal,
    "cordon": _cordon,
    "crash the control plane": _kill_manager,
    "restart the worker": lambda sim, _: sim.restart(),
    "wait": lambda sim, number: sim.run(number % 15),
}
HARMLESS = ("scale web", "change web", "restart the worker", "wait")


# what must hold at every moment


def check(sim: Sim) -> None:
    """Everything that may never be otherwise."""
    assert_never_over_surge(sim)
    assert_one_process_for_one_identity(sim)
    assert_every_node_holds_its_pods(sim)
    assert_gapless(sim)


def assert_never_over_surge(sim: Sim) -> None:
    web = sim.get("deployments", "web")
    wanted = web["spec"]["replicas"]
    most = max([wanted + ceil(wanted * 0.4), *_sizes_lately(sim)])
    live = [pod for pod in sim.pods("web") if not is_deleting(pod) and dig(pod, "status.phase") not in OVER]
    assert len(live) <= most, f"{len(live)} pods where {most} may be"


def _sizes_lately(sim: Sim) -> list[int]:
    """What the sets still stand at until the deployment's controller has seen a smaller wish."""
    return [sum(dig(rs, "spec.replicas", 0) for rs in sim.list("replicasets", "default"))]


def assert_one_process_for_one_identity(sim: Sim) -> None:
    powered = {machine["metadata"]["name"] for machine in sim.list("machines") if machine["power"] == "on"}
    boxes = [box for box in sim.list("sandboxes") if box["running"] and box["metadata"]["namespace"] in powered]
    names = Counter((box["pod"]["namespace"], box["pod"]["name"]) for box in boxes)
    twice = [name for name, count in names.items() if count > 1]
    assert not twice, f"{twice} run twice"


def assert_every_node_holds_its_pods(sim: Sim) -> None:
    for node in sim.list("nodes"):
        name = node["metadata"]["name"]
        pods = [pod for pod in sim.pods() if pod["spec"].get("nodeName") == name]
        asked = sum(_asked(pod) for pod in pods if dig(pod, "status.phase") not in OVER)
        assert asked <= cpu_millis(node["status"]["allocatable"]["cpu"]), f"{name} cannot hold what it has"


def _asked(pod: Body) -> int:
    return sum(cpu_millis(dig(one, "resources.requests.cpu", "0")) for one in pod["spec"]["containers"])


def assert_gapless(sim: Sim) -> None:
    assert [entry.revision for entry in sim.log] == list(range(1, len(sim.log) + 1))


# what must be in the end


def heal(sim: Sim) -> Sim:
    """Nothing is broken any more, every image exists, and there is time."""
    for one in sim.list("faults"):
        if one["spec"]["type"] in LASTING:
            sim.delete("faults", one)
    for node in WORKERS:
        sim.patch("nodes", node, "spec.unschedulable", False)
    for resource, name in (("deployments", "web"), ("statefulsets", "db"), ("daemonsets", "agent")):
        image = dig(sim.get(resource, name), "spec.template.spec.containers")[0]["image"]
        if image == IMAGES[-1]:
            sim.patch(resource, name, "spec.template", template(name, QUICK, **CPU))
    for pod in sim.pods("db"):
        if pod["spec"]["containers"][0]["image"] == IMAGES[-1]:
            sim.delete("pods", pod)  # a broken member holds up its set until somebody deletes it: forced rollback
    return sim.run(240)


def assert_converged(sim: Sim) -> None:
    """As many ready pods as are wanted, of the wanted version, and nobody else."""
    for resource, name in (("deployments", "web"), ("statefulsets", "db"), ("daemonsets", "agent")):
        owner = sim.get(resource, name)
        wanted = owner["spec"].get("replicas", len(WORKERS))
        assert _told(sim.pods(name)) == _told(sim.running(name))
        assert len(sim.running(name)) == wanted, f"{name}: {len(sim.running(name))} of {wanted}"
        image = owner["spec"]["template"]["spec"]["containers"][0]["image"]
        assert {pod["spec"]["containers"][0]["image"] for pod in sim.pods(name)} <= {image}
    assert sim.get("jobs", "work")["status"].get("succeeded") == 4
    assert_no_orphan(sim)


def assert_no_orphan(sim: Sim) -> None:
    """Every owner that is named exists, and every sandbox has its pod."""
    known = {uid_of(body) for resource in ("replicasets", "statefulsets", "daemonsets", "deployments", "jobs", "nodes")
             for body in sim.list(resource)}  # fmt: skip
    for body in (*sim.list("pods"), *sim.list("replicasets")):
        owner = controller_of(body)
        assert owner is None or owner["uid"] in known, f"{key_of(body)} has lost its owner"
    wanted = {box_key(pod) for pod in sim.list("pods") if pod["spec"].get("nodeName")}
    assert {key_of(box) for box in sim.list("sandboxes")} <= wanted


def _told(pods: list[Body]) -> list[str]:
    return sorted(pod["metadata"]["name"] for pod in pods)
