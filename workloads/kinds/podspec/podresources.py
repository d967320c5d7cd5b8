"""Resources of a pod as a whole, beside those of its containers (KEP-2837: Pod level resource specifications)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from clusters.kinds.body import Body
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import WRONG, is_quantity, parse

SUPPORTED = ("cpu", "memory")


def pod_resource_problems(spec: Body, path: str) -> Iterator[FieldError]:
    """Amounts that make sense, hold each other, and hold what the containers ask for."""
    own = spec["resources"]
    if own.get("claims"):
        yield FieldError.forbidden(f"{path}.claims", "claims may not be set for Resources at pod-level")
    for side in ("limits", "requests"):
        for name, amount in (own.get(side) or {}).items():
            if name not in SUPPORTED and not name.startswith("hugepages-"):
                yield FieldError.unsupported(f"{path}.{side}[{name}]", name, (*SUPPORTED, "hugepages-"))
            elif not is_quantity(amount):
                yield FieldError.invalid(f"{path}.{side}[{name}]", amount, WRONG)
    for name, amount in (own.get("requests") or {}).items():
        limit = (own.get("limits") or {}).get(name)
        if _is_more(amount, limit):
            detail = f"must be less than or equal to {name} limit of {limit}"
            yield FieldError.invalid(f"{path}.requests", amount, detail)
        asked = [_stated(one, "requests", name) for one in spec.get("containers") or ()]
        if is_quantity(amount) and all(map(is_quantity, asked)) and sum(map(parse, asked)) > parse(amount):
            detail = "must be greater than or equal to aggregate container requests of "
            yield FieldError.invalid(f"{path}.requests[{name}]", amount, detail + _sum(asked, name))
    for index, container in enumerate(spec.get("containers") or ()):
        for name, most in (own.get("limits") or {}).items():
            amount = _stated(container, "limits", name)
            if _is_more(amount, most):
                at = f"{path.removesuffix('resources')}containers[{index}].resources.limits[{name}]"
                yield FieldError.invalid(at, amount, f"must be less than or equal to pod limits of {most}")


def _stated(container: Body, side: str, name: str) -> Any:
    return ((container.get("resources") or {}).get(side) or {}).get(name, "0")


def _is_more(amount: Any, most: Any) -> bool:
    return is_quantity(amount) and most is not None and is_quantity(most) and parse(amount) > parse(most)


def _sum(amounts: list[Any], name: str) -> str:
    total = sum(map(parse, amounts))
    return f"{int(total * 1000)}m" if name == "cpu" else str(int(total))
