"""What several questions read of a pod's containers: their statuses, their sandbox, the wait before the next try."""

from __future__ import annotations

from collections.abc import Callable

from clusters.kinds.body import Body, dig, is_deleting, uid_of
from clusters.reconcile.clock import SECOND, rfc3339
from playground.reasons.answer import Figures, figures
from playground.reasons.evidence import Evidence, Moment

FIELDS = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
GROUPS = ("initContainers", "containers", "ephemeralContainers")


def statuses_of(pod: Body) -> list[Body]:
    """Of all its containers, in the order in which they start."""
    return [status for field in FIELDS for status in dig(pod, f"status.{field}", ())]


def spec_of(pod: Body, container: str) -> Body:
    found = (one for group in GROUPS for one in dig(pod, f"spec.{group}", ()) if one["name"] == container)
    return next(found, {})


def field_of(pod: Body, container: str) -> str:
    """Where it stands in the pod: `spec.containers[web]`."""
    groups = (group for group in GROUPS if any(one["name"] == container for one in dig(pod, f"spec.{group}", ())))
    return f"spec.{next(groups, GROUPS[1])}[{container}]"


def box_of(pod: Body, container: str, evidence: Evidence) -> Body:
    """What the machine itself holds of the container: the true ink."""
    node = dig(pod, "spec.nodeName", "")
    sandbox = evidence.get("sandboxes", node, uid_of(pod)) if node else None
    found: Body = dig(sandbox, "containers", {}).get(container) or {}
    return found


def is_well(pod: Body) -> bool:
    """Ready, and nobody has asked it to go: no question about its state arises."""
    for one in (pod.get("status") or {}).get("conditions") or ():
        if one["type"] == "Ready":
            return one["status"] == "True" and not is_deleting(pod)
    return False


def turned(evidence: Evidence, pod: Body, holds: Callable[[Body], bool]) -> Moment | None:
    """The moment since which this has held without a break, as far as the log tells."""
    since = None
    for moment in reversed(evidence.story(uid_of(pod))):
        if not holds(moment.body):
            break
        since = moment
    return since


def next_try(pod: Body, container: str, evidence: Evidence) -> Figures | None:
    """The back-off: how long the wait is, and when it ends."""
    box = box_of(pod, container, evidence)
    waits = box.get("backoff") if box.get("until") else box.get("pullBackoff") or box.get("backoff")
    if not waits:
        return None
    due = int(box.get("until") or waits["since"] + (waits["wait"] if "pullBackoff" in box else 0))
    if due <= evidence.now:
        return None
    tries = () if "pullBackoff" in box else (("Ends so far", box.get("restarts", 0) + 1),)
    rows = (
        *tries,
        ("The wait now", f"{waits['wait'] / SECOND:g} s; it doubles each time, up to a limit"),
        ("Next try", rfc3339(due)[11:19]),
    )
    return figures("Back-off", *rows, due=due, lasts=waits["wait"])


def end_seen(evidence: Evidence, pod: Body, ended: Body) -> Moment | None:
    """The line of the log that first told of this end of a container."""
    mark = (ended.get("containerID"), ended.get("finishedAt"))
    for moment in evidence.story(uid_of(pod)):
        for status in statuses_of(moment.body):
            found = ended_at(status) or {}
            if (found.get("containerID"), found.get("finishedAt")) == mark:
                return moment
    return None


def ended_at(status: Body) -> Body | None:
    """How its last process ended."""
    found: Body | None = dig(status, "lastState.terminated") or dig(status, "state.terminated")
    return found
