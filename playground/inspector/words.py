"""One word of state per object, as kubectl has it, and the tone in which the page writes it."""

from __future__ import annotations

import re

from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Kind

STARTING = re.compile(r"ContainerCreating|PodInitializing|Init:\d+/\d+")
TROUBLE = re.compile(r"BackOff|Err|Invalid|OOM|Evicted|Fail|Deadline|Cannot|ExitCode|Signal|StartError")
COUNTS = re.compile(r"(\d+)/(\d+)")  # ready of wanted
TONES = {
    "Completed": "completed",
    "Succeeded": "completed",
    "Done": "completed",
    "Terminating": "terminating",
    "Unknown": "unknown",
    "NotReady": "notready",
    "Ready": "ready",
    "Active": "ready",
    "Available": "ready",
    "Finished": "completed",
}


def word_of(kind: Kind, body: Body) -> str:
    return kind.word(body)


def tone_of(kind: Kind, body: Body) -> str:
    """The class of the pill: `ready`, `running`, `pending`, ..."""
    word = word_of(kind, body)
    if word == "Running" and kind.plural == "pods":
        return "ready" if condition(body, "Ready") == "True" else "running"
    found = tone(word.split(",")[0])
    return "" if found == "pending" and kind.plural != "pods" else found


def tone(word: str) -> str:
    counts = COUNTS.fullmatch(word)
    if counts:
        return "ready" if counts[1] == counts[2] else "running"
    if word in TONES:
        return TONES[word]
    if STARTING.fullmatch(word):
        return "creating"
    if TROUBLE.search(word):
        return "crash"
    return {"Running": "running", "": ""}.get(word, "pending")


def condition(body: Body, type_: str) -> str:
    """The status of a condition: "True", "False", "Unknown", or "" where there is none."""
    return str(condition_of(body, type_).get("status", ""))


def condition_of(body: Body, type_: str) -> Body:
    return next((one for one in dig(body, "status.conditions", ()) if one.get("type") == type_), {})
