"""Domain names: complete, in lower case, without the last dot."""

from __future__ import annotations

from ipaddress import IPv4Address


def normal(name: str) -> str:
    """`Web.Default.` -> `web.default`; the root is ""."""
    return name.rstrip(".").lower()


def is_below(name: str, zone: str) -> bool:
    """Whether a name is the zone itself or in it; everything is in the root."""
    return not zone or name == zone or name.endswith(f".{zone}")


def inside(name: str, zone: str) -> list[str]:
    """The labels left of the zone."""
    rest = name[: len(name) - len(zone)].rstrip(".") if zone else name
    return rest.split(".") if rest else []


def dashed(address: str) -> str:
    """`10-244-1-7`."""
    return address.replace(".", "-")


def undashed(label: str) -> str | None:
    """The address that a label means; None where it means none."""
    try:
        return str(IPv4Address(label.replace("-", ".")))
    except ValueError:
        return None


def reversed_address(name: str) -> str | None:
    """`7.1.244.10.in-addr.arpa` -> `10.244.1.7`."""
    labels = name.removesuffix(".in-addr.arpa").split(".")
    if not name.endswith(".in-addr.arpa") or len(labels) != 4:
        return None
    try:
        return str(IPv4Address(".".join(reversed(labels))))
    except ValueError:
        return None
