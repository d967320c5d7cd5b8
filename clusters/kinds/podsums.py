"""What a pod asks for in all (Kubernetes: resource helpers, PodRequests and PodLimits)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from clusters.kinds.body import Body, dig
from clusters.kinds.quantity import parse, written

Sums = dict[str, Fraction]


def sums(spec: Body, field: str) -> Sums:
    """`requests` or `limits` of all containers that run at once, at the worst moment, with the pod's overhead."""
    inits: Sequence[Body] = spec.get("initContainers") or ()
    total = _added([_amounts(one, field) for one in spec.get("containers") or ()])
    sidecars: Sums = {}
    worst: Sums = {}
    for container in inits:
        asked = _amounts(container, field)
        if container.get("restartPolicy") == "Always":
            sidecars = _added([sidecars, asked])
            asked = sidecars
        else:
            asked = _added([sidecars, asked])
        worst = _most(worst, asked)
    total = _most(_added([total, sidecars]), worst)
    # on the level of the pod: it stands for what its containers ask
    total = {**total, **_parsed(dig(spec, f"resources.{field}") or {})}
    overhead = _parsed(spec.get("overhead") or {})
    if field == "limits":  # nothing is limited that its containers do not limit
        overhead = {name: amount for name, amount in overhead.items() if name in total}
    return _added([total, overhead])


def summed(spec: Body, field: str) -> Mapping[str, str]:
    """The same as quantities."""
    return {name: written(amount, binary=name != "cpu") for name, amount in sums(spec, field).items()}


def _amounts(container: Body, field: str) -> Sums:
    return _parsed((container.get("resources") or {}).get(field) or {})


def _parsed(amounts: Mapping[str, str]) -> Sums:
    return {name: parse(amount) for name, amount in amounts.items()}


def _added(parts: Sequence[Sums]) -> Sums:
    total: Sums = {}
    for part in parts:
        for name, amount in part.items():
            total[name] = total.get(name, Fraction(0)) + amount
    return total


def _most(one: Sums, other: Sums) -> Sums:
    return {name: max(one.get(name, Fraction(0)), other.get(name, Fraction(0))) for name in {**one, **other}}
