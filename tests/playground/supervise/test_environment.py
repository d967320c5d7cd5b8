"""Settings from outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from playground.supervise.environment import Trouble, read, secret_key, with_embedded_servers


def test_without_variables_podium_listens_on_this_machine_alone() -> None:
    found = read({"PODIUM_HOME": "/srv/podium"})

    assert (found.bind, found.port, found.api_port) == ("127.0.0.1", 8000, 8443)
    assert found.page_url == "http://127.0.0.1:8000/"
    assert found.api_url == "https://127.0.0.1:8443/"


def test_the_public_url_names_the_host_of_every_link() -> None:
    found = read({"PODIUM_PUBLIC_URL": "https://podium.school.example"})

    assert found.page_url == "https://podium.school.example/"
    assert found.api_url == "https://podium.school.example:8443/"


@pytest.mark.parametrize("text", ["eighty", "0", "65536", "-1", "8000.5", "８０"])
def test_a_port_that_is_none_is_named(text: str) -> None:
    with pytest.raises(Trouble, match="PODIUM_PORT must be a number from 1 to 65535"):
        read({"PODIUM_PORT": text})


def test_pages_and_api_need_a_port_each() -> None:
    with pytest.raises(Trouble, match="PODIUM_PORT and PODIUM_API_PORT must differ, and both are 9000"):
        read({"PODIUM_PORT": "9000", "PODIUM_API_PORT": "9000"})


def test_a_public_url_without_a_host_is_refused() -> None:
    with pytest.raises(Trouble, match="PODIUM_PUBLIC_URL must look like"):
        read({"PODIUM_PUBLIC_URL": "podium.example"})


def test_a_child_reads_back_what_its_parent_had_settled() -> None:
    parent = with_embedded_servers(read({"PODIUM_HOME": "/srv/podium", "PODIUM_ALLOWED_HOSTS": "a.example, b.example"}))

    assert read(parent.variables()) == parent


def test_homes_with_long_paths_have_short_sockets_of_their_own() -> None:
    one, other = (read({"PODIUM_HOME": f"/srv/{'very-' * 40}long/{name}"}) for name in ("one", "other"))

    assert one.sockets != other.sockets
    assert len(str(one.sockets / "postgres" / ".s.PGSQL.5432")) < 100


def test_the_secret_key_is_the_one_kept_in_the_home(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("kept")

    assert secret_key(read({"PODIUM_HOME": str(tmp_path)})) == "kept"
    assert secret_key(read({"PODIUM_HOME": str(tmp_path), "PODIUM_SECRET_KEY": "given"})) == "given"
