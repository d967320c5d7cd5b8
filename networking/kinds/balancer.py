"""What the cloud set up for a Service of type LoadBalancer: the cloud's own memory. Never served."""

from __future__ import annotations

from clusters.kinds.kind import Kind

BALANCER = Kind("machine.podium.dev/v1", "Balancer", "balancers", served=False)
"""Of the Service's own name: {"uid": the Service's, "ip", "since"}."""
