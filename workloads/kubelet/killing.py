"""Stopping one container: preStop, SIGTERM, grace, SIGKILL (Kubernetes: container lifecycle hooks, pod termination)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import SECOND
from workloads.kubelet import hooks
from workloads.kubelet.running import advance
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes
from workloads.runtime import container as runtime

MINIMUM = 2 * SECOND  # between SIGTERM and SIGKILL, however short the grace or what a hook has left of it


def begin(
    work: Work, spec: Body, grace: int, message: str, *, with_pod: bool = False, why: str = "", fault: str = ""
) -> Writes:
    """Ask a running container to end within so many seconds; a sidecar that ends with its pod waits for its turn.

    `why`, and the name of the `fault` behind it, are for the log.
    """
    name = spec["name"]
    yield work.say("Normal", "Killing", message, name)
    kill: Body = {"since": work.now, "until": work.now + grace * SECOND, "sent": False}
    if why:
        kill |= {"why": why, "fault": fault} if fault else {"why": why}
    if with_pod and work.is_sidecar(spec):
        kill["turn"] = True
    work.set(name, kill=kill, hook=None)
    hook = dig(spec, "lifecycle.preStop")
    if hook and grace > 0:
        work.set(name, hook=hooks.begin(work, spec, hook))
    yield from step(work, spec)


def hurry(work: Work, name: str, until: int) -> None:
    """A second, shorter grace."""
    kill = work.container(name)["kill"]
    if until < kill["until"]:
        work.set(name, kill={**kill, "until": until})


def step(work: Work, spec: Body) -> Writes:
    """Go on with it: wait for the hook, send SIGTERM once, and SIGKILL when the grace is over."""
    name = spec["name"]
    kill = work.container(name)["kill"]
    if not kill["sent"]:
        if work.container(name).get("hook") and work.now < kill["until"]:
            done = yield from hooks.step(work, spec, "preStop")
            if not done:
                work.later(kill["until"])
                return
        if kill.get("turn") and work.now < kill["until"] and _is_needed(work, spec):
            work.later(kill["until"])
            return
        until = max(kill["until"], work.now + MINIMUM)
        run = runtime.signal(work.container(name)["run"], "TERM", work.now)
        kill = {**kill, "sent": True, "until": until}
        work.set(name, run=run, kill=kill, hook=None)
        yield from advance(work, name)
    if work.container(name)["state"] == "running" and work.now >= kill["until"]:
        work.set(name, run=runtime.signal(work.container(name)["run"], "KILL", work.now))
        yield from advance(work, name)
    if work.container(name)["state"] == "running":
        work.later(kill["until"])


def _is_needed(work: Work, spec: Body) -> bool:
    """A sidecar stays until the main containers and the sidecars that started after it have ended (KEP-753)."""
    after = work.init_specs[[other["name"] for other in work.init_specs].index(spec["name"]) + 1 :]
    users = (*work.spec["containers"], *(other for other in after if work.is_sidecar(other)))
    return any(work.container(other["name"])["state"] == "running" for other in users)
