"""What a user of the application felt while a fault held, computed from the change log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from clusters.kinds.body import Body, Key, dig, key_of, labels_of
from clusters.reconcile.clock import SECOND, Time

RESOURCES = ("deployments", "statefulsets", "daemonsets", "nodes", "endpointslices", "traffic", "events")
WORKLOADS = ("deployments", "statefulsets", "daemonsets")
SERVICE_NAME = "kubernetes.io/service-name"
SYSTEM = "kube-system"
TELLING = ("NodeNotReady", "NodeHasInsufficientMemory", "NodeHasDiskPressure", "NodeHasInsufficientPID")
Place = tuple[str, Key]
T = TypeVar("T")


class Change(NamedTuple):
    """A line of the log."""

    at: Time
    op: str
    resource: str
    body: Body


@dataclass(frozen=True, slots=True)
class Felt:
    """Times in microseconds of cluster time. `measured`: "traffic", "endpoints", or "" where nobody could feel it."""

    lasted: Time
    measured: str = ""
    success: float | None = None  # per cent
    failed: int = 0
    latency: str = ""  # the worst 95th percentile
    reason: str = ""  # the most frequent one
    detected: Time | None = None  # after the beginning
    by: str = ""  # what told it first
    broken: Sequence[str] = ()  # what is not whole now
    hurt: Sequence[str] = ()  # all that was not whole at some time
    healed: Time | None = None  # after the beginning


@dataclass(slots=True)
class Watched:
    """How all that matters stands while the log is walked."""

    whole: dict[Place, bool] = field(default_factory=dict)
    ready: dict[Place, tuple[Key, int]] = field(default_factory=dict)  # slice -> its Service, ready endpoints
    traffic: dict[Place, Body] = field(default_factory=dict)
    nodes: dict[Place, bool] = field(default_factory=dict)

    def take(self, resource: str, body: Body, *, gone: bool = False) -> None:
        place = (resource, key_of(body))
        if resource in WORKLOADS and place[1].namespace != SYSTEM:
            _keep(self.whole, place, is_whole(resource, body), gone)
        elif resource == "endpointslices" and (service := _service(body)):
            _keep(self.ready, place, (service, _ready(body)), gone)
        elif resource == "traffic":
            _keep(self.traffic, place, body.get("status") or {}, gone)
        elif resource == "nodes":
            _keep(self.nodes, place, _is_ready(body), gone)

    def services(self) -> dict[Key, int]:
        """Ready endpoints of each Service."""
        found: dict[Key, int] = {}
        for service, ready in self.ready.values():
            found[service] = found.get(service, 0) + ready
        return found


def _keep(shelf: dict[Place, T], place: Place, value: T, gone: bool) -> None:
    if gone:
        shelf.pop(place, None)
    else:
        shelf[place] = value


def felt(before: Mapping[str, Sequence[Body]], changes: Iterable[Change], begin: Time, end: Time) -> Felt:
    """What was whole before, what broke, when it was told, when it was whole again; up to `end`."""
    watched = Watched()
    for resource, bodies in before.items():
        for body in bodies:
            watched.take(resource, body)
    were = [place for place, whole in watched.whole.items() if whole]
    reached = [service for service, ready in watched.services().items() if ready]
    started, worst = dict(watched.traffic), Worst()
    detected: Time | None = None
    by, hurt, healed, up, last = "", list[Place](), None, 0, begin
    for change in changes:
        up += _up(watched, reached) * (change.at - last)
        last = max(last, change.at)
        nodes = dict(watched.nodes)
        watched.take(change.resource, change.body, gone=change.op == "DELETED")
        worst.take(change)
        if detected is None and (told := _tells(change, nodes)):
            detected, by = change.at - begin, told
        broken = [place for place in were if not watched.whole.get(place, True)]
        hurt += [place for place in broken if place not in hurt]
        healed = None if broken or not hurt else (change.at - begin if healed is None else healed)
    up += _up(watched, reached) * max(end - last, 0)
    broken = [place for place in were if not watched.whole.get(place, True)]
    lasted = max(end - begin, 0)
    shared = Felt(
        lasted, detected=detected, by=by, broken=_named(broken), hurt=_named(hurt), healed=healed if hurt else None
    )
    return _measured(shared, started, watched, worst, _share(up, len(reached), lasted))


@dataclass(slots=True)
class Worst:
    """The worst that Traffic told."""

    latency: str = ""
    size: float = 0

    def take(self, change: Change) -> None:
        told = dig(change.body, "status.latency.p95") if change.resource == "traffic" else None
        if told and milliseconds(told) > self.size:
            self.latency, self.size = told, milliseconds(told)


def _measured(shared: Felt, started: Mapping[Place, Body], watched: Watched, worst: Worst, up: float | None) -> Felt:
    sent = failed = 0
    reasons: dict[str, int] = {}
    for place, status in watched.traffic.items():
        old = started.get(place, {})
        sent += (status.get("succeeded") or 0) + (status.get("failed") or 0)
        sent -= (old.get("succeeded") or 0) + (old.get("failed") or 0)
        failed += (status.get("failed") or 0) - (old.get("failed") or 0)
        for one in status.get("reasons") or ():
            reasons[one["reason"]] = reasons.get(one["reason"], 0) + one["count"]
        for one in old.get("reasons") or ():
            reasons[one["reason"]] = reasons.get(one["reason"], 0) - one["count"]
    fields = {name: getattr(shared, name) for name in ("lasted", "detected", "by", "broken", "hurt", "healed")}
    if sent > 0:
        reason = max(reasons, key=lambda one: (reasons[one], one), default="") if failed > 0 else ""
        success = 100 * (sent - failed) / sent
        return Felt(**fields, measured="traffic", success=success, failed=failed, latency=worst.latency, reason=reason)
    return shared if up is None else Felt(**fields, measured="endpoints", success=up)


def _up(watched: Watched, reached: Sequence[Key]) -> int:
    """How many of these Services have an endpoint that is ready."""
    services = watched.services()
    return sum(1 for service in reached if services.get(service))


def _share(up: Time, services: int, lasted: Time) -> float | None:
    if not services:
        return None
    return 100.0 if not lasted else min(100 * up / (services * lasted), 100.0)


def _tells(change: Change, nodes: Mapping[Place, bool]) -> str:
    """What an operator could have seen: a new Warning, a node that is not ready any more."""
    body = change.body
    if change.resource == "events" and change.op == "ADDED":
        if body["involvedObject"].get("kind") != "Fault" and (body["type"] == "Warning" or body["reason"] in TELLING):
            return f"{body['reason']} of {body['involvedObject'].get('name', '')}"
    elif change.resource == "nodes" and nodes.get(("nodes", key_of(body))) and not _is_ready(body):
        return f"NodeNotReady of {body['metadata']['name']}"
    return ""


def is_whole(resource: str, body: Body) -> bool:
    """All that is wanted is there and ready, of the version that is wanted."""
    status = body.get("status") or {}
    if resource == "daemonsets":
        return bool((status.get("numberReady") or 0) >= (status.get("desiredNumberScheduled") or 0))
    wanted = body["spec"].get("replicas", 1)
    updated = status.get("updatedReplicas", wanted if resource == "statefulsets" else 0) or 0
    return bool((status.get("readyReplicas") or 0) >= wanted and updated >= wanted)


def _service(endpointslice: Body) -> Key | None:
    key, name = key_of(endpointslice), labels_of(endpointslice).get(SERVICE_NAME)
    if not name or key.namespace == SYSTEM or (key.namespace, name) == ("default", "kubernetes"):
        return None
    return Key(key.namespace, name)


def _ready(endpointslice: Body) -> int:
    return sum(1 for one in endpointslice.get("endpoints") or () if dig(one, "conditions.ready", True))


def _is_ready(node: Body) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in dig(node, "status.conditions") or ())


def _named(places: Sequence[Place]) -> list[str]:
    return [f"{resource.removesuffix('s')} {key.name}" for resource, key in places]


def milliseconds(told: str) -> float:
    """A Go duration like `1.5s` or `12ms`."""
    for unit, size in (("ms", 1.0), ("us", 0.001), ("µs", 0.001), ("s", 1000.0)):
        if told.endswith(unit) and told.removesuffix(unit).replace(".", "", 1).isdigit():
            return float(told.removesuffix(unit)) * size
    return 0.0


def spoken(time: Time | None) -> str:
    """`0:42`, `12.5 s`."""
    if time is None:
        return ""
    seconds = time / SECOND
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60}:{int(seconds) % 60:02d} min"
