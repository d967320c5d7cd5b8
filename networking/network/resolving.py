"""A pod's resolver at work: hosts file, search path, name servers, which are reached by the network like all others."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address

from clusters.kernel import Lookup
from clusters.kinds.body import Key, dig
from clusters.reconcile.view import View
from networking.network.trip import Trip


@dataclass(frozen=True, slots=True)
class Found:
    address: str | None
    reason: str = ""


def address_of(trip: Trip, host: str) -> Found:
    return Found(None, "no servers")


def lookup(trip: Trip, name: str, type_: str) -> Lookup:
    return Lookup(ok=False, reason="no servers")


def from_outside(view: View, name: str, type_: str) -> Lookup:
    return Lookup(ok=False, reason="NXDOMAIN")


def machine_named(view: View, name: str) -> str | None:
    """The address of a machine by its name, which the network's own name server knows."""
    found: str | None = dig(view.get("machines", Key("", name.rstrip(".").lower())), "ip")
    return found


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
