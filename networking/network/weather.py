"""What faults do to packets on their way: some are lost, some are late (no Kubernetes concept: the wires)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body
from clusters.kinds.fault import duration
from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from clusters.reconcile.faults import Active
from networking.network.trip import Trip

LOST, DELAY = 30, 500 * MILLISECOND  # per cent; one way
TRIES = 7  # a SYN is sent again after 1, 2, 4, ... seconds (tcp_syn_retries 6)


def delay(trip: Trip, pod: Body | None, node: str) -> Time | None:
    """How much longer it takes; None: nothing of it arrives."""
    if not any(trip.view.derived(Active).of(fault) for fault in ("NetworkLatency", "PacketLoss")):
        return 0
    late: Time = 0
    for ends in _ends(trip, pod, node):
        fault = trip.view.hit_by("NetworkLatency", **ends)
        if fault is not None:
            late = max(late, duration(fault["spec"].get("delay")) or DELAY)
    lost = _lost(trip, pod, node)
    return None if lost is None else late * 2 + lost


def _lost(trip: Trip, pod: Body | None, node: str) -> Time | None:
    """How long what was lost is waited for; TCP alone sends again."""
    found = (trip.view.hit_by("PacketLoss", **ends) for ends in _ends(trip, pod, node))
    fault = next((one for one in found if one is not None), None)
    if fault is None:
        return 0
    share = (fault["spec"].get("percent") or LOST) / 100
    waited: Time = 0
    for attempt in range(TRIES):
        if trip.view.random.fraction() >= share:
            return waited
        if trip.transport != "TCP":
            return None
        waited += SECOND << attempt
    return None


def _ends(trip: Trip, pod: Body | None, node: str) -> Iterator[dict[str, str]]:
    """Who takes part: both machines, both pods."""
    for machine in dict.fromkeys((trip.node, node)):
        if machine:
            yield {"node": machine}
    for one in (trip.source, pod):
        if one is not None:
            yield {"namespace": one["metadata"]["namespace"], "pod": one["metadata"]["name"]}
