"""What faults do to containers: they end, hang, are slow, leak; their probes are wrong (no Kubernetes concept)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.kinds.problem import Status
from clusters.reconcile.clock import MILLISECOND, SECOND, Time, parse
from clusters.reconcile.faults import is_ill as is_hit
from clusters.reconcile.faults import struck
from clusters.reconcile.view import View
from clusters.reconcile.writes import SetStatus
from workloads.kubelet.probes import Answer
from workloads.kubelet.running import advance
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes
from workloads.runtime import container as runtime

MOMENTS = ("ContainerCrash", "ContainerExit", "ContainerOOM")
CRASH_CODE = 1
LATE = 1500 * MILLISECOND  # by how much a slow machine's answers are late
SPUN = 500 * MILLISECOND  # and those of a container that spins
SLOW_START, SLOW_MACHINE = 40 * SECOND, 10 * SECOND
LEAKED, LEAK_EVERY = 16 * 1024 * 1024, SECOND
FLAPS = 40 * SECOND
DOWN = {"SchedulerDown": "kube-scheduler", "ControllerManagerDown": "kube-controller-manager"}


def target_of(pod: Body) -> dict[str, str]:
    return {"namespace": pod["metadata"]["namespace"], "pod": pod["metadata"]["name"]}


def is_ill(pod: Body, view: View) -> bool:
    """Any fault is about this pod, or its node."""
    metadata = pod["metadata"]
    return is_hit(view, ("pod", metadata["namespace"], metadata["name"]), ("node", pod["spec"].get("nodeName") or ""))


# what ends a container


def strike(work: Work) -> Writes:
    """Moments: each fires once, and says so in the same commit."""
    target = target_of(work.pod)
    for type_ in MOMENTS:
        while fault := work.view.hit_by(type_, **target):
            name = dig(fault, "spec.target.container") or work.spec["containers"][0]["name"]
            missed = dig(work.box["containers"], f"{name}.state") != "running"
            if not missed:
                work.note(f"A fault ended {name} ({type_}).", fault)
                work.set(name, run=_ended(work.container(name)["run"], fault, work.now))
                yield from advance(work, name)
            told = struck(fault, {**target, "container": name}, work.now, missed=missed)
            answer = yield SetStatus("faults", fault, told, because=fault)
            if answer is None or isinstance(answer, Status):
                return


def _ended(run: Body, fault: Body, now: Time) -> Body:
    if fault["spec"]["type"] == "ContainerOOM":
        return runtime.oom(run, now)
    code = CRASH_CODE if fault["spec"]["type"] == "ContainerCrash" else fault["spec"].get("exitCode") or 0
    return runtime.crash(run, code, now)


def hold_down(work: Work) -> Writes:
    """A part of the control plane that dies at each start."""
    for type_, part in DOWN.items():
        container = work.box["containers"].get(part) if work.is_static else None
        fault = work.view.hit_by(type_, **target_of(work.pod)) if container else None
        if container and fault and container["state"] == "running":
            work.note("It dies at each start.", fault)
            work.set(part, run=runtime.crash(container["run"], CRASH_CODE, work.now))
            yield from advance(work, part)
            work.later(work.now)


def leak(work: Work) -> Writes:
    """It holds more every second, until the kernel ends it at its limit."""
    fault = work.view.hit_by("MemoryLeak", **target_of(work.pod))
    name = _container(fault, work.pod) if fault else ""
    run = dig(work.box["containers"], f"{name}.run") if fault else None
    if fault is None or run is None:
        return
    since = max(began(fault, work.now), work.container(name)["startedAt"])
    leaked = (work.now - since) // LEAK_EVERY * LEAKED
    work.later(work.now + LEAK_EVERY - (work.now - since) % LEAK_EVERY)
    if leaked > run.get("leaked", 0):
        run = {**run, "leaked": leaked}
        if run["limit"] is not None and runtime.usage(run)["memory"] > run["limit"]:
            work.note(f"{name} leaked memory up to its limit.", fault)
            run = runtime.oom(run, work.now)
        work.set(name, run=run)
        if not runtime.is_running(run):
            yield from advance(work, name)


# what makes it late, or silent


def began(fault: Body, now: Time) -> Time:
    return parse(dig(fault, "status.startedAt") or fault["metadata"]["creationTimestamp"])


def _container(fault: Body, pod: Body) -> str:
    return str(dig(fault, "spec.target.container") or pod["spec"]["containers"][0]["name"])


def hangs(view: View, pod: Body, name: str, container: Body) -> bool:
    """The process that ran when the fault began; one that started later is free."""
    fault = view.hit_by("ContainerHang", **target_of(pod))
    if fault is None or not pod["spec"].get("containers") or _container(fault, pod) != name:
        return False
    return bool(container.get("startedAt", 0) < began(fault, view.now) + SECOND)


def late(view: View, pod: Body) -> Time:
    """By how much an answer is late."""
    on_slow = view.hit_by("SlowNode", node=pod["spec"].get("nodeName") or "")
    return (LATE if on_slow else 0) + (SPUN if view.hit_by("CPUHog", **target_of(pod)) else 0)


def slow_start(work: Work) -> Time:
    """How much longer a container needs that starts now."""
    on_slow = work.view.hit_by("SlowNode", node=work.node)
    starts = work.view.hit_by("SlowStart", **target_of(work.pod))
    return (SLOW_MACHINE if on_slow else 0) + (SLOW_START if starts else 0)


def verdict(work: Work, name: str, kind: str) -> Answer | None:
    """What a probe says that is wrong; None: it looks for itself."""
    target = target_of(work.pod)
    for type_ in ("ProbeFailure", "ProbeFlapping"):
        fault = work.view.hit_by(type_, **target)
        if fault is None or (fault["spec"].get("probe") or "readiness") != kind or _container(fault, work.pod) != name:
            continue
        since = work.now - began(fault, work.now)
        if type_ == "ProbeFailure" or since // FLAPS % 2 == 0:
            return Answer(False, "HTTP probe failed with statuscode: 500")
    return None
