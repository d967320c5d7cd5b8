"""SlowNode: a machine is starved (Kubernetes: probes' timeoutSeconds)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

SLOW_NODE = FaultType(
    "SlowNode",
    target="node",
    group="Machines",
    title="Slow a machine down",
    happens="Everything on the machine takes long: answers 1.5 seconds more, the start of a container 10 seconds more, "
    "a pull ten times as long.",
    look_for="The node stays Ready. Probes with the default timeout of one second fail, so pods lose readiness or are "
    "restarted; the others answer late.",
    heals="Delete the fault: the next probes succeed.",
)
