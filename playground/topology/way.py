"""The way of a change: whom it passed, in order, from the log's actors and causes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

Line = dict[str, Any]  # revision, op, resource, namespace, name, uid, actor, cause, why, at
QUIET = ("events", "leases", "endpoints")  # what goes along and is no step of its own
PREFIXES = {"kubelet/": "kubelet", "kube-proxy/": "proxy", "kube-proxies": "proxy", "machine/": "machine"}
MOST = 80  # steps that are told


def station(actor: str) -> str:
    """Where in the picture who wrote it stands."""
    if actor.endswith("-controller") or actor in ("disk-provisioner", "horizontal-pod-autoscaler"):
        return "controllers"
    if "scheduler" in actor:
        return "scheduler"
    return next((place for start, place in PREFIXES.items() if actor.startswith(start)), "you")


def latest(lines: Iterable[Line]) -> int | None:
    """The last change that somebody asked for: nothing in the cluster made it necessary."""
    found = None
    for line in lines:
        if line["cause"] is None and line["resource"] not in QUIET and _asked(line["actor"]):
            found = line["revision"]
    return found


def way(lines: Sequence[Line], first: int) -> list[Line]:
    """That change and all that it made necessary, in the order in which they were written."""
    through = {first}
    steps: list[Line] = []
    for line in lines:
        if line["revision"] != first and line["cause"] not in through:
            continue
        through.add(line["revision"])
        if line["resource"] not in QUIET and len(steps) < MOST:
            steps.append({**line, "station": station(line["actor"])})
    return steps


def _asked(actor: str) -> bool:
    return station(actor) == "you" and not actor.startswith("system:")
