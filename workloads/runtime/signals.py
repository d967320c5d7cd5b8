"""Signals by name and number, and what is said of a process that one has ended."""

from workloads.runtime.numbers import is_digits

NUMBERS = {"HUP": 1, "INT": 2, "QUIT": 3, "KILL": 9, "USR1": 10, "USR2": 12, "PIPE": 13, "ALRM": 14, "TERM": 15,
           "CHLD": 17, "CONT": 18, "STOP": 19, "WINCH": 28}  # fmt: skip
NAMES = {number: name for name, number in NUMBERS.items()}
HARMLESS = ("CHLD", "CONT", "WINCH", "STOP")  # what they do by default ends nobody; stopping is not simulated


def parse(text: str) -> str | None:
    """TERM, SIGTERM, 15 or -TERM as a name; None when there is no such signal."""
    word = text.removeprefix("-").upper().removeprefix("SIG")
    if is_digits(word):
        return NAMES.get(int(word))
    return word if word in NUMBERS else None
