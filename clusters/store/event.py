"""One line of the log as readers get it, and how a commit's lines travel through Redis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from clusters.reconcile.clock import Time


@dataclass(frozen=True, slots=True)
class Event:
    """A change. `body` is the object after it, with `resourceVersion` = revision; for DELETED its last state.

    `was` holds the labels and selectable fields before the change where they differ:
    {"labels": {...}, "fields": {...}}.
    """

    revision: int
    op: str
    group: str
    resource: str
    namespace: str
    name: str
    uid: str
    was: dict[str, Any] | None
    actor: str
    cause: int | None
    why: str
    at: Time
    body: bytes


def packed(events: Sequence[Event]) -> bytes:
    """A message: one line that says what there is, then a line a body (JSON text has no line breaks)."""
    heads = [(e.revision, e.op, e.group, e.resource, e.namespace, e.name, e.uid) for e in events]
    tails = [(e.was, e.actor, e.cause, e.why, e.at) for e in events]
    return b"\n".join((orjson.dumps([heads, tails]), *(event.body for event in events)))


def unpacked(message: bytes) -> list[Event]:
    """The events of a message."""
    first, *bodies = message.split(b"\n")
    heads, tails = orjson.loads(first)
    return [Event(*(*head, *tail, body)) for head, tail, body in zip(heads, tails, bodies, strict=True)]
