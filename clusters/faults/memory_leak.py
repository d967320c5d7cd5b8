"""MemoryLeak: a container holds more and more (Kubernetes: memory limits, OOMKilled)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

MEMORY_LEAK = FaultType(
    "MemoryLeak",
    target="container",
    group="Containers",
    title="Leak memory",
    happens="The container holds 16 MiB more every second.",
    look_for="kubectl top shows it grow. At its limit it is OOMKilled (137) and restarted, and grows again; without a "
    "limit its node runs short.",
    heals="Delete the fault: it grows no more. A restart frees what it holds.",
)
