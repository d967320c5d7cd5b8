"""A real Podium for tests: its own home and ports, its processes by name, stopped when the test is over."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from playground.supervise import home
from playground.supervise.environment import ROOT
from playground.supervise.process import Process, is_alive

START_WITHIN = 120.0
PATIENCE = 60.0  # seconds: a slow machine shall only take longer


class Podium:
    """`manage.py play` in a process of its own. As a context manager it is started, and stopped at the end."""

    def __init__(self, home: Path, **variables: str) -> None:
        self.home = home
        self.port, self.api_port = free_port(), free_port()
        self.base_url = f"http://127.0.0.1:{self.port}/"
        self.api_url = f"https://127.0.0.1:{self.api_port}/"
        self.output = ""
        self._variables = variables
        self._play: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()  # what began too late for us shall not go on without us
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    @property
    def authority(self) -> Path:
        """The certificate authority's certificate, for TLS clients."""
        return self.home / "pki" / "ca.crt"

    @property
    def environment(self) -> dict[str, str]:
        """The variables under which commands find this Podium."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("PODIUM_") and name not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        }
        own = {
            "PODIUM_HOME": str(self.home),
            "PODIUM_PORT": str(self.port),
            "PODIUM_API_PORT": str(self.api_port),
            "PODIUM_CLUSTERS_PER_ADDRESS": "1000",  # all the tests' visitors come from one
        }
        return inherited | own | self._variables

    def start(self) -> float:
        """Start it and wait until it says that it is ready; the seconds that this took."""
        begun = time.monotonic()
        self.launch()
        until(lambda: self.is_ready() or not self.is_running(), "play is ready", START_WITHIN)
        assert self.is_running(), f"play ended with {self.wait()}: {self.errors()}"
        return time.monotonic() - begun

    def launch(self, *arguments: str) -> None:
        """Start `play` without waiting for it."""
        self.home.parent.mkdir(parents=True, exist_ok=True)
        with self._file("out").open("w") as out, self._file("err").open("w") as err:
            command = [sys.executable, str(ROOT / "manage.py"), "play", *arguments]
            self._play = subprocess.Popen(
                command, env=self.environment, stdout=out, stderr=err, text=True, cwd=ROOT, start_new_session=True
            )

    def stop(self) -> float:
        """Ask it to stop as a service manager does; the seconds that this took."""
        begun = time.monotonic()
        if self._play is not None and self.is_running():
            self._play.send_signal(signal.SIGTERM)
            self._play.wait(PATIENCE)
        return time.monotonic() - begun

    def restart(self) -> None:
        self.stop()
        self.start()

    def kill(self) -> None:
        """Kill `play` itself, as a power cut would not: its children live on."""
        assert self._play is not None
        self._play.kill()
        self._play.wait()

    def wait(self, seconds: float = PATIENCE) -> int:
        """Its exit code."""
        assert self._play is not None
        return self._play.wait(seconds)

    def is_running(self) -> bool:
        return self._play is not None and self._play.poll() is None

    def is_ready(self) -> bool:
        return self.printed().endswith("/\n") and home.running(self.home) is not None

    def printed(self) -> str:
        return self._file("out").read_text()

    def errors(self) -> str:
        return self._file("err").read_text()

    @property
    def processes(self) -> dict[str, Process]:
        """Its children by name: postgres, valkey, worker-1 ..., timekeeper, web."""
        state = home.read_state(self.home)
        return {process.name: process for process in state.processes} if state else {}

    def kill_process(self, name: str) -> Process:
        """Kill one child, and wait until it has been started again; the new one."""
        before = self.processes[name]
        os.kill(before.pid, signal.SIGKILL)
        until(lambda: self.processes.get(name, before) != before, f"{name} is started again")
        return self.processes[name]

    @property
    def database_url(self) -> str:
        """Where its Postgres is, for tests that read the tables."""
        state = home.read_state(self.home)
        assert state is not None
        return state.variables["DATABASE_URL"]

    def log(self, name: str) -> str:
        return (self.home / "logs" / f"{name}.log").read_text(errors="replace")

    def manage(self, *arguments: str, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run `manage.py ...` as a person would in another terminal."""
        command = [sys.executable, str(ROOT / "manage.py"), *arguments]
        env = self.environment | dict(variables or {})
        return subprocess.run(
            command, env=env, capture_output=True, text=True, cwd=ROOT, timeout=START_WITHIN, check=False
        )

    def _file(self, kind: str) -> Path:
        return self.home.parent / f"{self.home.name}.{kind}"


def until(happens: Callable[[], bool], what: str, seconds: float = PATIENCE) -> None:
    """Wait for something, and fail with its name when it does not come."""
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def all_dead(processes: Mapping[str, Process]) -> bool:
    return not any(is_alive(process) for process in processes.values())
