"""Quantities, and what a pod asks of its node (Kubernetes: resource units; effective requests of a pod)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache

from clusters.kinds.body import Body, dig

SUFFIXES = {
    "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "": Decimal(1), "k": Decimal(10**3),
    "M": Decimal(10**6), "G": Decimal(10**9), "T": Decimal(10**12), "P": Decimal(10**15), "E": Decimal(10**18),
    "Ki": Decimal(2**10), "Mi": Decimal(2**20), "Gi": Decimal(2**30), "Ti": Decimal(2**40), "Pi": Decimal(2**50),
    "Ei": Decimal(2**60),
}  # fmt: skip


@lru_cache(maxsize=4096)
def quantity(text: str) -> Decimal:
    """A resource.Quantity: 100m, 1.5, 64Mi, 1e3."""
    number = text.rstrip("numkKMGTPEi")
    suffix = text[len(number) :]
    return Decimal(number) * SUFFIXES[suffix]


@lru_cache(maxsize=4096)
def milli(text: str | int) -> int:
    """In thousandths, rounded up: what `cpu` is counted in."""
    return _up(quantity(str(text)) * 1000)


@lru_cache(maxsize=4096)
def whole(text: str | int) -> int:
    """In whole units, rounded up: what `memory` is counted in."""
    return _up(quantity(str(text)))


def requests(pod: Body) -> Mapping[str, int]:
    """cpu in thousandths, memory in bytes: the containers together or the greediest init container, and overhead."""
    spec = pod["spec"]
    cpu, memory = _sum(spec["containers"])
    beside_cpu = beside_memory = first_cpu = first_memory = 0
    for container in spec.get("initContainers") or ():
        own_cpu, own_memory = _sum((container,))
        if container.get("restartPolicy") == "Always":
            beside_cpu, beside_memory = beside_cpu + own_cpu, beside_memory + own_memory
            own_cpu = own_memory = 0
        first_cpu, first_memory = max(first_cpu, beside_cpu + own_cpu), max(first_memory, beside_memory + own_memory)
    overhead = spec.get("overhead") or {}
    own = dig(spec, "resources.requests") or {}  # the pod's own stand for those of its containers
    cpu = milli(own["cpu"]) if "cpu" in own else max(cpu + beside_cpu, first_cpu)
    memory = whole(own["memory"]) if "memory" in own else max(memory + beside_memory, first_memory)
    return {"cpu": cpu + milli(overhead.get("cpu", 0)), "memory": memory + whole(overhead.get("memory", 0))}


def bounded(given: Body, spec: Body) -> Body:
    """A container's resources within its pod's: who has no limit of its own has the pod's."""
    most = dig(spec, "resources.limits")
    return {**given, "limits": {**most, **(given.get("limits") or {})}} if most else given


def _sum(containers: list[Body] | tuple[Body, ...]) -> tuple[int, int]:
    cpu = memory = 0
    for container in containers:
        asked = dig(container, "resources.requests")
        if asked:
            cpu += milli(asked.get("cpu", 0))
            memory += whole(asked.get("memory", 0))
    return cpu, memory


def _up(value: Decimal) -> int:
    return int(value.to_integral_value(rounding="ROUND_CEILING"))
