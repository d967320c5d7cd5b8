"""`manage.py play`: a whole Podium on one machine. It imports no Django, so that it stays small and starts at once."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from playground.supervise import addresses, databaseurl, home, postgres, programs, valkey
from playground.supervise.account import private_folder, unprivileged
from playground.supervise.environment import ROOT, Environment, Trouble, read, with_embedded_servers
from playground.supervise.process import Process, end_all, identify
from playground.supervise.supervisor import Stopped, Supervisor, stopping_on_signals


def main(arguments: Sequence[str]) -> int:
    """Run until stopped; the exit code."""
    options = parser().parse_args(arguments)
    try:
        environment = read()
        play(for_a_class(environment) if options.room else environment, options.room)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # before the supervisor took the signals over
        return 130
    return 0


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser("manage.py play", description="Run a whole Podium on this machine.")
    found.add_argument("--class", dest="room", action="store_true", help="serve a room full of laptops")
    return found


def for_a_class(environment: Environment) -> Environment:
    """Listen on all addresses, and be known by the one that the neighbours see."""
    own = addresses.lan_address()
    return replace(
        environment,
        bind="0.0.0.0",
        public_url=environment.public_url or f"http://{own}:{environment.port}/",
        allowed_hosts=(*environment.allowed_hosts, own),
    )


def play(environment: Environment, room: bool = False) -> None:
    home.prepare(environment.home)
    with home.locked(environment.home):
        end_leftovers(environment.home)
        addresses.check_free(environment.bind, environment.port, "PODIUM_PORT")
        addresses.check_free(environment.bind, environment.api_port, "PODIUM_API_PORT")
        home.keep_secret_key(environment.home)
        settled = with_embedded_servers(environment)
        state = initial_state(settled)
        supervisor = Supervisor(
            environment.home / "logs", say, lambda processes: note(environment.home, state, processes)
        )
        with stopping_on_signals(supervisor):
            try:
                start_everything(supervisor, environment, settled)
                state = replace(state, ready=True)
                note(environment.home, state, supervisor.processes())
                announce(settled, room)
                supervisor.watch()
            except Stopped:
                pass
            finally:
                supervisor.stop()
                home.forget_state(environment.home)
                close_folder(environment.sockets)


def start_everything(supervisor: Supervisor, given: Environment, settled: Environment) -> None:
    start_servers(supervisor, given)
    migrate(supervisor, given, settled)
    supervisor.start(*programs.workers(settled), programs.timekeeper(settled))
    supervisor.start(programs.web(settled))


def start_servers(supervisor: Supervisor, given: Environment) -> None:
    """The embedded servers, or a look whether the given ones answer."""
    if given.database_url:
        databaseurl.check(given.database_url)
        postgres.check_reachable(given.database_url)
    if given.redis_url:
        valkey.check_reachable(given.redis_url)
    if not given.database_url:
        open_folder(given.sockets)
        server = postgres.prepare(given.home / "postgres", given.sockets / "postgres", unprivileged())
        if not server.data.exists():
            say("Making the database ...")
            stamp(given.home).unlink(missing_ok=True)
            postgres.make(server, supervisor.run)
        supervisor.start(programs.database(server))
    if not given.redis_url:
        open_folder(given.sockets)
        supervisor.start(programs.queue(valkey.prepare(given.sockets / "valkey")))


def open_folder(sockets: Path) -> None:
    """The folder above the two private ones; Postgres' user must be able to pass through it."""
    private_folder(sockets, None)
    sockets.chmod(0o711 if os.getuid() == 0 else 0o700)


def close_folder(sockets: Path) -> None:
    """Leave nothing in the system's temporary folder but a copy of Postgres' programs, where one was needed."""
    for name in ("postgres", "valkey"):
        shutil.rmtree(sockets / name, ignore_errors=True)
    with contextlib.suppress(OSError):
        sockets.rmdir()


def migrate(supervisor: Supervisor, given: Environment, settled: Environment) -> None:
    """Bring the tables up to date; the embedded database remembers by which migrations it was made."""
    wanted = digest_of_migrations()
    if not given.database_url and stamp(given.home).exists() and stamp(given.home).read_text() == wanted:
        return
    say("Preparing the tables ...")
    supervisor.run(programs.migrate(settled), "The tables could not be brought up to date")
    if not given.database_url:
        stamp(given.home).write_text(wanted)


def stamp(folder: Path) -> Path:
    return folder / "migrated"


def digest_of_migrations() -> str:
    """Changes when a migration of ours or a pinned version of a library changes."""
    files = [ROOT / "requirements.txt", ROOT / "playground" / "settings.py", *sorted(ROOT.glob("*/migrations/*.py"))]
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def end_leftovers(folder: Path) -> None:
    """What an earlier `play` left behind when it was killed."""
    state = home.read_state(folder)
    if state is not None and end_all(state.processes):
        say("Ended what an earlier Podium had left running.")
    home.forget_state(folder)


def initial_state(settled: Environment) -> home.Running:
    return home.Running(
        supervisor=identify("play", os.getpid()),
        ready=False,
        page_url=settled.page_url,
        api_url=settled.api_url,
        variables=settled.variables(),
    )


def note(folder: Path, state: home.Running, processes: tuple[Process, ...]) -> None:
    home.write_state(folder, replace(state, processes=processes))


def announce(environment: Environment, room: bool) -> None:
    if room:
        print(f"Write on the board: {environment.page_url}", flush=True)
    print(f"Podium is ready at {environment.page_url}", flush=True)


def say(text: str) -> None:
    """Progress and trouble go to stderr: stdout is for the address alone."""
    print(text, file=sys.stderr, flush=True)
