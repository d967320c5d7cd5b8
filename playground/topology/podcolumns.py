"""Single columns of a pod's row: what it waits for, how long, and what the API believes of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from clusters.kinds.body import Body, annotations_of, dig, labels_of
from clusters.reconcile.clock import MILLISECOND, parse
from playground.topology.amounts import limited, mebibytes, millicores
from workloads.images import nearest
from workloads.kubelet.mirror import HASH, is_static

NO_EXECUTE = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
BACK_OFF = re.compile(r"back-off ((?:\d+h)?(?:\d+m)?(?:[\d.]+s)?)\b")
GENERATED = (
    "pod-template-hash", "controller-revision-hash", "pod-template-generation", "batch.kubernetes.io/controller-uid",
    "controller-uid", "statefulset.kubernetes.io/pod-name", "apps.kubernetes.io/pod-index",
)  # fmt: skip
NOT_PULLED = ("ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull")
UNITS = {"h": 3_600_000, "m": 60_000, "s": 1_000}


def labels(pod: Body) -> dict[str, str]:
    """What a selector or a visitor asks for: the marks of controllers are left out."""
    return {name: value for name, value in labels_of(pod).items() if name not in GENERATED}


def lids(spec: Body) -> list[int | None] | None:
    """Limits of CPU and memory: above the one it waits, above the other it is killed."""
    if not any((c.get("resources") or {}).get("limits") for c in spec["containers"]):
        return None
    lids = [limited(spec, "cpu", millicores), limited(spec, "memory", mebibytes)]
    return lids if any(lid is not None for lid in lids) else None


def believed(pod: Body) -> int | None:
    """How many containers run as the API has it."""
    return sum("running" in (c.get("state") or {}) for c in _statuses(pod)) or None


def sandbox_of(pod: Body) -> str | None:
    """What its sandbox is called where that is not its uid: a static pod's outlives its mirror."""
    return annotations_of(pod)[HASH] if is_static(pod) else None


def grace(pod: Body) -> list[int] | None:
    """From when until when it may say goodbye."""
    until, seconds = dig(pod, "metadata.deletionTimestamp"), dig(pod, "metadata.deletionGracePeriodSeconds")
    return [millis(until) - seconds * 1000, millis(until)] if until and seconds else None


def was_out_of_memory(pod: Body) -> bool:
    statuses = dig(pod, "status.containerStatuses") or ()
    return any(dig(c, f"{when}.terminated.reason") == "OOMKilled" for c in statuses for when in ("state", "lastState"))


def lost_readiness(pod: Body) -> bool:
    """It was ready since its containers started, and no longer is: later than a start, Ready turned False."""
    ready = condition(pod, "Ready")
    started = [dig(c, "state.running.startedAt") for c in dig(pod, "status.containerStatuses") or ()]
    if ready.get("status") == "True" or not ready.get("lastTransitionTime") or not all(started):
        return False
    return bool(started) and parse(ready["lastTransitionTime"]) > max(parse(at) for at in started)


def worst_container(pod: Body) -> Body:
    """The status of the container that waits or has ended; {} when all run."""
    stopped = [c for c in _statuses(pod) if not (c.get("state") or {}).get("running")]
    if not stopped:
        return {}
    troubled = [
        c for c in stopped if dig(c, "state.waiting.reason") not in (None, "ContainerCreating", "PodInitializing")
    ]
    return dict((troubled or stopped or [{}])[0])


def why_not(pod: Body, waiting: Body) -> str | None:
    """The scheduler's reason, or the kubelet's."""
    scheduled = condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        return str(scheduled.get("message") or scheduled.get("reason") or "") or None
    message = (waiting and dig(waiting, "state.waiting.message")) or (pod.get("status") or {}).get("message")
    return str(message) if message else None


def not_pulled(pod: Body, waiting: Body) -> list[str] | None:
    """The image that cannot be pulled; if its name is to blame, also what was meant ("" where none is like it)."""
    if dig(waiting, "state.waiting.reason") not in NOT_PULLED:
        return None
    typed = str(waiting.get("image") or _image_of(pod, str(waiting.get("name"))))
    meant = nearest(typed)
    return [typed] if meant is None else [typed, meant]


def _image_of(pod: Body, container: str) -> str:
    groups = (dig(pod, f"spec.{group}") or () for group in ("containers", "initContainers", "ephemeralContainers"))
    return next((str(one["image"]) for group in groups for one in group if one["name"] == container), "")


def held(metadata: Body) -> list[str] | None:
    """Whoever must still let go of it before it can be gone."""
    return metadata.get("finalizers") or None if metadata.get("deletionTimestamp") else None


def back_off(waiting: Body) -> dict[str, Any]:
    """From when until when it waits: `back-off 10s restarting failed container`."""
    said = BACK_OFF.search(dig(waiting, "state.waiting.message") or "")
    ended = dig(waiting, "lastState.terminated.finishedAt")
    if not said or not ended:
        return {}
    wait = sum(round(float(n) * UNITS[unit]) for n, unit in re.findall(r"([\d.]+)([hms])", said.group(1)))
    return {"since": millis(ended), "retryAt": millis(ended) + wait}


def tolerated_seconds(spec: Body) -> int | None:
    """How long it stays on a node that is not ready or unreachable; None: for ever, or it goes at once."""
    seconds: Sequence[int] = [
        t["tolerationSeconds"]
        for t in spec.get("tolerations") or ()
        if t.get("tolerationSeconds") is not None and t.get("key") in NO_EXECUTE
    ]
    return min(seconds) if seconds else None


def condition(body: Body, type_: str) -> Mapping[str, Any]:
    conditions: Sequence[Body] = (body.get("status") or {}).get("conditions") or ()
    return next((one for one in conditions if one["type"] == type_), {})


def millis(stamp: str) -> int:
    return parse(stamp) // MILLISECOND


def _statuses(pod: Body) -> Sequence[Body]:
    status = pod.get("status") or {}
    return [*(status.get("initContainerStatuses") or ()), *(status.get("containerStatuses") or ())]
