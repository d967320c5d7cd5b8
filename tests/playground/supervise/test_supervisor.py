"""The supervisor, with small programs."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from playground.supervise import supervisor as supervisor_module
from playground.supervise.child import Child, Program
from playground.supervise.environment import Trouble
from playground.supervise.process import Process, end_all, identify, is_alive
from playground.supervise.supervisor import Supervisor
from tests.podium import until

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def script(name: str, code: str, logs: Path, *, says: str = "") -> Program:
    """A program that is ready as soon as its log has what it says."""
    log = logs / f"{name}.log"
    return Program(name, [sys.executable, "-c", code], {}, ready=lambda: says in log.read_text())


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    found = Supervisor(tmp_path, lambda _: None, lambda _: None)
    yield found
    found.stop()


def test_a_program_that_ends_while_starting_is_trouble_with_its_last_words(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    program = script("broken", "raise SystemExit('no such table')", tmp_path, says="never")

    with pytest.raises(Trouble, match="broken ended while it was starting: no such table"):
        supervisor.start(program)


def test_groups_stop_in_the_reverse_order(supervisor: Supervisor, tmp_path: Path) -> None:
    order = tmp_path / "order"
    code = "import signal, sys\nprint('up', flush=True)\nsignal.sigwait([signal.SIGTERM])\n"
    for name in ("first", "second"):
        noting = code.replace("print", "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM]); print")
        supervisor.start(script(name, f"{noting}open({str(order)!r}, 'a').write('{name} ')", tmp_path, says="up"))
    supervisor.stop()

    assert order.read_text() == "second first "


def test_a_program_that_will_not_stop_is_ended_by_force(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.start(script("stubborn", STUBBORN, tmp_path, says="up"))
    process = supervisor.processes()[0]
    begun = time.monotonic()
    supervisor.stop()

    assert not is_alive(process)
    assert time.monotonic() - begun < 30  # half of its sleep


def test_what_keeps_dying_is_started_again_after_growing_pauses(tmp_path: Path) -> None:
    child = Child(Program("short", [sys.executable, "-c", ""], {}), tmp_path)
    child.start()

    pauses = []
    for _ in range(4):
        until(lambda: not child.is_running(), "it ends")
        child.revive()
        pauses.append(child.pause())
        until(lambda: child.revive() is None and child.process is not None, "it is started again")
    child.stop(time.monotonic())
    assert pauses == [0.0, 0.5, 1.0, 2.0]


def test_the_same_number_with_another_start_time_is_another_process() -> None:
    me = identify("me", threading.main_thread().native_id or 0)

    assert is_alive(me)
    assert not is_alive(Process("me", me.pid, me.started - 60))


def test_leftovers_are_ended_politely_and_then_by_force(tmp_path: Path) -> None:
    child = Child(script("stubborn", STUBBORN, tmp_path), tmp_path)
    child.start()
    until(lambda: "up" in child.log.read_text(), "it runs")
    assert child.process is not None

    assert end_all([child.process, Process("gone", 1, 0.0)], patience=0.2) == [child.process]
    until(lambda: not child.is_running(), "it has ended")
    assert signal.Signals.SIGKILL.name in (child.revive() or "")
    child.stop(time.monotonic())


@pytest.mark.timeout(method="thread")  # for the alarm is the test's own
def test_a_signal_at_any_moment_ends_the_watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The handler runs between any two instructions of the loop: it must wait for nothing that the loop may hold."""
    monkeypatch.setattr(supervisor_module, "ROUND", 0.0001)
    before = signal.getsignal(signal.SIGALRM)
    try:
        for number in range(300):
            found = Supervisor(tmp_path, lambda _: None, lambda _: None)
            signal.signal(signal.SIGALRM, found.ask_to_stop)
            signal.setitimer(signal.ITIMER_REAL, 0.0005 + number * 0.00001)
            found.watch()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
