"""What somebody types, what they see of it, and what a program reads."""

from __future__ import annotations

import pytest

from workloads.runtime import terminal
from workloads.runtime.terminal import Typed, typed


def at_prompt() -> dict[str, object]:
    return {**terminal.new(), "prompt": "# "}


@pytest.mark.parametrize(
    ("keys", "line", "echo"),
    [
        ("ls\r", "ls\n", "ls\r\n"),
        ("lx\x7fs\r", "ls\n", "lx\b \bs\r\n"),
        ("rm -rf\x15ls\r", "ls\n", None),
        ("echo one two\x17three\r", "echo one three\n", None),
        ("s\x1b[Dl\r", "ls\n", None),
        ("b\x01a\x05c\r", "abc\n", None),
        ("abc\x1b[D\x1b[D\x1b[3~\r", "ac\n", None),
        ("a\x1b[Hx\x1b[Fy\r", "xay\n", None),
        ("\x1bls\r", "ls\n", None),
    ],
)
def test_a_line_is_edited_before_it_is_read(keys: str, line: str, echo: str | None) -> None:
    found = typed(at_prompt(), keys)

    assert found.terminal["ready"] == [line]
    assert echo is None or found.echo == echo


def test_the_line_before_comes_back_by_an_arrow_key() -> None:
    first = typed(at_prompt(), "echo a\recho b\r")

    again = typed(first.terminal, "\x1b[A\x1b[A\r")

    assert again.terminal["ready"][-1] == "echo a\n"


def test_control_c_drops_the_line_and_signals() -> None:
    found = typed(terminal.new(), "half a line\x03")

    assert (found.signals, found.terminal["line"], found.echo[-2:]) == (("INT",), "", "^C")


def test_control_d_ends_input_on_an_empty_line_only() -> None:
    assert typed(terminal.new(), "\x04").terminal["ready"] == [""]
    assert typed(terminal.new(), "ab\x04").terminal["ready"] == ["ab"]


def test_what_nobody_reads_does_not_pile_up() -> None:
    found = typed(terminal.new(), "x\r" * 1000)

    assert len(found.terminal["ready"]) == terminal.AHEAD


def test_keys_leave_the_terminal_before_them_as_it_was() -> None:
    before = terminal.new()

    typed(before, "ls\r\x03\x1b[A")

    assert before == terminal.new()


def test_it_does_not_matter_how_keys_are_cut() -> None:
    keys = "echo a\r\x1b[A\x1b[D!\x7f\x03ls\r\x04"
    whole = typed(at_prompt(), keys)

    state, echo = at_prompt(), ""
    signals: tuple[str, ...] = ()
    for key in keys:
        step: Typed = typed(state, key)
        state, echo, signals = step.terminal, echo + step.echo, signals + step.signals

    assert (state, echo, signals) == (whole.terminal, whole.echo, whole.signals)
