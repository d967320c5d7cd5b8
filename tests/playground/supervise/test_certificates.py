"""The certificate authority and the API's certificate."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from playground.supervise.certificates import ensure, issue, new_authority, still_good

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
NAMES = ["localhost", "127.0.0.1", "::1"]


def test_the_authority_and_a_good_certificate_are_made_once(tmp_path: Path) -> None:
    files = ensure(tmp_path, NAMES, NOW)
    before = [files.authority.read_bytes(), files.certificate.read_bytes()]
    ensure(tmp_path, NAMES, NOW + timedelta(days=300))

    assert [files.authority.read_bytes(), files.certificate.read_bytes()] == before


def test_keys_are_for_their_owner_alone(tmp_path: Path) -> None:
    ensure(tmp_path, NAMES, NOW)

    keys = sorted((tmp_path / "pki").glob("*.key"))
    assert [key.name for key in keys] == ["api.key", "ca.key"]
    assert [stat.S_IMODE(key.stat().st_mode) for key in keys] == [0o600, 0o600]


def test_a_new_name_renews_the_certificate_and_keeps_the_authority(tmp_path: Path) -> None:
    files = ensure(tmp_path, NAMES, NOW)
    authority, certificate = files.authority.read_bytes(), files.certificate.read_bytes()
    ensure(tmp_path, [*NAMES, "192.168.1.5"], NOW)

    assert files.authority.read_bytes() == authority
    assert files.certificate.read_bytes() != certificate


def test_a_certificate_near_its_end_is_no_longer_good() -> None:
    authority = new_authority(NOW)
    pair = issue(authority, NAMES, NOW)

    assert still_good(pair, authority, NAMES, NOW + timedelta(days=366))
    assert not still_good(pair, authority, NAMES, NOW + timedelta(days=368))


def test_a_certificate_of_another_authority_is_not_good() -> None:
    pair = issue(new_authority(NOW), NAMES, NOW)

    assert not still_good(pair, new_authority(NOW), NAMES, NOW)


def test_names_and_addresses_are_kept_apart() -> None:
    certificate = x509.load_pem_x509_certificate(issue(new_authority(NOW), NAMES, NOW).certificate)

    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
