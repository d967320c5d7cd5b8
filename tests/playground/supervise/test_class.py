"""`make class`: the same Podium for a room full of laptops."""

from __future__ import annotations

import socket

import pytest

from playground.supervise import addresses
from playground.supervise.environment import Trouble, read
from playground.supervise.play import announce, for_a_class


@pytest.fixture(autouse=True)
def on_a_lan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "lan_address", lambda: "192.168.1.5")


def test_it_listens_everywhere_and_is_known_by_the_machines_own_address() -> None:
    found = for_a_class(read({"PODIUM_HOME": "/srv/podium"}))

    assert found.bind == "0.0.0.0"
    assert found.page_url == "http://192.168.1.5:8000/"
    assert found.api_url == "https://192.168.1.5:8443/"
    assert "192.168.1.5" in addresses.allowed_hosts(found)
    assert "192.168.1.5" in addresses.certificate_names(found)


def test_a_public_url_that_was_given_stays(capsys: pytest.CaptureFixture[str]) -> None:
    found = for_a_class(read({"PODIUM_PUBLIC_URL": "http://podium.school.example/"}))
    announce(found, room=True)

    assert found.page_url == "http://podium.school.example/"
    assert "192.168.1.5" in addresses.allowed_hosts(found)
    assert capsys.readouterr().out == (
        "Write on the board: http://podium.school.example/\nPodium is ready at http://podium.school.example/\n"
    )


def test_a_machine_without_a_network_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", ("127.0.1.1", 0))])

    with pytest.raises(Trouble, match="no network address that other laptops could reach"):
        addresses.address_of_own_name()
