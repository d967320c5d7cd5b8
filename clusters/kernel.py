"""The seam below kubelet and proxy: a request, its outcome with the true reason, and who can carry or answer it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from clusters.kinds.body import Body
from clusters.reconcile.writes import Write

if TYPE_CHECKING:
    from clusters.reconcile.view import View


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the kernel sees it. `protocol` is "http", "tcp", "grpc", "udp" or "dns"."""

    protocol: str
    port: int
    method: str = "GET"
    path: str = "/"
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    host: str = ""
    service: str = ""  # the service named in a gRPC health check
    client: str = ""  # the address from which it comes, as the one who answers sees it
    tls: bool = False  # https


@dataclass(frozen=True, slots=True)
class Hop:
    """One place that a request came by: what it is ("service", "node", "pod", ...), its name, what happened there."""

    what: str
    name: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. `ok`: an answer came back at the protocol's level, and be it an HTTP 500.

    `writes`: what answering changed in the machine room (the server's sandbox, its log). Who sent the request
    yields them before it sends another.
    """

    ok: bool
    reason: str = ""  # the true one when not ok: "connection refused", "timeout", "no route to host"
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    takes: int = 0  # microseconds
    cpu: int = 0  # microseconds of it that the one who answered spent of a CPU
    writes: tuple[Write, ...] = ()
    hops: tuple[Hop, ...] = ()
    certificate: str = ""  # the one that the client was shown (PEM); "" without TLS, and where nobody knows it


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a DNS answer."""

    name: str
    type: str
    ttl: int  # seconds
    value: str


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a name server said. `ok` without records: the name is there, with none of this type.

    `reason` when not ok: "NXDOMAIN", "SERVFAIL", "REFUSED", "timeout", "connection refused", "no servers".
    """

    ok: bool
    reason: str = ""
    server: str = ""  # the address that was asked
    records: tuple[Record, ...] = ()
    takes: int = 0  # microseconds
    writes: tuple[Write, ...] = ()  # what a name server remembers from now on; to be yielded, as an Outcome's
    tried: tuple[tuple[str, str], ...] = ()  # complete names that were asked for before, each with its reason
    hops: tuple[Hop, ...] = ()  # the way to a name server that could not be asked


@dataclass(frozen=True, slots=True)
class Usage:
    """What is used now. `cpu` in nanocores, `memory` in bytes (the working set)."""

    cpu: int
    memory: int


@dataclass(frozen=True, slots=True)
class Capacity:
    """What the one who listens on a port of a pod can bear."""

    container: str
    at_once: int  # requests that it works on; more have to wait
    cpu: int  # millicores that it may use: its limit, or all of its machine


class Containers(Protocol):
    """What workloads offers: the processes that listen behind a pod's address."""

    def answer(self, view: View, pod: Body, request: Request) -> Outcome: ...
    def capacity(self, view: View, pod: Body, port: int) -> Capacity | None:
        """None: nobody listens there."""

    def charge(self, view: View, pod: Body, container: str, spent: int) -> Sequence[Write]:
        """Books so many microseconds of CPU for requests that were counted, not sent one by one."""


class Network(Protocol):
    """What networking offers: a packet's way from a pod (None: from outside) to a name or address and port."""

    def send(self, view: View, source: Body | None, host: str, request: Request) -> Outcome: ...
    def lookup(self, view: View, source: Body | None, name: str, type_: str = "A", server: str = "") -> Lookup:
        """`server`: the address of one to ask instead of the pod's own."""


class Wire(Protocol):
    """The network as a process in a container has it: a Network bound to its pod."""

    def send(self, host: str, request: Request) -> Outcome: ...
    def lookup(self, name: str, type_: str = "A", server: str = "") -> Lookup: ...


class Metrics(Protocol):
    """What the kubelets measure (Kubernetes: the resource metrics pipeline). None: nothing is known yet."""

    def pod(self, view: View, pod: Body) -> Mapping[str, Usage] | None:
        """By container."""

    def node(self, view: View, name: str) -> Usage | None: ...


@dataclass(frozen=True, slots=True)
class Kernel:
    """What the machines do beneath all objects."""

    containers: Containers
    network: Network
    metrics: Metrics
