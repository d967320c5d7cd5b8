"""What truly runs of a pod on its machine, from its sandbox: the third ink (Kubernetes: container runtime). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from clusters.kinds.body import Body
from clusters.reconcile.clock import MILLISECOND, Time
from workloads.kubelet import probes
from workloads.kubelet.metrics import spun_of
from workloads.runtime import container as runtime

MEBIBYTE = 1 << 20
STEPS = 40  # so finely a use is told
NOISE = 16  # what differs from what was told by less than one part in so many is no news


def truth(box: Body, periods: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """How many containers run, on which ports somebody listens, and the probe whose verdict is awaited."""
    runs = [run for name in box.get("running") or () if (run := box["containers"][name].get("run"))]
    listens = sorted({port for run in runs for port in runtime.listening(run)})
    found = {"up": len(box.get("running") or ()), "listens": listens or None, "probe": _probe(box, periods)}
    return {name: value for name, value in found.items() if value is not None}


def use(box: Body, now: Time, *, spins: bool = False) -> list[int] | None:
    """Millicores and MiB in use; None before anything was measured. `spins`: a fault makes its processes spin."""
    ran = [one for name in box.get("running") or () if (one := box["containers"][name]).get("run")]
    used = [runtime.usage(one["run"], now) for one in ran]
    if not used or any(one["rate"] is None for one in used):
        return None
    rates = [max(one["rate"], spun_of(of) if spins else 0) for one, of in zip(used, ran, strict=True)]
    return [_coarse(sum(rates) // 1_000_000), _coarse(sum(one["memory"] for one in used) // MEBIBYTE)]


def is_idle(box: Body, now: Time) -> bool:
    """Nothing was spent lately and nothing will be by itself: what is used stays the same until somebody writes."""
    runs = [run for name in box.get("running") or () if (run := box["containers"][name].get("run"))]
    return all(runtime.is_idle(run, now) for run in runs)


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


def _probe(box: Body, periods: Mapping[str, Sequence[int]]) -> list[Any] | None:
    """[kind, first look, period, failures in a row, how many count, 1 when the last went well]; times in ms.

    Only while a verdict is awaited, or is not the good one: healthy is quiet.
    """
    for kind in probes.KINDS:
        for name in box.get("running") or ():
            run = (box["containers"][name].get("probes") or {}).get(kind)
            if run and kind in periods and (run["ok"] is not True or run["same"] is False):
                period, threshold = periods[kind]
                well = int(run["same"] is not False)
                return [kind, run["origin"] // MILLISECOND, period, run["count"], threshold, well]
    return None
