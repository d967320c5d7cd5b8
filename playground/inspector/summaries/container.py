"""Containers in words: what state each is in, and what is wrong with it."""

from __future__ import annotations

from clusters.kinds.age import since
from clusters.kinds.body import Body, dig
from playground.inspector.around import Around
from playground.inspector.telling import Cell, Table, cell
from playground.inspector.words import tone

# what a waiting reason means; {name} is the container, {image} its image, {exit} how its last process ended
MEANINGS = {
    "CrashLoopBackOff": "The process of {name} ends again and again{exit}. Each new start has to wait longer.",
    "ImagePullBackOff": "The image {image} cannot be pulled. The kubelet waits before it tries again.",
    "ErrImagePull": "The image {image} cannot be pulled.",
    "InvalidImageName": "{image} is not the name of an image.",
    "CreateContainerConfigError": "{name} cannot be made: {message}.",
    "RunContainerError": "{name} cannot be started: {message}.",
    "ErrImageNeverPull": "The image {image} is not on the machine, and its policy is never to pull it.",
}
# where a container stands in the pod's spec and status, and what it is there for
GROUPS = (
    ("initContainers", "initContainerStatuses", "init"),
    ("containers", "containerStatuses", ""),
    ("ephemeralContainers", "ephemeralContainerStatuses", "ephemeral"),
)
OOM = "OOMKilled"


def trouble(pod: Body) -> str:
    """The sentence about the first container that is in trouble; "" when none is."""
    for status in statuses_of(pod):
        if dig(status, "lastState.terminated.reason") == OOM and "running" not in (status.get("state") or {}):
            return f"{status['name']} took more memory than its limit allows, and the kernel ended it (OOMKilled)."
        waiting = dig(status, "state.waiting", {})
        meaning = MEANINGS.get(waiting.get("reason", ""))
        if meaning:
            told = {"name": status["name"], "image": status.get("image", ""), "message": waiting.get("message", "")}
            return meaning.format(**told, exit=last_exit(status))
    return ""


def last_exit(status: Body) -> str:
    ended = dig(status, "lastState.terminated") or dig(status, "state.terminated")
    return f", the last time with exit code {ended.get('exitCode')}" if ended else ""


def statuses_of(pod: Body) -> list[Body]:
    """Of all its containers, in the order in which they start."""
    return [status for _, field, _ in GROUPS for status in dig(pod, f"status.{field}", ())]


def containers_table(pod: Body, around: Around) -> Table:
    statuses = {one["name"]: one for one in statuses_of(pod)}
    rows = [
        row(one, _role(one, role), statuses.get(one["name"], {}), around)
        for group, _, role in GROUPS
        for one in dig(pod, f"spec.{group}", ())
    ]
    return Table("Containers", ("Name", "Image", "State", "Restarts", "Last ended"), tuple(rows))


def _role(spec: Body, role: str) -> str:
    return "sidecar" if role == "init" and spec.get("restartPolicy") == "Always" else role


def row(spec: Body, role: str, status: Body, around: Around) -> tuple[Cell, ...]:
    name = f"{spec['name']} ({role})" if role else spec["name"]
    state = cell(state_word(status, around), state_tone(status))
    return cell(name), cell(spec.get("image", "")), state, cell(status.get("restartCount", 0)), scar(status, around)


def scar(status: Body, around: Around) -> Cell:
    """How its last run ended, when there was one before this."""
    ended = dig(status, "lastState.terminated")
    if not ended:
        return cell("")
    ago = since(ended.get("finishedAt"), around.now)
    return cell(
        f"{ended.get('reason', 'ended')}, exit code {ended.get('exitCode')}, {ago} ago",
        "crash" if ended.get("exitCode") else "completed",
    )


def state_word(status: Body, around: Around) -> str:
    state = status.get("state") or {}
    if "running" in state:
        return f"running for {since(state['running'].get('startedAt'), around.now)}"
    if "terminated" in state:
        return f"{state['terminated'].get('reason', 'ended')}, exit code {state['terminated'].get('exitCode')}"
    return str(dig(state, "waiting.reason", "waiting"))


def state_tone(status: Body) -> str:
    state = status.get("state") or {}
    if "running" in state:
        return "ready" if status.get("ready") else "running"
    if "terminated" in state:
        return "completed" if state["terminated"].get("exitCode") == 0 else "crash"
    return tone(str(dig(state, "waiting.reason", "Pending")))
