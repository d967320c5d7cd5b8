"""Podium's own certificate authority, made once, and the API's certificate, renewed when it must be."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS = timedelta(days=3650)
CERTIFICATE_LASTS = timedelta(days=397)
RENEWED_BEFORE = timedelta(days=30)
SKEW = timedelta(hours=1)  # a laptop's clock may be behind


@dataclass(frozen=True)
class Pair:
    """A certificate and its key, as PEM."""

    certificate: bytes
    key: bytes


@dataclass(frozen=True)
class Files:
    """Where the API's server finds what it needs, and kubeconfigs their authority."""

    authority: Path
    certificate: Path
    key: Path


def files(home: Path) -> Files:
    folder = home / "pki"
    return Files(folder / "ca.crt", folder / "api.crt", folder / "api.key")


def ensure(home: Path, names: Sequence[str], now: datetime | None = None) -> Files:
    """The certificate files, made or renewed where the names, the authority or the time ask for it."""
    now = now or datetime.now(UTC)
    found = files(home)
    found.authority.parent.mkdir(mode=0o700, exist_ok=True)
    authority = kept(found.authority, found.authority.with_suffix(".key"))
    if authority is None:
        authority = new_authority(now)
        keep(authority, found.authority, found.authority.with_suffix(".key"))
    pair = kept(found.certificate, found.key)
    if pair is None or not still_good(pair, authority, names, now):
        keep(issue(authority, names, now), found.certificate, found.key)
    return found


def new_authority(now: datetime) -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    name = common_name("Podium certificate authority")
    builder = (
        draft(name, name, key.public_key(), now, now + AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(sign_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return Pair(pem(builder.sign(key, hashes.SHA256())), key_pem(key))


def issue(authority: Pair, names: Sequence[str], now: datetime) -> Pair:
    """A server's certificate for these names and addresses."""
    issuer = x509.load_pem_x509_certificate(authority.certificate)
    key = ec.generate_private_key(ec.SECP256R1())
    ends = min(now + CERTIFICATE_LASTS, issuer.not_valid_after_utc)
    builder = (
        draft(common_name("kube-apiserver"), issuer.subject, key.public_key(), now, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(sign_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([general_name(name) for name in names]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), critical=False)  # type: ignore[arg-type]
    )
    return Pair(pem(builder.sign(signing_key(authority), hashes.SHA256())), key_pem(key))


def still_good(pair: Pair, authority: Pair, names: Sequence[str], now: datetime) -> bool:
    """Whether the certificate holds for exactly these names, by this authority, for some time to come."""
    certificate = x509.load_pem_x509_certificate(pair.certificate)
    try:
        certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.certificate))
    except Exception:
        return False  # of another authority; the library has several exceptions for it
    alternative = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    same_names = sorted(map(repr, alternative)) == sorted(repr(general_name(name)) for name in names)
    return same_names and now + RENEWED_BEFORE < certificate.not_valid_after_utc


def draft(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins - SKEW)
        .not_valid_after(ends)
    )


def usage(*, sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def common_name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def signing_key(authority: Pair) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(authority.key, password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def kept(certificate: Path, key: Path) -> Pair | None:
    try:
        return Pair(certificate.read_bytes(), key.read_bytes())
    except FileNotFoundError:
        return None


def keep(pair: Pair, certificate: Path, key: Path) -> None:
    """The key first: a certificate without its key would be taken for a whole pair that is not one."""
    descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pair.key)
    certificate.write_bytes(pair.certificate)
