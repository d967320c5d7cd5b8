"""What a behaviour is: how a server program answers, and what it may read to do so."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from clusters.kernel import Outcome, Request, Wire
from clusters.reconcile.clock import MILLISECOND, Time
from workloads.images.image import Image

ANSWERS_IN = MILLISECOND


@dataclass(frozen=True, slots=True)
class Server:
    """A running main program, as its behaviour sees it. It can read the container's files, never write."""

    image: Image
    argv: tuple[str, ...]  # argv[0] is the program
    env: Mapping[str, str]
    hostname: str
    declared: tuple[int, ...]  # the containerPorts of the manifest
    began: Time  # when it was up
    now: Time
    read: Callable[[str], str | None]
    names: Callable[[str], list[str]]  # what stands in a folder, sorted
    state: Mapping[str, Any] = field(default_factory=dict)  # what it keeps in memory: plain JSON, never mutated
    cwd: str = "/"
    wire: Wire | None = None  # the network, for those that ask others
    ip: str = ""
    client: str = ""  # the address of who asks


@dataclass(frozen=True, slots=True)
class Served:
    """An answer and what it left behind."""

    outcome: Outcome
    state: Mapping[str, Any] | None = None  # all that it keeps from now on; None: as before
    files: Mapping[str, str] = field(default_factory=dict)  # what it wrote, by path
    logs: tuple[str, ...] = ()  # lines on stdout
    cpu: Time = 0  # microseconds beyond what the catalogue says of a request


@dataclass(frozen=True, slots=True)
class Behaviour:
    name: str
    answer: Callable[[Server, Request], Outcome]
    ports: Callable[[Server], tuple[int, ...]] | None = None  # where the catalogue says port 0
    quits: Callable[[Server], tuple[int, str] | None] | None = None  # it will not run: exit code and last words
    sends: Callable[[Server], str | None] | None = None  # it only signals the server that runs already, and ends
    changes: Callable[[Server], Time | None] | None = None  # when its answers change by themselves
    says: Callable[[Server], tuple[str, ...]] | None = None  # what it logs beyond the catalogue's lines
    serve: Callable[[Server, Request], Served] | None = None  # where an answer leaves something behind
    logs: Callable[[Server, Request, Outcome], str] | None = None  # its access log: one line a request
    begins: Callable[[Server], Mapping[str, Any]] | None = None  # what it keeps at first, read from its files
    makes: Callable[[Server], Mapping[str, str]] | None = None  # what it writes when it is up, by path
    leaves: Callable[[Server], Mapping[str, str]] | None = None  # what it writes when it is told to stop, by path
    # the certificate (PEM; "" for some) that it shows on the request's port, None: no TLS there; absent: by the port
    secures: Callable[[Server, Request], str | None] | None = None
    is_raw: bool = False  # it reads the bytes of a bare connection itself; the others speak HTTP


def flag(argv: tuple[str, ...], name: str, default: str) -> str:
    """The value of --name=value, --name value, -name=value or -name value."""
    for at, word in enumerate(argv):
        key, equals, value = word.lstrip("-").partition("=")
        if word.startswith("-") and key == name:
            return value if equals else argv[at + 1] if at + 1 < len(argv) else default
    return default


def number(text: str, default: int) -> int:
    return int(text) if text.isdigit() else default
