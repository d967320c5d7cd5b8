"""PODIUM_HOME: what lies in it, and how a command finds the Podium that runs there."""

from __future__ import annotations

import dataclasses
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playground.supervise.environment import (
    Environment,
    embedded_database_url,
    embedded_redis_url,
)


@dataclass(frozen=True)
class Process:
    """A process that cannot be mistaken for a later one with the same number."""

    name: str
    pid: int
    started: float


@dataclass(frozen=True)
class Running:
    """What a command needs to know of the Podium that runs on a home; kept in `running.json`."""

    pid: int
    started: float
    ready: bool
    port: int
    api_port: int
    bind: str
    page_url: str
    api_url: str
    public_url: str
    allowed_hosts: tuple[str, ...]
    database_url: str
    redis_url: str
    processes: tuple[Process, ...] = ()


def running(home: Path) -> Running | None:
    """The Podium that runs on this home, or None."""
    state = read_state(home)
    return state if state is not None and state.ready and alive(state.pid) else None


def read_state(home: Path) -> Running | None:
    """What the last `play` wrote, whether it still runs or not."""
    try:
        fields = json.loads((home / "running.json").read_text())
        processes = tuple(Process(**process) for process in fields.pop("processes"))
        return Running(**fields | {"allowed_hosts": tuple(fields["allowed_hosts"])}, processes=processes)
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_state(home: Path, state: Running) -> None:
    """Replace the file in one step, so that nobody reads half of it."""
    draft = home / "running.json.new"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(state), indent=1))
    os.replace(draft, home / "running.json")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def effective(environment: Environment) -> Environment:
    """The environment with the servers filled in: given ones, those of the running Podium, or the embedded ones."""
    state = read_state(environment.home)
    return dataclasses.replace(
        environment,
        database_url=environment.database_url
        or (state.database_url if state else embedded_database_url(environment.sockets)),
        redis_url=environment.redis_url or (state.redis_url if state else embedded_redis_url(environment.sockets)),
    )


def allowed_hosts(environment: Environment) -> list[str]:
    """The names under which pages may be asked for; the machine's own always."""
    names = ["localhost", "127.0.0.1", "[::1]", environment.public_host, *environment.allowed_hosts]
    if environment.bind not in ("0.0.0.0", "::"):
        names.append(environment.bind)
    return list(dict.fromkeys(names))


def trusted_origins(environment: Environment) -> list[str]:
    """Origins that Django's CSRF check accepts although a proxy in front changed scheme or host."""
    parts = urlsplit(environment.public_url)
    return [f"{parts.scheme}://{parts.netloc}"] if environment.public_url else []
