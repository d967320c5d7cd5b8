"""The end of a pod: every container within its grace, then the last word to the API (Kubernetes: Pod termination)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, Key, is_deleting
from clusters.reconcile.clock import SECOND
from clusters.reconcile.writes import Delete, Update
from workloads.kubelet import blaming, killing
from workloads.kubelet.measuring import measured
from workloads.kubelet.status import still_running
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes
from workloads.runtime import container as runtime

RELIST = SECOND  # of the kubelet's view of its containers (PLEG)


def stop(work: Work, grace: int) -> Writes:
    """Go on with the end of all containers: each is asked at once, a sidecar's SIGTERM waits for its turn."""
    stop_ = work.box.get("stop")
    until = (stop_["since"] if stop_ else work.now) + grace * SECOND
    is_shorter = stop_ is not None and until < stop_["until"]
    if stop_ is None or is_shorter:
        work.box["stop"] = {"since": stop_["since"] if stop_ else work.now, "until": until}
    left = max(work.box["stop"]["until"] - work.now, 0) // SECOND
    for spec in in_turn(work):
        if not is_running(work, spec):
            continue
        if not work.container(spec["name"]).get("kill"):
            yield from killing.begin(work, spec, left, f"Stopping container {spec['name']}", with_pod=True)
            continue
        if is_shorter:
            killing.hurry(work, spec["name"], work.box["stop"]["until"])
        yield from killing.step(work, spec)


def is_overdue(work: Work) -> bool:
    """The pod has been active for longer than `activeDeadlineSeconds` (Kubernetes: Pod spec)."""
    limit = work.spec.get("activeDeadlineSeconds")
    if work.box.get("ended"):
        return True
    if limit is None:
        return False
    work.later(max(work.box["since"] + limit * SECOND, work.now))
    return bool(work.now >= work.box["since"] + limit * SECOND)


def expire(work: Work) -> Writes:
    """The end by deadline or eviction: as by deletion, but the pod stays, Failed."""
    if not work.box.get("ended"):
        message = "Pod was active on the node longer than the specified deadline"
        work.box["ended"] = {"reason": "DeadlineExceeded", "message": message}
        yield work.say("Normal", "DeadlineExceeded", message)
    work.note(work.box["ended"]["message"], blaming.again(work.box["ended"].get("fault"), work.view))
    yield from stop(work, work.box["ended"].get("grace", work.spec.get("terminationGracePeriodSeconds", 30)))


def replace(work: Work) -> Writes:
    """Go on with the containers that are being stopped, and stop those whose image is another in the spec now."""
    for spec in work.specs():
        container = work.container(spec["name"])
        if container.get("kill"):
            yield from killing.step(work, spec)
        elif container["state"] == "running" and container["ref"] != spec["image"]:
            grace = work.spec.get("terminationGracePeriodSeconds", 30)
            message = f"Container {spec['name']} definition changed, will be restarted"
            yield from killing.begin(work, spec, grace, message)


def in_turn(work: Work) -> Sequence[Body]:
    """In the order in which they end: the sidecars last, of them the last started first."""
    mains = [spec for spec in work.specs() if not work.is_sidecar(spec)]
    return [*mains, *reversed([spec for spec in work.init_specs if work.is_sidecar(spec)])]


def is_running(work: Work, spec: Body) -> bool:
    return bool(work.container(spec["name"])["state"] == "running")


def take_leave(work: Work) -> None:
    """The moment at which a deleted pod of which nothing runs leaves the API.

    A kubelet asks its runtime once a second who has ended. That matters where a pod of the same name follows at once:
    a client that waits for the name to be free (kubectl delete) would see none of it, were all replaced in step.
    """
    if not is_deleting(work.pod) or still_running(work) or not work.spec.get("hostname"):
        return
    if "leaves" not in work.box:
        work.box["leaves"] = work.now + int(work.view.random.fraction() * RELIST)
    work.later(work.box["leaves"])


def may_go(work: Work) -> bool:
    return is_deleting(work.pod) and not still_running(work) and bool(work.now >= work.box.get("leaves", work.now))


def clear(sandbox: Body, now: int) -> Writes:
    """A sandbox whose pod is no more in the API: its processes get the pod's grace, then it goes.

    Gives back when to look again, in the sandbox's own `stop`.
    """
    stop_ = sandbox.get("stop") or {"since": now, "until": now + max(sandbox.get("grace") or 0, 1) * SECOND}
    containers = {}
    for name, container in sandbox["containers"].items():
        run = container.get("run")
        if run is not None:
            run = runtime.advance(run, now).run
            if runtime.is_running(run) and not container.get("orphaned"):
                run = runtime.advance(runtime.signal(run, "TERM", now), now).run
            if runtime.is_running(run) and now >= stop_["until"]:
                run = runtime.advance(runtime.signal(run, "KILL", now), now).run
            run = run if runtime.is_running(run) else None
        containers[name] = {**container, "run": run, "orphaned": True}
    running = [name for name, container in containers.items() if container["run"] is not None]
    if not running:
        yield Delete("sandboxes", sandbox, why="Its pod is gone.")
        return
    left = {**sandbox, "containers": containers, "running": running, "stop": stop_}
    yield Update("sandboxes", measured(left, sandbox))


def due_of(sandbox: Body, now: int) -> int:
    """When an orphaned sandbox is looked at again."""
    runs = [container["run"] for container in sandbox["containers"].values() if container.get("run")]
    dues = [due for run in runs if (due := runtime.due(run)) is not None]
    return max(min([int(sandbox["stop"]["until"]), *dues]), now)


def key_of_box(sandbox: Body) -> Key:
    return Key(sandbox["metadata"]["namespace"], sandbox["metadata"]["name"])
