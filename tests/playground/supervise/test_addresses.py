"""Hosts, ports and addresses."""

from __future__ import annotations

import socket

import pytest

from playground.supervise.addresses import (
    allowed_hosts,
    certificate_names,
    check_free,
    trusted_origins,
)
from playground.supervise.environment import Trouble, read


def test_a_page_may_be_asked_for_by_every_name_that_was_given() -> None:
    found = read(
        {
            "PODIUM_BIND": "192.168.1.5",
            "PODIUM_PUBLIC_URL": "http://podium.example/",
            "PODIUM_ALLOWED_HOSTS": ".school.example",
        }
    )

    assert allowed_hosts(found) == [
        "localhost",
        "127.0.0.1",
        "[::1]",
        "podium.example",
        ".school.example",
        "192.168.1.5",
    ]


def test_the_certificate_holds_for_the_same_names() -> None:
    found = read({"PODIUM_BIND": "0.0.0.0", "PODIUM_ALLOWED_HOSTS": ".school.example,192.168.1.5,*"})

    assert certificate_names(found) == ["localhost", "127.0.0.1", "::1", "*.school.example", "192.168.1.5"]


def test_the_public_urls_origin_is_trusted() -> None:
    assert trusted_origins(read({"PODIUM_PUBLIC_URL": "https://podium.example:8443/"})) == [
        "https://podium.example:8443"
    ]
    assert trusted_origins(read({})) == []


def test_a_taken_port_is_not_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Trouble, match=f"Port {port} on .* is taken by another program"):
            check_free("127.0.0.1", port, "PODIUM_PORT")

    check_free("127.0.0.1", port, "PODIUM_PORT")


def test_an_address_of_another_machine_cannot_be_listened_on() -> None:
    with pytest.raises(Trouble, match=r"Podium cannot listen on 192\.0\.2\.1:8000"):
        check_free("192.0.2.1", 8000, "PODIUM_PORT")
