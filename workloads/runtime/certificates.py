"""What a client makes of a server's certificate: who it is for, and whether to trust it (X.509, RFC 6125)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

UNKNOWN = "unable to get local issuer certificate"
SELF_SIGNED = "self-signed certificate"
EXPIRED = "certificate has expired"
CODES = {UNKNOWN: 20, SELF_SIGNED: 18, EXPIRED: 10}  # X509_V_ERR_*


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate as OpenSSL writes it."""

    subject: str
    issuer: str
    begins: datetime
    ends: datetime
    names: tuple[str, ...]
    is_own: bool  # signed by itself

    def covers(self, host: str) -> bool:
        wanted = host.lower().rstrip(".")
        wild = f"*.{wanted.partition('.')[2]}"
        return any(name.lower() in (wanted, wild) for name in self.names)


@lru_cache(maxsize=256)
def read(pem: str) -> Shown | None:
    """The first one of a chain; None: it is none."""
    found = _loaded(pem)
    if not found:
        return None
    own = found[0]
    return Shown(
        _text(own.subject), _text(own.issuer), own.not_valid_before_utc, own.not_valid_after_utc, _names(own),
        own.subject == own.issuer
    )  # fmt: skip


def distrust(pem: str, authorities: str, now: datetime) -> str:
    """Why a client that knows these authorities (PEM) does not trust it, in OpenSSL's words; "" when it does."""
    chain, known = _loaded(pem), _loaded(authorities)
    if not chain:
        return UNKNOWN
    if not any(_vouches(one, own) for own in chain for one in known):
        return SELF_SIGNED if chain[0].subject == chain[0].issuer else UNKNOWN
    return "" if now <= chain[0].not_valid_after_utc else EXPIRED


def _vouches(authority: x509.Certificate, own: x509.Certificate) -> bool:
    if authority == own:
        return True
    try:
        own.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=256)
def _loaded(pem: str) -> tuple[x509.Certificate, ...]:
    try:
        return tuple(x509.load_pem_x509_certificates(pem.encode()))
    except ValueError:
        return ()


def _text(name: x509.Name) -> str:
    """`CN=web; O=shop`."""
    return "; ".join(f"{one.rfc4514_attribute_name}={one.value!s}" for one in name)


def _names(own: x509.Certificate) -> tuple[str, ...]:
    """The alternative names; where there are none, the subject's."""
    try:
        found = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return tuple(str(one.value) for one in own.subject.get_attributes_for_oid(NameOID.COMMON_NAME))
    return (*found.get_values_for_type(x509.DNSName), *map(str, found.get_values_for_type(x509.IPAddress)))
