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
}


def trouble(pod: Body) -> str:
    """The sentence about the first container that is in trouble; "" when none is."""
    for status in (*dig(pod, "status.initContainerStatuses", ()), *dig(pod, "status.containerStatuses", ())):
        waiting = dig(status, "state.waiting", {})
        meaning = MEANINGS.get(waiting.get("reason", ""))
        if meaning:
            told = {"name": status["name"], "image": status.get("image", ""), "message": waiting.get("message", "")}
            return meaning.format(**told, exit=last_exit(status))
    return ""


def last_exit(status: Body) -> str:
    ended = dig(status, "lastState.terminated") or dig(status, "state.terminated")
    return f", the last time with exit code {ended.get('exitCode')}" if ended else ""


def containers_table(pod: Body, around: Around) -> Table:
    images = {one["name"]: one.get("image", "") for one in dig(pod, "spec.containers", ())}
    statuses = {one["name"]: one for one in dig(pod, "status.containerStatuses", ())}
    rows = [row(name, image, statuses.get(name, {}), around) for name, image in images.items()]
    return Table("Containers", ("Name", "Image", "State", "Restarts"), tuple(rows))


def row(name: str, image: str, status: Body, around: Around) -> tuple[Cell, ...]:
    word = state_word(status, around)
    return cell(name), cell(image), cell(word, state_tone(status)), cell(status.get("restartCount", 0))


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
