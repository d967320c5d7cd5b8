"""What a user of the application felt while a fault held, computed from the change log. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from clusters.kinds.body import Body, Key, dig, key_of, labels_of
from clusters.reconcile.clock import MINUTE, SECOND, Time

RESOURCES = ("deployments", "statefulsets", "daemonsets", "nodes", "endpointslices", "traffic", "events")
WORKLOADS = ("deployments", "statefulsets", "daemonsets")
SERVICE_NAME = "kubernetes.io/service-name"
SYSTEM = "kube-system"
AFTER = MINUTE  # so long after its end a fault may still break something
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


class Meter:
    """Feed it the log from the fault's beginning on: it goes on from where it was.

    Requests count while the fault holds and until all is whole again; those of a `moment` for a minute at least.
    """

    def __init__(self, before: Mapping[str, Sequence[Body]], begin: Time, *, moment: bool = False) -> None:
        self.begin, self._moment = begin, moment
        self.ended: Time | None = None  # of the fault, when it is known
        self._whole: dict[Place, bool] = {}
        self._nodes: dict[Place, bool] = {}
        self._slices: dict[Place, tuple[Key, int]] = {}  # -> its Service, ready endpoints
        self._requests = Requests()
        for resource, bodies in before.items():
            for body in bodies:
                self._keep(resource, body)
                self._requests.begin(resource, body)
        self._were = [place for place, whole in self._whole.items() if whole]
        self._reached = [service for service, ready in self._services().items() if ready]
        self._up, self._counted, self._last = 0, 0, begin
        self._detected: Time | None = None
        self._by, self._hurt = "", dict[Place, None]()
        self._broken: list[Place] = []
        self._healed: Time | None = None

    def take(self, change: Change) -> None:
        """A line of the log. What happens when all has long been whole again is of something else."""
        if self.ended is not None and not self._broken and change.at > self.ended + AFTER:
            return
        self._pass(change.at)
        if self._detected is None and (told := _tells(change, self._nodes)):
            self._detected, self._by = change.at - self.begin, told
        self._requests.take(change, counts=self._counts(change.at))
        self._keep(change.resource, change.body, gone=change.op == "DELETED")
        if change.resource in WORKLOADS:
            self._look(change.at)

    def felt(self, now: Time) -> Felt:
        """As it is at `now`, of which all lines are told."""
        self._pass(now)
        until = now if self.ended is None else self.ended
        lasted, asked = max(until - self.begin, 0), self._requests
        return Felt(
            lasted,
            measured="traffic" if asked.sent > 0 else "endpoints" if self._reached else "",
            success=asked.success if asked.sent > 0 else self._share(),
            failed=asked.failed,
            latency=asked.latency,
            reason=asked.reason,
            detected=self._detected,
            by=self._by,
            broken=_named(self._broken),
            hurt=_named(self._hurt),
            healed=self._healed,
        )

    def _pass(self, at: Time) -> None:
        """Time goes by as things stand. What counts ends with the fault, or within this time when all is whole."""
        if at <= self._last:
            return
        stop = at if self._counts(at) else min(max(self._end(), self._last), at)
        services = self._services()
        up = sum(1 for service in self._reached if services.get(service))
        self._up += up * (stop - self._last)
        self._counted += stop - self._last
        self._last = at

    def _end(self) -> Time:
        assert self.ended is not None
        return self.ended + (AFTER if self._moment else 0)

    def _counts(self, at: Time) -> bool:
        return self.ended is None or bool(self._broken) or at <= self._end()

    def _share(self) -> float | None:
        """How much of the time its Services could be reached, in per cent."""
        if not self._reached:
            return None
        return 100 * self._up / (len(self._reached) * self._counted) if self._counted else 100.0

    def _look(self, at: Time) -> None:
        self._broken = [place for place in self._were if not self._whole.get(place, True)]
        self._hurt |= dict.fromkeys(self._broken)
        if self._broken or not self._hurt:
            self._healed = None
        elif self._healed is None:
            self._healed = at - self.begin

    def _keep(self, resource: str, body: Body, *, gone: bool = False) -> None:
        place = (resource, key_of(body))
        if resource in WORKLOADS and place[1].namespace != SYSTEM:
            _shelve(self._whole, place, is_whole(resource, body), gone)
        elif resource == "endpointslices" and (service := _service(body)):
            _shelve(self._slices, place, (service, _ready(body)), gone)
        elif resource == "nodes":
            _shelve(self._nodes, place, _is_ready(body), gone)

    def _services(self) -> dict[Key, int]:
        """Ready endpoints of each Service."""
        found: dict[Key, int] = {}
        for service, ready in self._slices.values():
            found[service] = found.get(service, 0) + ready
        return found


class Requests:
    """What became of them, added up from what each Traffic tells; one that is made anew begins at nothing."""

    def __init__(self) -> None:
        self.sent = self.failed = 0
        self.latency = ""
        self._slowest = 0.0
        self._reasons: dict[str, int] = {}
        self._told: dict[tuple[Key, str], Body] = {}

    @property
    def success(self) -> float:
        return 100 * (self.sent - self.failed) / self.sent

    @property
    def reason(self) -> str:
        return max(self._reasons, key=lambda one: (self._reasons[one], one), default="") if self.failed else ""

    def begin(self, resource: str, traffic: Body) -> None:
        if resource == "traffic":
            self._told[_who(traffic)] = traffic.get("status") or {}

    def take(self, change: Change, *, counts: bool) -> None:
        if change.resource != "traffic" or change.op == "DELETED":
            return
        who, new = _who(change.body), change.body.get("status") or {}
        old, self._told[who] = self._told.get(who, {}), new
        if not counts:
            return
        failed = _count(new, "failed") - _count(old, "failed")
        self.failed += failed
        self.sent += failed + _count(new, "succeeded") - _count(old, "succeeded")
        for told, sign in ((new, 1), (old, -1)):
            for one in told.get("reasons") or ():
                self._reasons[one["reason"]] = self._reasons.get(one["reason"], 0) + sign * one["count"]
        latency = dig(new, "latency.p95")
        if latency and milliseconds(latency) > self._slowest:
            self.latency, self._slowest = latency, milliseconds(latency)


def _who(traffic: Body) -> tuple[Key, str]:
    return key_of(traffic), str(traffic["metadata"].get("uid") or "")


def _count(status: Body, name: str) -> int:
    return status.get(name) or 0


def _shelve(shelf: dict[Place, T], place: Place, value: T, gone: bool) -> None:
    if gone:
        shelf.pop(place, None)
    else:
        shelf[place] = value


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


def _named(places: Iterable[Place]) -> list[str]:
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
