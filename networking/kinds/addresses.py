"""What may be wrong with IP addresses (Kubernetes: validation of IPs and endpoints)."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_network

from clusters.kinds.problem import FieldError

NOT_AN_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NOT_A_RANGE = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"


def is_address(text: str) -> bool:
    """IPv4 or IPv6, written as it should be."""
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_range(text: str) -> bool:
    """Addresses by their common prefix."""
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


def address_problems(text: str, path: str) -> Iterator[FieldError]:
    """Any address at all."""
    if not is_address(text):
        yield FieldError.invalid(path, text, NOT_AN_ADDRESS)


def endpoint_problems(text: str, path: str) -> Iterator[FieldError]:
    """An address that traffic can be sent to from another machine."""
    if not is_address(text):
        yield FieldError.invalid(path, text, NOT_AN_ADDRESS)
        return
    address = ip_address(text)
    if address.is_unspecified:
        yield FieldError.invalid(path, text, f"may not be unspecified ({text})")
    elif address.is_loopback:
        yield FieldError.invalid(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)")
    elif address.is_link_local:
        yield FieldError.invalid(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)")
    elif address.is_multicast:
        detail = "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)"
        yield FieldError.invalid(path, text, detail)
