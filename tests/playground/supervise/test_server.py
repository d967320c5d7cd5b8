"""The web server, with an application that floods its clients."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from playground.supervise.addresses import listens
from playground.supervise.environment import ROOT
from playground.supervise.server import LARGEST_BODY
from tests.playground.supervise.flood import LARGE
from tests.podium import PATIENCE, free_port, until

HANDSHAKE = (
    b"GET /socket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
FEW = 20_000_000  # what sockets and their buffers may hold of a flood of 60 MB


@dataclass
class Served:
    port: int
    tls_port: int
    context: ssl.SSLContext

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def sent(self, kind: str) -> int:
        """How much the application has sent, once it has come to rest."""
        before = 0
        while (now := int(httpx.get(f"{self.url}/sent").json()[kind])) == 0 or now != before:
            before = now
            time.sleep(0.3)
        return now

    def connect(self, *, tls: bool) -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", self.tls_port if tls else self.port))
        return self.context.wrap_socket(plain, server_hostname="127.0.0.1") if tls else plain


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    port, tls_port = free_port(), free_port()
    variables = {"PODIUM_HOME": str(tmp_path), "PODIUM_PORT": str(port), "PODIUM_API_PORT": str(tls_port)}
    command = [sys.executable, "-m", "tests.playground.supervise.flood"]
    process = subprocess.Popen(command, cwd=ROOT, env={"PATH": "/usr/bin:/bin", **variables})
    until(lambda: listens("127.0.0.1", port) and listens("127.0.0.1", tls_port), "the server listens")
    yield Served(port, tls_port, ssl.create_default_context(cafile=tmp_path / "pki" / "ca.crt"))
    process.terminate()
    assert process.wait(PATIENCE) == 0


@pytest.mark.parametrize("tls", [False, True])
def test_a_client_that_does_not_read_holds_back_a_streaming_answer(served: Served, tls: bool) -> None:
    with served.connect(tls=tls) as client:
        client.sendall(b"GET /flood HTTP/1.1\r\nHost: localhost\r\n\r\n")

        assert 0 < served.sent("http") < FEW


@pytest.mark.parametrize("tls", [False, True])
def test_a_browser_that_does_not_read_holds_back_its_websocket(served: Served, tls: bool) -> None:
    with served.connect(tls=tls) as client:
        client.sendall(HANDSHAKE)

        assert 0 < served.sent("websocket") < FEW


def test_a_picture_of_any_size_fits_into_one_message(served: Served) -> None:
    with served.connect(tls=False) as client:
        client.settimeout(PATIENCE)
        client.sendall(HANDSHAKE.replace(b"/socket", b"/large"))

        received = 0
        while received < LARGE:
            part = client.recv(1 << 16)
            assert part, f"the socket was closed after {received} bytes"
            received += len(part)


def test_a_client_that_reads_gets_the_whole_stream(served: Served) -> None:
    with httpx.stream("GET", f"{served.url}/flood") as answer:
        assert sum(len(chunk) for chunk in answer.iter_raw()) >= 60_000_000


def test_a_body_of_the_largest_size_is_taken_whole(served: Served) -> None:
    answer = httpx.post(f"{served.url}/", content=b"x" * LARGEST_BODY)

    assert answer.json()["received"] == LARGEST_BODY


def test_a_body_too_large_is_refused_as_kubernetes_refuses_it(served: Served) -> None:
    answer = httpx.post(f"{served.url}/", content=b"x" * 10_000_000)

    assert answer.status_code == 413
    assert answer.json()["reason"] == "RequestEntityTooLarge"
    assert answer.json()["message"] == "Request entity too large: limit is 3145728"


def test_a_body_of_unknown_length_is_counted(served: Served) -> None:
    answer = httpx.post(f"{served.url}/", content=(b"x" * 65536 for _ in range(100)))

    assert answer.status_code == 413


def test_a_body_that_would_never_end_is_cut_off(served: Served) -> None:
    with served.connect(tls=False) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n")

        assert client.recv(4096).startswith(b"HTTP/1.1 413 ")
