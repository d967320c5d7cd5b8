"""What happens to a container while it runs: its processes come to the present, it ends."""

from __future__ import annotations

from clusters.kinds.body import Body, dig
from clusters.reconcile.writes import Output
from workloads.kubelet import blaming, holding, shared
from workloads.kubelet.measuring import measured
from workloads.kubelet.resources import whole
from workloads.kubelet.wire import PodWire
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes
from workloads.runtime import container as runtime

MESSAGE_MOST = 4096  # bytes of a termination message


def observe(work: Work) -> Writes:
    """Let every running process come to the present; those that have ended are recorded."""
    for name, container in list(work.box["containers"].items()):
        run = container.get("run")
        if run is not None:
            due = runtime.due(run)
            if not runtime.is_running(run) or (due is not None and due <= work.now):
                yield from advance(work, name)


def advance(work: Work, name: str) -> Writes:
    """Let one container's processes run up to now: its log lines, and its end if it comes to that."""
    container = work.container(name)
    wire = PodWire(work, name)
    step = runtime.advance(container["run"], work.now, wire, beside(work, name))
    if step.output:
        lines = tuple((line.at, line.stream, line.data) for line in step.output)
        yield Output(work.uid, name, container["restarts"], lines)
    if step.run is not container["run"]:
        work.set(name, run=step.run)
    for place, pid, signal in step.signals:
        reach(work, place, pid, signal)
    for write in wire.writes:  # noqa: UP028  a list takes no answers
        yield write
    if work.box.get("places"):
        shared.spread(work, name, step.run)
    if not runtime.is_running(step.run):
        found = runtime.exit_of(step.run) or {}
        said = found.get("message") or last_words(work, name, step)
        end(work, name, {**found, "message": said})


def reach(work: Work, place: int, pid: int, signal: str) -> None:
    """A process of one container has sent a signal to one of another (shareProcessNamespace)."""
    for name, container in work.box["containers"].items():
        run = container.get("run")
        if run is not None and run.get("place") == place:
            work.set(name, run=runtime.signal_process(run, pid, signal, work.now))
            work.later(work.now)


def confine(work: Work) -> Writes:
    """The pod's own limit of memory: when its containers together hold more, the largest is ended by the kernel."""
    limit = dig(work.spec, "resources.limits.memory")
    while limit and (held := measured(work.box, work.old).get("holds", {})):
        if sum(memory for memory, _ in held.values()) <= whole(limit):
            return
        name = max(held, key=lambda one: (held[one][0], one))
        work.set(name, run=runtime.oom(work.container(name)["run"], work.now))
        yield from advance(work, name)
        work.later(work.now)


def beside(work: Work, name: str) -> list[Body]:
    """The runs of the pod's other containers."""
    others = work.box["containers"].items()
    return [other["run"] for key, other in others if key != name and other.get("run") is not None]


def last_words(work: Work, name: str, step: runtime.Step) -> str:
    """The termination message: what it wrote to terminationMessagePath, or the end of its log if it failed."""
    spec = next(spec for spec in work.specs() if spec["name"] == name)
    folder, _, file = spec.get("terminationMessagePath", "/dev/termination-log").rpartition("/")
    text = runtime.volume(step.run, folder or "/").get(file, "")
    code = (runtime.exit_of(step.run) or {}).get("code")
    if not text and code != 0 and spec.get("terminationMessagePolicy") == "FallbackToLogsOnError":
        text = "".join(line.data for line in step.output[-80:])
    return text[:MESSAGE_MOST]


def note(work: Work, name: str, kill: Body, found: Body) -> None:
    """Its end as the log's cause: who killed it, or with what it ended itself."""
    if kill.get("why"):
        work.note(kill["why"], blaming.again(kill.get("fault"), work.view))
    elif not kill:
        word = found.get("reason") or "Error"
        told = f" ({word})" if word not in ("Error", "Completed") else ""
        work.note(f"{name} ended with exit code {found.get('code', 255)}{told}.")


def end(work: Work, name: str, found: Body) -> None:
    """The container has ended: what containerd says of it stays, what it held in memory goes."""
    holding.last(work, name)
    container = work.container(name)
    note(work, name, container.get("kill") or {}, found)
    exit_ = {
        "code": found.get("code", 255),
        "reason": found.get("reason") or "Error",
        "message": found.get("message") or "",
        "at": found.get("at", work.now),
        "startedAt": container.get("startedAt", work.now),
        "id": container["id"],
    }
    killed = True if container.get("kill") else None
    gone = ("probes", "asking", "kill", "hook", "ready", "started", "pulled", "reason", "message")
    work.set(name, state="terminated", run=None, exit=exit_, killed=killed, **dict.fromkeys(gone))
