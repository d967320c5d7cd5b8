"""The certificate that a client is shown: from the Ingress' Secret, or the controller's own fake one (Ingress: TLS)."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import NameOID

from clusters.kinds.body import Body

FAKE = "Kubernetes Ingress Controller Fake Certificate"
VALID = datetime(2025, 1, 1, tzinfo=UTC), datetime(2075, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Certificate:
    """`begins`, `ends`: RFC 3339. `problem`: why it cannot be used, "" when it can."""

    subject: str = FAKE
    issuer: str = FAKE
    names: tuple[str, ...] = ("ingress.local",)
    begins: str = ""
    ends: str = ""
    problem: str = ""
    pem: str = ""

    def covers(self, host: str) -> bool:
        """Exactly, or with its first label as a wildcard."""
        return any(one in (host, f"*.{host.partition('.')[2]}") for one in self.names)


def of_secret(secret: Body | None, name: str) -> Certificate:
    """What the Secret holds; with a `problem`, the fake one is shown instead."""
    if secret is None:
        return Certificate(problem=f'Secret "{name}" does not exist')
    data: Mapping[str, str] = secret.get("data") or {}
    if "tls.crt" not in data or "tls.key" not in data:
        return Certificate(problem=f'Secret "{name}" has no tls.crt and tls.key')
    return read(data["tls.crt"], data["tls.key"])


@lru_cache(maxsize=256)
def read(certificate: str, key: str) -> Certificate:
    """Both as a Secret holds them."""
    try:
        found = x509.load_pem_x509_certificate(b64decode(certificate))
    except ValueError:
        return Certificate(problem="tls.crt is no certificate in PEM form")
    try:
        own = load_pem_private_key(b64decode(key), None).public_key()
    except (ValueError, TypeError):
        return Certificate(problem="tls.key is no private key in PEM form")
    wrong = "" if own == found.public_key() else "tls.key is not the key of tls.crt"
    return Certificate(
        common_name(found.subject),
        common_name(found.issuer),
        names_of(found),
        found.not_valid_before_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        found.not_valid_after_utc.strftime("%Y-%m-%dT%H:%M:%SZ"),
        wrong,
        b64decode(certificate).decode("ascii", "replace"),
    )


@lru_cache(maxsize=1)
def fake() -> str:
    """The controller's own certificate (PEM), which nobody trusts."""
    key = Ed25519PrivateKey.from_private_bytes(FAKE.encode()[:32])
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Acme Co"),
                      x509.NameAttribute(NameOID.COMMON_NAME, FAKE)])  # fmt: skip
    draft = x509.CertificateBuilder(name, name, key.public_key(), 1, *VALID)
    named = draft.add_extension(x509.SubjectAlternativeName([x509.DNSName("ingress.local")]), critical=False)
    return named.sign(key, None).public_bytes(Encoding.PEM).decode()


def common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else name.rfc4514_string()


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The alternative names; where there are none, the subject's."""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return (common_name(certificate.subject),)
    return tuple(extension.value.get_values_for_type(x509.DNSName))
