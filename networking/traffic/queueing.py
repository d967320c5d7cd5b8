"""What a pod makes of the requests that come in one moment: they wait, are answered, or find its queue full.

A server works on `at_once` requests, each of which takes a while and some CPU; what it cannot take yet waits in the
listening socket's queue (Linux: somaxconn). Random arrivals wait even below the limit (M/M/c, by Sakasegawa).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist

from clusters.kernel import Capacity
from clusters.reconcile.clock import Time

LISTEN = 4096  # net.core.somaxconn
POINTS = 20  # latencies that stand for all of one moment
GIVE_UP = 0.9  # who sees no end of it leaves the queue before its patience is over, so that others get through
FULL = 0.995  # above it, what waits is told by the queue alone
SPREAD = 0.22  # of the time that a request takes, as a part of it
BELL = NormalDist()


@dataclass(slots=True)
class Load:
    """What comes to one server in one moment, and what waits from before."""

    capacity: Capacity
    waiting: float = 0.0
    comes: int = 0
    takes: Time = 0  # of all that come, together
    cpu: Time = 0
    patience: Time = 0  # of the most patient client

    def add(self, count: int, takes: Time, cpu: Time, patience: Time) -> None:
        self.comes += count
        self.takes += takes * count
        self.cpu += cpu * count
        self.patience = max(self.patience, patience)


@dataclass(frozen=True, slots=True)
class Service:
    """How the moment went: `full` is the part that found no place, the rest waits from `first` to `last`."""

    left: float  # that wait at its end
    full: float
    first: float  # microseconds
    last: float
    busy: float  # the part of random arrivals that have to wait
    mean: float  # how long those do, in microseconds
    spent: int  # microseconds of CPU
    flying: float  # requests in the server's hands


def served(load: Load, length: Time) -> Service:
    """`length` of the moment in microseconds."""
    takes = max(1.0, load.takes / load.comes) if load.comes else 1.0
    cpu = load.cpu / load.comes if load.comes else 0.0
    cores = load.capacity.cpu / 1000
    speed = min(load.capacity.at_once / takes, cores / cpu if cpu else 1.0)  # requests per microsecond
    could = speed * length
    left = max(0.0, load.waiting + load.comes - could)
    room = max(1.0, min(LISTEN + load.capacity.at_once, speed * (load.patience - 2 * takes) * GIVE_UP))
    full = min(float(load.comes), max(0.0, left - room))
    use = min(FULL, load.comes / could)
    hands = max(1.0, speed * takes)
    busy = use ** (sqrt(2.0 * (hands + 1.0)) - 1.0)
    return Service(
        left=left - full,
        full=full / load.comes if load.comes else 0.0,
        first=load.waiting / speed,
        last=(left - full) / speed,
        busy=min(1.0, busy),
        mean=takes / (hands * (1.0 - use)) if left <= 0.0 else 0.0,
        spent=round(min(could, load.waiting + load.comes) * cpu),
        flying=left - full + load.comes / length * takes,
    )


def latency(base: Time, services: list[Service], at: float, luck: float) -> float:
    """Microseconds of the request at this place (0 to 1) of all of the moment, from the fast to the slow ones."""
    found = base * max(0.4, 1.0 + SPREAD * BELL.inv_cdf(min(0.999, max(0.001, at))))
    for service in services:
        found += service.first + (service.last - service.first) * luck
        if at > 1.0 - service.busy and service.mean:
            found += -log(max(1e-4, (1.0 - at) / service.busy)) * service.mean
    return found
