"""A ticket in the address of a visit: who it is and whether he may act, for one host of one cluster.

A pod's page runs in a sandbox, without the visitor's session: what it asks carries no cookie. The ticket says no more
than that this visitor may ask this host.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.core import signing

SALT = "podium.visit"
HOURS = 12
ACTS, LOOKS = "a", "l"


@dataclass(frozen=True, slots=True)
class Guest:
    """`name` is "" for whom nobody knows: there is no jar for his cookies."""

    name: str = ""
    may_act: bool = False


def guest_name(session_key: str) -> str:
    """Tells visitors apart without telling their sessions."""
    return sha256(f"{SALT}/{session_key}".encode()).hexdigest()[:20]


def issue(slug: str, host: str, guest: Guest) -> str:
    return _signer(slug, host).sign(guest.name + (ACTS if guest.may_act else LOOKS))


def read(slug: str, host: str, ticket: str) -> Guest | None:
    """None where it is not for this host, not ours, or too old."""
    try:
        told = _signer(slug, host).unsign(ticket, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    return Guest(told[:-1], told.endswith(ACTS))


def _signer(slug: str, host: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"{SALT}/{slug}/{host}")
