"""NetworkLatency: a long way (no Kubernetes concept: the network)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

NETWORK_LATENCY = FaultType(
    "NetworkLatency",
    target="network",
    group="Network",
    title="Slow the network",
    options=("delay",),
    happens="Every packet from and to these nodes or pods (or every one) needs longer: half a second unless you say "
    "otherwise.",
    look_for="Requests are late by the delay, those that ask others by several; whoever has less patience sees "
    "timeouts. Nothing is unready.",
    heals="Delete the fault.",
)
