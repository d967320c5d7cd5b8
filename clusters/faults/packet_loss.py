"""PacketLoss: a bad cable (no Kubernetes concept: the network)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

PACKET_LOSS = FaultType(
    "PacketLoss",
    target="network",
    group="Network",
    title="Lose packets",
    options=("percent",),
    happens="Of the packets from and to these nodes or pods (or of all) so many are lost: 30 % unless you say "
    "otherwise.",
    look_for="TCP sends again after 1, 2, 4 seconds: requests are late rather than lost, so clients with little "
    "patience fail. DNS questions are lost. A kubelet’s probes do not leave its machine: nothing is unready.",
    heals="Delete the fault.",
)
