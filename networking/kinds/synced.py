"""Which Ingresses an Ingress controller has in its configuration: its own memory. Never served."""

from __future__ import annotations

from clusters.kinds.kind import Kind

SYNCED = Kind("machine.podium.dev/v1", "Synced", "synced", served=False)
"""Of the Ingress' own name: {"uid", "generation", "by": who runs it, as pod and restart}."""
