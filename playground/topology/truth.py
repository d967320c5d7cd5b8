"""What truly runs of a pod on its machine, from its sandbox: the third ink (Kubernetes: container runtime). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clusters.kinds.body import Body
from clusters.reconcile.clock import MILLISECOND, Time
from workloads.kubelet import probes
from workloads.kubelet.metrics import spun_of
from workloads.runtime import container as runtime

MEBIBYTE = 1 << 20
STEPS = 40  # so finely a use is told
NOISE = 16  # what differs from what was told by less than one part in so many is no news


@dataclass(frozen=True, slots=True)
class Box:
    """What of a sandbox is looked at; the rest, which may be large, is let go."""

    pod: tuple[str, str]
    static: bool
    up: int  # containers that run
    listens: tuple[int, ...]
    probes: Sequence[tuple[str, Body]]  # by kind, in the order in which their verdicts matter
    ran: Sequence[Body]  # the containers, as long as what they use is still to be measured


@dataclass(frozen=True, slots=True)
class Spent:
    """Nanocores of each container, those that it takes when it spins, bytes of memory, and since when it is so."""

    since: Time
    rates: Sequence[int]
    spun: Sequence[int]
    memory: int


def look(box: Body) -> Box:
    pod, names = box.get("pod") or {}, box.get("running") or ()
    ran = [one for name in names if (one := box["containers"][name]).get("run")]
    listens = {port for one in ran for port in runtime.listening(one["run"])}
    probing = [box["containers"][name].get("probes") or {} for name in names]
    probes_ = [(kind, found) for kind in probes.KINDS for one in probing if (found := one.get(kind))]
    home = (pod.get("namespace") or "", pod.get("name") or "")
    return Box(home, bool(box.get("static")), len(names), tuple(sorted(listens)), probes_, ran)


def truth(box: Box, periods: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """How many containers run, on which ports somebody listens, and the probe whose verdict is awaited."""
    found = {"up": box.up, "listens": list(box.listens) or None, "probe": _probe(box, periods)}
    return {name: value for name, value in found.items() if value is not None}


def spent(box: Box, now: Time) -> Spent | None:
    """None before anything was measured."""
    used = [runtime.usage(one["run"], now) for one in box.ran]
    if not used or any(one["rate"] is None for one in used):
        return None
    spun = [spun_of(one) for one in box.ran]
    return Spent(now, [one["rate"] for one in used], spun, sum(one["memory"] for one in used))


def use(spent: Spent, *, spins: bool, frozen: bool) -> list[int]:
    """Millicores and MiB. Who spins takes all it may; a frozen machine remembers everything and does nothing."""
    rates = map(max, spent.rates, spent.spun) if spins else spent.rates
    return [0 if frozen else _coarse(sum(rates) // 1_000_000), _coarse(spent.memory // MEBIBYTE)]


def idle_since(box: Box) -> Time:
    """Nothing was spent lately and nothing will be by itself: what is used stays the same until somebody writes."""
    return max((runtime.idle_since(one["run"]) for one in box.ran), default=0)


def is_news(told: Sequence[int] | None, now: Sequence[int] | None) -> bool:
    """Amounts flicker: a little more or less is the same."""
    if told is None or now is None:
        return told != now
    return any(abs(a - b) > max(1, a // NOISE) for a, b in zip(told, now, strict=True))


def periods_of(spec: Body) -> dict[str, list[int]]:
    """Per kind of probe: its period in milliseconds and its threshold for failure. The first container's count."""
    found: dict[str, list[int]] = {}
    for container in (*(spec.get("initContainers") or ()), *spec["containers"]):
        for kind in probes.KINDS:
            probe = container.get(f"{kind}Probe")
            if probe:
                found.setdefault(kind, [probes.period(probe) // MILLISECOND, probe.get("failureThreshold") or 3])
    return found


def _coarse(amount: int) -> int:
    """To about two and a half per cent."""
    step = 1
    while amount // step > STEPS * 2:
        step *= 2
    return amount // step * step


def _probe(box: Box, periods: Mapping[str, Sequence[int]]) -> list[Any] | None:
    """[kind, first look, period, failures in a row, how many count, 1 when the last went well]; times in ms.

    Only while a verdict is awaited, or is not the good one: healthy is quiet.
    """
    for kind, run in box.probes:
        if kind in periods and (run["ok"] is not True or run["same"] is False):
            period, threshold = periods[kind]
            well = int(run["same"] is not False)
            return [kind, run["origin"] // MILLISECOND, period, run["count"], threshold, well]
    return None
