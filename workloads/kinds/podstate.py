"""A pod's STATUS, READY and RESTARTS as `kubectl get pods` shows them (Kubernetes: printers, printPod)."""

from __future__ import annotations

from typing import NamedTuple

from clusters.kinds.age import since
from clusters.kinds.body import Body, is_deleting
from clusters.reconcile.clock import Time

TERMINAL = ("Succeeded", "Failed")


class State(NamedTuple):
    """All that the table tells about the containers."""

    word: str
    ready: int
    total: int
    restarts: int
    last_restart: str  # when the last one before this ended; "" where it is not known


def state(pod: Body) -> State:
    """The state of the pod in one look at its containers' statuses."""
    status = pod.get("status") or {}
    sidecars = _sidecars(pod["spec"])
    first = _initializing(pod["spec"], status, sidecars)
    word, ready, restarts, last = first
    if not word or _is_true(status, "Initialized"):
        again = _running(status, word or _first_word(status))
        word, ready = again.word, ready + again.ready
        restarts, last = _count(status, sidecars)
    total = len(pod["spec"].get("containers") or ()) + len(sidecars)
    return State(_closing(pod, status, word), ready, total, restarts, last)


def word(pod: Body) -> str:
    """The one word of the STATUS column."""
    return state(pod).word


def ready(pod: Body, _: Time) -> str:
    """`1/2`."""
    found = state(pod)
    return f"{found.ready}/{found.total}"


def status(pod: Body, _: Time) -> str:
    """The word, as a column."""
    return state(pod).word


def restarts(pod: Body, now: Time) -> str:
    """`2 (5s ago)`."""
    found = state(pod)
    if not found.restarts or not found.last_restart:
        return str(found.restarts)
    return f"{found.restarts} ({since(found.last_restart, now)} ago)"


def gates(pod: Body, _: Time) -> str:
    """How many of the readiness gates are open."""
    wanted = pod["spec"].get("readinessGates")
    if not wanted:
        return "<none>"
    opened = sum(_is_true(pod.get("status") or {}, gate["conditionType"]) for gate in wanted)
    return f"{opened}/{len(wanted)}"


def _first_word(status: Body) -> str:
    for condition in status.get("conditions") or ():
        if condition["type"] == "PodScheduled" and condition.get("reason") == "SchedulingGated":
            return "SchedulingGated"
    return status.get("reason") or status.get("phase") or ""


def _sidecars(spec: Body) -> frozenset[str]:
    inits = spec.get("initContainers") or ()
    return frozenset(init["name"] for init in inits if init.get("restartPolicy") == "Always")


def _initializing(spec: Body, status: Body, sidecars: frozenset[str]) -> tuple[str, int, int, str]:
    """The word of the first init container that is not done, or "" when all are; sidecars that are ready; restarts."""
    found, ready, restarts, last = "", 0, 0, ""
    for index, container in enumerate(status.get("initContainerStatuses") or ()):
        restarts += container.get("restartCount") or 0
        last = max(last, _ended(container))
        done = (container.get("state") or {}).get("terminated")
        if done and not done.get("exitCode"):
            continue
        if container["name"] in sidecars and container.get("started"):
            ready += bool(container.get("ready"))
            continue
        found = _init_word(container, index, len(spec.get("initContainers") or ()))
        break
    return found, ready, restarts, last


def _init_word(container: Body, index: int, total: int) -> str:
    state = container.get("state") or {}
    if state.get("terminated"):
        return f"Init:{_end(state['terminated'])}"
    waiting = (state.get("waiting") or {}).get("reason")
    return f"Init:{waiting}" if waiting and waiting != "PodInitializing" else f"Init:{index}/{total}"


class _Running(NamedTuple):
    word: str
    ready: int


def _running(status: Body, word: str) -> _Running:
    ready = 0
    for container in reversed(status.get("containerStatuses") or ()):
        state = container.get("state") or {}
        waiting, ended = (state.get("waiting") or {}).get("reason"), state.get("terminated")
        if waiting:
            word = waiting
        elif ended:
            word = _end(ended)
        elif container.get("ready") and state.get("running") is not None:
            ready += 1
    if word == "Completed" and ready:
        word = "Running" if _is_true(status, "Ready") else "NotReady"
    return _Running(word, ready)


def _count(status: Body, sidecars: frozenset[str]) -> tuple[int, str]:
    """Once initialized, only containers that go on count."""
    inits = [c for c in status.get("initContainerStatuses") or () if c["name"] in sidecars]
    going = [*inits, *(status.get("containerStatuses") or ())]
    return sum(c.get("restartCount") or 0 for c in going), max(map(_ended, going), default="")


def _end(ended: Body) -> str:
    if ended.get("reason"):
        return str(ended["reason"])
    return f"Signal:{ended['signal']}" if ended.get("signal") else f"ExitCode:{ended.get('exitCode') or 0}"


def _ended(container: Body) -> str:
    return ((container.get("lastState") or {}).get("terminated") or {}).get("finishedAt") or ""


def _closing(pod: Body, status: Body, word: str) -> str:
    if not is_deleting(pod):
        return word
    if status.get("reason") == "NodeLost":
        return "Unknown"
    return word if status.get("phase") in TERMINAL else "Terminating"


def _is_true(status: Body, type_: str) -> bool:
    return any(c["type"] == type_ and c["status"] == "True" for c in status.get("conditions") or ())
