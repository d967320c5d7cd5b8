"""NodeReboot: a machine restarts (Kubernetes: Node heartbeats, restartPolicy)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

NODE_REBOOT = FaultType(
    "NodeReboot",
    target="node",
    group="Machines",
    title="Reboot a machine",
    moment=True,
    happens="The machine starts anew: everything in its memory is gone, and it is away for as long as it boots.",
    look_for="Requests to its pods fail at once; if it boots within the grace period the API never calls it NotReady. "
    "Its containers have one restart more.",
    heals="Nothing to heal: it fires once. The machine boots by itself.",
)
