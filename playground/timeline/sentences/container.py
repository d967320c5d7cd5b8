"""What a kubelet reports of a pod's containers: started, ended, waiting before the next try."""

from __future__ import annotations

from collections.abc import Mapping

from clusters.kinds.body import Body, dig, is_deleting
from playground.timeline.line import Happened, Sentence, because

Told = tuple[Sentence, str] | None
WAITS = {
    "CrashLoopBackOff": "waits before it starts {container} of {pod} again: it ended too often",
    "ImagePullBackOff": "waits before it tries again to pull {image} for {pod}",
    "ErrImagePull": "cannot pull {image} for {pod}",
    "InvalidImageName": "cannot read the image name {image} of {pod}",
    "CreateContainerConfigError": "cannot make {container} of {pod}: {message}",
    "RunContainerError": "cannot start {container} of {pod}: {message}",
}


def container(happened: Happened, before: Body) -> Told:
    """The first container of which there is something new to tell."""
    if is_deleting(happened.after):
        return None
    if dig(happened.after, "status.phase") != dig(before, "status.phase"):
        ended = {"Succeeded": " has done its work", "Failed": " has failed"}.get(
            dig(happened.after, "status.phase", "")
        )
        if ended:
            return (happened.name, ended), "completed" if "done" in ended else "crash"
    old = {status["name"]: status for status in dig(before, "status.containerStatuses", ())}
    for status in dig(happened.after, "status.containerStatuses", ()):
        found = new_state(happened, status, old.get(status["name"], {}))
        if found:
            return found
    return None


def new_state(happened: Happened, now: Body, was: Mapping[str, Body]) -> Told:
    reason = dig(now, "state.waiting.reason", "")
    if reason in WAITS and reason != dig(was, "state.waiting.reason", ""):
        told = {
            "container": now["name"],
            "image": now.get("image", ""),
            "message": dig(now, "state.waiting.message", ""),
        }
        first, _, last = WAITS[reason].partition("{pod}")
        return (first.format(**told), happened.name, last.format(**told)), "crash"
    started = dig(now, "state.running.startedAt")
    if started and not dig(was, "state.running"):
        restarts = now.get("restartCount", 0)
        again = f" again, for the {ordinal(restarts)} time" if restarts else ""
        return (f"started {now['name']} of ", happened.name, again), "running"
    if dig(now, "state.terminated") and not dig(was, "state.terminated"):
        return ended(happened, now)
    return None


def ended(happened: Happened, now: Body) -> Told:
    code, reason = dig(now, "state.terminated.exitCode", 0), dig(now, "state.terminated.reason", "")
    how = f" ended with exit code {code}" + (f" ({reason})" if reason not in ("", "Error", "Completed") else "")
    # that it ended is no reason; a probe, a fault or a limit is
    told = "" if happened.why.startswith(f"{now['name']} ended") else because(happened.why)
    return (f"saw that {now['name']} of ", happened.name, how + told), "completed" if code == 0 else "crash"


def ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
