"""The faults of a cluster, those that hold and those that are over, with what was felt of them: from store and log."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from clusters.faults import FAULTS
from clusters.faults.faulttype import FaultType
from clusters.kinds.body import Body, dig, uid_of
from clusters.kinds.fault import aim, duration, missed
from clusters.models import Change as Logged
from clusters.models import Cluster
from clusters.reconcile.clock import Time, parse
from clusters.store.past import objects_at
from playground.faults.meter import RESOURCES, Change, Felt, Meter, spoken
from playground.home.reading import Reading

LATEST = 6  # faults that are over
LINES, PARTS = 2000, 10  # of the log that one look walks; the next goes on
METERS = 200  # faults whose meter is kept
AFTERMATH = 600_000_000  # so long after its end it is looked whether all is whole again

_meters: OrderedDict[tuple[int, str], Read] = OrderedDict()
_guard = Lock()


@dataclass(frozen=True, slots=True)
class Recorded:
    """One fault as the panel shows it."""

    body: Body
    type: FaultType
    felt: Felt | None
    left: Time | None = None  # until it heals by itself
    over: bool = False

    @property
    def name(self) -> str:
        return str(self.body["metadata"]["name"])

    @property
    def aim(self) -> str:
        return aim(self.body, 0)

    @property
    def message(self) -> str:
        return str(dig(self.body, "status.message", ""))

    @property
    def missed(self) -> bool:
        return bool(missed(self.body))

    @property
    def remaining(self) -> str:
        return spoken(self.left)

    @property
    def lasted(self) -> str:
        return spoken(self.felt.lasted) if self.felt else ""

    @property
    def detected(self) -> str:
        return spoken(self.felt.detected) if self.felt else ""

    @property
    def healed(self) -> str:
        return spoken(self.felt.healed) if self.felt else ""

    @property
    def success(self) -> str:
        found = self.felt.success if self.felt else None
        return "" if found is None else f"{found:.1f} %".replace(".0 %", " %")


def recorded(cluster: Cluster) -> tuple[list[Recorded], list[Recorded]]:
    """Those that hold, then the latest that are over."""
    reading = Reading(cluster)
    standing = [one for one in reading.list("faults") if dig(one, "spec.type") in FAULTS]
    active = [one for one in standing if dig(one, "status.phase") != "Done"]
    done = [(one, _finished(one, reading.now)) for one in standing if dig(one, "status.phase") == "Done"]
    done += _deleted(cluster)
    done.sort(key=lambda found: -found[1])
    over = [_told(cluster, one, reading.now, at) for one, at in done[:LATEST]]
    return [_told(cluster, one, reading.now, None) for one in active], over


def _finished(fault: Body, now: Time) -> Time:
    stamp = dig(fault, "status.finishedAt")
    return parse(stamp) if stamp else now


def _deleted(cluster: Cluster) -> list[tuple[Body, Time]]:
    lines = Logged.objects.filter(cluster=cluster, resource="faults", op="DELETED").order_by("-revision")
    found = lines.values_list("body", "at")[:LATEST]
    return [
        (body, at) for body, at in found if dig(body, "spec.type") in FAULTS and dig(body, "status.phase") != "Done"
    ]


def _told(cluster: Cluster, fault: Body, now: Time, ended: Time | None) -> Recorded:
    type_, reading = FAULTS[fault["spec"]["type"]], None
    meter = None if missed(fault) else _meter(cluster, fault)
    if meter is not None:
        until = now if ended is None else min(now, ended + AFTERMATH, _next(cluster, ended) or now)
        with meter.lock:
            reading = meter.read(cluster, ended, until)
    lasts = duration(dig(fault, "spec.duration"))
    started = parse(dig(fault, "status.startedAt") or fault["metadata"]["creationTimestamp"])
    left = max(started + lasts - now, 0) if lasts and ended is None else None
    return Recorded(fault, type_, reading, left, ended is not None)


class Read:
    """The meter of a fault, and how far in the log it is."""

    def __init__(self, cluster: Cluster, type_: FaultType, revision: int, at: Time) -> None:
        before = objects_at(cluster.pk, revision, [one for one in RESOURCES if one != "events"]).objects
        self.lock, self._revision, self._until = Lock(), revision, at
        self._meter = Meter(before, at, moment=type_.moment)

    def read(self, cluster: Cluster, ended: Time | None, until: Time) -> Felt:
        self._meter.ended = None if ended is None else max(ended, self._meter.begin)
        lines = Logged.objects.filter(cluster=cluster, resource__in=RESOURCES)
        if ended is not None:
            lines = lines.filter(at__lte=until)
        for _ in range(PARTS if until != self._until else 0):
            rows = lines.filter(revision__gt=self._revision).order_by("revision")
            part = list(rows.values_list("revision", "at", "op", "resource", "body")[:LINES])
            for revision, *row in part:
                self._revision = revision
                self._meter.take(Change(*row))
            if len(part) < LINES:
                self._until = until
                break
        return self._meter.felt(until)


def _meter(cluster: Cluster, fault: Body) -> Read | None:
    """Made when the fault is looked at first; None where the log does not know its beginning any more."""
    place = (cluster.pk, uid_of(fault))
    with _guard:
        if place in _meters:
            _meters.move_to_end(place)
            return _meters[place]
    begun = Logged.objects.filter(cluster=cluster, uid=uid_of(fault), op="ADDED").values_list("revision", "at").first()
    if begun is None:
        return None
    made = Read(cluster, FAULTS[fault["spec"]["type"]], *begun)
    with _guard:
        _meters.setdefault(place, made)
        while len(_meters) > METERS:
            _meters.popitem(last=False)
        return _meters.get(place, made)


def _next(cluster: Cluster, ended: Time) -> Time | None:
    """When another fault began: what happens from then on may be that one's."""
    lines = Logged.objects.filter(cluster=cluster, resource="faults", op="ADDED", at__gt=ended)
    return lines.order_by("revision").values_list("at", flat=True).first()
