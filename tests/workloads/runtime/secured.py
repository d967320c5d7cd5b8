"""Certificates for tests, made on the spot."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

BEGINS, ENDS = datetime(2026, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)


@cache
def certificate(name: str, organisation: str = "shop", alternative: str = "") -> tuple[str, str]:
    """(certificate, key) in PEM, signed by itself."""
    key = Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b".")[:32])
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name),
                     x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)])  # fmt: skip
    draft = x509.CertificateBuilder(own, own, key.public_key(), 7, BEGINS, ENDS)
    if alternative:
        draft = draft.add_extension(x509.SubjectAlternativeName([x509.DNSName(alternative)]), critical=False)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return draft.sign(key, None).public_bytes(Encoding.PEM).decode(), private.decode()
