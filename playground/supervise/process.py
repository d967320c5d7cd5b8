"""A process named by number and start time, so that a later one with the same number is never mistaken for it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass

import psutil

SAME_START = 1.0  # seconds; clocks are corrected, and some systems count in ticks


@dataclass(frozen=True)
class Process:
    name: str
    pid: int
    started: float


def identify(name: str, pid: int) -> Process:
    """The process that has this number now; one that has ended already counts as started now."""
    try:
        return Process(name, pid, psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return Process(name, pid, time.time())


def is_alive(process: Process) -> bool:
    """Whether exactly this process still runs; one that ended and waits for its parent does not."""
    try:
        found = psutil.Process(process.pid)
        return abs(found.create_time() - process.started) < SAME_START and found.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end_all(processes: Iterable[Process], patience: float = 3.0) -> list[Process]:
    """End what is left of an earlier run, each with its whole session; returns what was still alive.

    Last started first, politely, and by force after `patience` seconds.
    """
    left = [process for process in reversed(list(processes)) if is_alive(process)]
    for process in left:
        signal_session(process.pid, signal.SIGINT if process.name == "postgres" else signal.SIGTERM, only_leader=True)
    psutil.wait_procs([found for process in left if (found := lookup(process))], timeout=patience)
    for process in left:
        signal_session(process.pid, signal.SIGKILL)
    return left


def lookup(process: Process) -> psutil.Process | None:
    try:
        return psutil.Process(process.pid)
    except psutil.NoSuchProcess:
        return None


def signal_session(leader: int, number: int, *, only_leader: bool = False) -> None:
    """Signal a session's leader, or all of its process group; what has ended already is no error."""
    try:
        if only_leader:
            os.kill(leader, number)
        else:
            os.killpg(leader, number)
    except ProcessLookupError:
        pass
    except PermissionError:
        # macOS answers so for a group of which only zombies are left
        pass
