"""The seam below kubelet and proxy: a request, its outcome with the true reason, and who can carry or answer it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from clusters.kinds.body import Body
from clusters.reconcile.view import View


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the kernel sees it. `protocol` is "http", "tcp" or "grpc"."""

    protocol: str
    port: int
    method: str = "GET"
    path: str = "/"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    host: str = ""
    service: str = ""  # the service named in a gRPC health check


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. `ok`: an answer came back at the protocol's level, and be it an HTTP 500."""

    ok: bool
    reason: str = ""  # the true one when not ok: "connection refused", "timeout", "no route to host"
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    takes: int = 0  # microseconds


class Containers(Protocol):
    """What workloads offers: the processes that listen behind a pod's address."""

    def answer(self, view: View, pod: Body, request: Request) -> Outcome: ...


class Network(Protocol):
    """What networking offers: a packet's way from a pod (None: from outside) to an address and port."""

    def send(self, view: View, source: Body | None, address: str, request: Request) -> Outcome: ...
