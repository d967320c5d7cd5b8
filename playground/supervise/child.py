"""One child process: what it runs, when it is ready, and how it lives, dies and is started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playground.supervise.process import Process, identify, signal_session

STEADY = 10.0  # seconds after which a child counts as well again
LONGEST_PAUSE = 10.0
LARGEST_LOG = 20 * 1024 * 1024


@dataclass(frozen=True)
class Program:
    """What a child runs."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    ready: Callable[[], bool] = lambda: True
    stop_signal: int = signal.SIGTERM
    popen: Mapping[str, Any] = field(default_factory=dict)
    stdin: bytes = b""


class Child:
    """A program's process, in a session of its own, its output in a log file."""

    def __init__(self, program: Program, logs: Path) -> None:
        self.program = program
        self.log = logs / f"{program.name}.log"
        self.process: Process | None = None
        self._popen: subprocess.Popen[bytes] | None = None
        self._deaths = 0
        self._started = 0.0
        self._start_again = 0.0

    def start(self) -> None:
        trim(self.log)
        with self.log.open("ab") as log:
            self._popen = subprocess.Popen(
                self.program.command,
                env=dict(self.program.environment),
                stdin=subprocess.PIPE if self.program.stdin else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **self.program.popen,
            )
        if self._popen.stdin is not None:
            with self._popen.stdin as stdin:
                stdin.write(self.program.stdin)
        self._started = time.monotonic()
        self.process = identify(self.program.name, self._popen.pid)

    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    @property
    def exit_code(self) -> int | None:
        return None if self._popen is None else self._popen.poll()

    def revive(self) -> str | None:
        """Start again what has died, after a pause that grows while it keeps dying; says so when it notices a death."""
        if self.is_running():
            return None
        message = self._bury() if self._popen is not None else None
        if time.monotonic() >= self._start_again:
            self.start()
        return message

    def _bury(self) -> str:
        assert self._popen is not None
        now, code = time.monotonic(), self._popen.returncode
        signal_session(self._popen.pid, signal.SIGKILL)  # what it may have left in its session
        self._deaths = 1 if now - self._started > STEADY else self._deaths + 1
        self._start_again = now + self.pause()
        self._popen = self.process = None
        return f"{self.program.name} {how_it_ended(code)}; it is started again. Its log: {self.log}"

    def pause(self) -> float:
        """None after a first death, then half a second, doubled each time."""
        return 0.0 if self._deaths <= 1 else min(LONGEST_PAUSE, 0.5 * 2.0 ** (self._deaths - 2))

    def ask_to_stop(self) -> None:
        if self._popen is not None and self.is_running():
            signal_session(self._popen.pid, self.program.stop_signal, only_leader=True)

    def stop(self, until: float) -> None:
        """Wait for it to end until then (monotonic seconds); then end its whole session by force."""
        if self._popen is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._popen.wait(max(0.0, until - time.monotonic()))
        signal_session(self._popen.pid, signal.SIGKILL)
        self._popen.wait()
        self._popen = self.process = None

    def keep_log_small(self) -> None:
        trim(self.log)


def how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


def trim(log: Path) -> None:
    """Move a large log's content aside. The file itself stays, for a child appends to it."""
    if not log.exists() or log.stat().st_size < LARGEST_LOG:
        return
    log.with_suffix(".log.1").write_bytes(log.read_bytes())
    os.truncate(log, 0)


def last_line(log: Path) -> str:
    """The last line that a program wrote: usually its reason for ending."""
    lines = [line.strip() for line in log.read_text(errors="replace")[-4000:].splitlines() if line.strip()]
    return lines[-1][:300] if lines else "it said nothing"
