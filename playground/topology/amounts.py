"""What a pod asks for, may use and opens: numbers for the picture (Kubernetes: requests and limits). Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from clusters.kinds.body import Body, dig
from clusters.kinds.number import MOST
from clusters.kinds.quantity import cpu_millis, memory_bytes

MEBIBYTE = 1 << 20
Measure = Callable[[Any], int | None]


def millicores(amount: Any) -> int | None:
    return None if amount is None else cpu_millis(amount)


def mebibytes(amount: Any) -> int | None:
    return None if amount is None else min(-(-memory_bytes(amount) // MEBIBYTE), MOST)


def requested(spec: Body, resource: str, measure: Measure) -> int:
    """As the scheduler counts it: all containers, or one init container that needs more."""
    if not spec.get("initContainers") and not spec.get("overhead"):
        if not any((c.get("resources") or {}).get("requests") for c in spec["containers"]):
            return 0
        return min(sum(_of(c, "requests", resource, measure) or 0 for c in spec["containers"]), MOST)
    sidecars = [c for c in spec.get("initContainers") or () if c.get("restartPolicy") == "Always"]
    first = [c for c in spec.get("initContainers") or () if c.get("restartPolicy") != "Always"]
    going = sum(_of(c, "requests", resource, measure) or 0 for c in [*spec["containers"], *sidecars])
    starting = [_of(c, "requests", resource, measure) or 0 for c in first]
    asked = max([going, *starting]) + (measure(dig(spec, f"overhead.{resource}")) or 0)
    return min(asked, MOST)  # a frame's numbers have 64 bits


def limited(spec: Body, resource: str, measure: Measure) -> int | None:
    """The lid: the sum of the containers' limits; None when one has none."""
    limits = [_of(c, "limits", resource, measure) for c in spec["containers"]]
    known = [one for one in limits if one is not None]
    return min(sum(known), MOST) if limits and len(known) == len(limits) else None


def opened(spec: Body) -> list[list[Any]] | None:
    """The ports that the containers declare, with their names: a note on the door, not the door."""
    found = [[p["containerPort"], p.get("name") or ""] for c in spec["containers"] for p in c.get("ports") or ()]
    return found or None


def claimed(pod: Body) -> list[str] | None:
    """The claims in its namespace that it mounts."""
    name = pod["metadata"]["name"]
    found = []
    for volume in pod["spec"].get("volumes") or ():
        if "persistentVolumeClaim" in volume:
            found.append(str(dig(volume, "persistentVolumeClaim.claimName")))
        elif "ephemeral" in volume:
            found.append(f"{name}-{volume['name']}")
    return found or None


def _of(container: Body, side: str, resource: str, measure: Measure) -> int | None:
    amounts = (container.get("resources") or {}).get(side)
    return measure(amounts.get(resource)) if amounts else None
