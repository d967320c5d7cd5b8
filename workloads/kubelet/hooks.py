"""postStart and preStop: exec, httpGet, sleep (Kubernetes: Container Lifecycle Hooks)."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from workloads.kubelet import probing
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Told
from workloads.runtime import container as runtime


def begin(work: Work, spec: Body, hook: Body) -> Body:
    """What is remembered of a hook under way: the process, the end of its sleep, or how its request ended."""
    name = spec["name"]
    if "exec" in hook:
        execution = runtime.execute(work.container(name)["run"], probing.command(hook), work.now)
        work.set(name, run=execution.run)
        return {"pid": execution.pid}
    if "sleep" in hook:
        return {"until": work.now + hook["sleep"]["seconds"] * SECOND}
    if "httpGet" not in hook:
        return {"failed": "invalid handler"}  # tcpSocket is kept for old manifests, and fails when it is run
    return {"failed": _request(work, spec, hook["httpGet"])}


def step(work: Work, spec: Body, kind: str) -> Told[bool]:
    """True when the hook has ended; how it failed is told as an event."""
    name = spec["name"]
    hook = work.container(name)["hook"]
    if "until" in hook:
        work.later(hook["until"])
        if work.now < hook["until"]:
            return False
        failed = ""
    elif "pid" in hook:
        answer = probing.finished(work.container(name)["run"], hook["pid"])
        if answer is None:
            work.later(runtime.due(work.container(name)["run"]))
            return False
        work.set(name, run=runtime.forget(work.container(name)["run"], hook["pid"]))
        failed = "" if answer.ok else "command exited with a non-zero code"
    else:
        failed = hook.get("failed", "")
    work.set(name, hook={**hook, "failed": failed} if failed else None)
    if failed:
        word = "PostStartHook" if kind == "postStart" else "PreStopHook"
        yield work.say("Warning", f"Failed{word}", f"{word} failed", name)
    return True


def _request(work: Work, spec: Body, action: Body) -> str:
    """Why nothing answered; "" where anything did, and be it an error."""
    port = probing.port_of(spec, action.get("port", 80))
    if port is None:
        return "no such port"
    request = probing.request(work, {"httpGet": action}, port)
    outcome = probing.send(work, work.container(spec["name"])["run"], request, action.get("host") or "")
    return "" if outcome.ok else outcome.reason or "connection refused"
