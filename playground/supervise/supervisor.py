"""Starts programs in order, keeps them alive, and stops them in the reverse order within five seconds."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from playground.supervise.child import Child, Program, last_line
from playground.supervise.environment import Trouble
from playground.supervise.process import Process

START_PATIENCE = 60.0
ROUND = 0.1
LOG_CARE = 60.0
STOP_BUDGET = 1.1  # seconds for each group: four groups (web, engine, Valkey, Postgres) stay under five


class Stopped(Exception):
    """Somebody asked Podium to stop while it was still starting."""


class Supervisor:
    """Groups of programs: those of one group start and stop together."""

    def __init__(self, logs: Path, say: Callable[[str], None], changed: Callable[[tuple[Process, ...]], None]) -> None:
        self._logs = logs
        self._say = say
        self._changed = changed
        self._groups: list[list[Child]] = []
        self._asked = False  # a plain flag: a lock taken in a signal's handler may be held by whom it interrupted

    def ask_to_stop(self, *_: int | FrameType | None) -> None:
        self._asked = True

    def start(self, *programs: Program) -> None:
        """Start a group and return when all of it is ready; raises Trouble when one of it ends instead."""
        group = [Child(program, self._logs) for program in programs]
        self._groups.append(group)
        for child in group:
            child.start()
        self._tell()
        deadline = time.monotonic() + START_PATIENCE
        for child in group:
            self._await(child, deadline)

    def _await(self, child: Child, deadline: float) -> None:
        name = child.program.name
        while not child.program.ready():
            if self._asked:
                raise Stopped
            if not child.is_running():
                raise Trouble(f"{name} ended while it was starting: {last_line(child.log)} (its log: {child.log})")
            if time.monotonic() > deadline:
                raise Trouble(f"{name} was not ready after {START_PATIENCE:.0f} s; its log: {child.log}")
            time.sleep(0.02)

    def run(self, program: Program, trouble: str) -> None:
        """Run a program to its end; raises Trouble with its last words when it fails."""
        child = Child(program, self._logs)
        child.start()
        while child.is_running():
            time.sleep(0.02)
            if self._asked:
                child.stop(time.monotonic())
                raise Stopped
        if child.exit_code:
            raise Trouble(f"{trouble}: {last_line(child.log)} (its log: {child.log})")

    def watch(self) -> None:
        """Until asked to stop, start again whatever dies."""
        care = time.monotonic() + LOG_CARE
        while not self._asked:
            time.sleep(ROUND)
            before = self.processes()
            for child in self._children():
                message = child.revive()
                if message:
                    self._say(message)
            if self.processes() != before:
                self._tell()
            if time.monotonic() > care:
                care = time.monotonic() + LOG_CARE
                for child in self._children():
                    child.keep_log_small()

    def stop(self) -> None:
        """Stop group after group, the last started first."""
        for group in reversed(self._groups):
            for child in reversed(group):
                child.ask_to_stop()
            until = time.monotonic() + STOP_BUDGET
            for child in reversed(group):
                child.stop(until)
        self._groups.clear()

    def processes(self) -> tuple[Process, ...]:
        return tuple(child.process for child in self._children() if child.process)

    def _children(self) -> Iterator[Child]:
        for group in self._groups:
            yield from group

    def _tell(self) -> None:
        self._changed(self.processes())


@contextmanager
def stopping_on_signals(supervisor: Supervisor) -> Iterator[None]:
    """SIGINT, SIGTERM and SIGHUP (unless it is ignored: nohup) ask to stop, for as long as this lasts."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, supervisor.ask_to_stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
