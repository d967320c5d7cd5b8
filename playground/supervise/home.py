"""PODIUM_HOME: what lies in it, and how a command finds the Podium that runs there."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from playground.supervise import environment
from playground.supervise.environment import Environment, Trouble
from playground.supervise.process import Process, is_alive


@dataclass(frozen=True)
class Running:
    """What a command needs to know of the Podium that runs on a home; kept in `running.json`, mode 0600."""

    supervisor: Process
    ready: bool
    page_url: str
    api_url: str
    variables: dict[str, str]
    processes: tuple[Process, ...] = ()


def running(home: Path) -> Running | None:
    """The Podium that runs on this home and is ready, or None."""
    state = read_state(home)
    return state if state is not None and state.ready and is_alive(state.supervisor) else None


def effective(variables: Mapping[str, str] | None = None) -> Environment:
    """The settings of this process: its own variables, then those of the Podium that runs on its home."""
    own = dict(os.environ if variables is None else variables)
    state = read_state(environment.read(own).home)
    borrowed = state.variables if state is not None and is_alive(state.supervisor) else {}
    return environment.with_embedded_servers(environment.read(borrowed | own))


def read_state(home: Path) -> Running | None:
    """What the last `play` wrote, whether it still runs or not."""
    try:
        fields = json.loads((home / "running.json").read_text())
        supervisor = Process(**fields.pop("supervisor"))
        processes = tuple(Process(**process) for process in fields.pop("processes"))
        return Running(supervisor=supervisor, processes=processes, **fields)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write_state(home: Path, state: Running) -> None:
    """Replace the file in one step, so that nobody reads half of it."""
    draft = home / "running.json.new"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(asdict(state), indent=1))
    draft.replace(home / "running.json")


def forget_state(home: Path) -> None:
    (home / "running.json").unlink(missing_ok=True)


def prepare(home: Path) -> None:
    """Make the home, or say in one sentence why it cannot be used."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / "logs").mkdir(exist_ok=True)
        probe = home / f".write-test-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Trouble(f"PODIUM_HOME {home} cannot be written to: {error.strerror or error}.") from None


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Hold the home, or raise Trouble if another `play` does. The lock goes with the process, however it ends."""
    with (home / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Trouble(f"Podium already runs on {home}{at_address(home)}.") from None
        yield


def at_address(home: Path) -> str:
    state = read_state(home)
    return f" at {state.page_url}" if state is not None else ""


def keep_secret_key(home: Path) -> None:
    """Make the key that signs sessions, once."""
    try:
        descriptor = os.open(home / "secret-key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
