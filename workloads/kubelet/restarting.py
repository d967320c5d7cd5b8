"""Whether and when a container that has ended starts again (Kubernetes: restartPolicy, CrashLoopBackOff)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import SECOND
from workloads.kubelet import backoff
from workloads.kubelet.durations import go_duration
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes

TOLD = SECOND  # how long a container's end stands in its state before the back-off does


def is_restarted(work: Work, spec: Body, container: Body) -> bool:
    """restartPolicy, for a container that has ended."""
    policy, is_init = work.spec.get("restartPolicy", "Always"), work.is_init(spec)
    if work.is_ephemeral(spec):
        return False
    if work.is_sidecar(spec):
        return True
    if container["exit"]["code"] == 0 and is_init:
        return False
    if is_init:
        return bool(policy != "Never")
    return bool(policy == "Always" or (policy == "OnFailure" and container["exit"]["code"] != 0))


def finished(work: Work) -> bool:
    """The main containers have ended for good: what is left beside them is not needed any more."""
    mains = [(spec, work.container(spec["name"])) for spec in work.spec["containers"]]
    if any(one["state"] != "terminated" or one.get("again") or is_restarted(work, spec, one) for spec, one in mains):
        return False
    beside = (*work.init_specs, *work.ephemeral_specs)
    return any(work.container(spec["name"])["state"] == "running" for spec in beside)


def fall_back(work: Work, spec: Body) -> Writes:
    """Restart at once, or wait as CrashLoopBackOff; what is counted is the last end that the kubelet did not bring."""
    name = spec["name"]
    container = work.container(name)
    exit_, entry = container["exit"], container.get("backoff")
    failed = exit_["at"] if not container.get("killed") else dig(container, "last.at")
    until = backoff.due(entry, failed) if failed is not None else work.now
    if until <= work.now:
        next_ = backoff.step(entry, failed, work.now, work.view.timings) if failed is not None else entry
        work.set(name, backoff=next_)
        again(work, name)
    elif work.now < exit_["at"] + TOLD:
        work.later(min(exit_["at"] + TOLD, until))
    else:
        assert entry is not None
        metadata = work.pod["metadata"]
        pod = f"{metadata['name']}_{metadata['namespace']}({work.uid})"
        wait = go_duration(entry["wait"])
        told = f"back-off {wait} restarting failed container={name} pod={pod}"
        next_ = backoff.step(entry, failed or work.now, until, work.view.timings)
        work.note(f"{name} ended too often: the next try is in {wait}.")
        work.wait(name, "CrashLoopBackOff", told)
        work.set(name, until=until, backoff=next_)
        yield work.say("Warning", "BackOff", f"Back-off restarting failed container {name} in pod {pod}", name)


def again(work: Work, name: str) -> None:
    """The next creation of this container will be a restart; until then it shows what it showed."""
    gone = {"until": None, "retry": None, "killed": None, "pulled": None}
    work.set(name, again=True, **gone)
