"""What the page's socket says: a snapshot, then what changed since the frame before. Pure: no database, no socket."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from clusters.reconcile.clock import MILLISECOND
from clusters.store.clock import Clock
from playground.topology.board import Board
from playground.topology.shown import Shown


class Frames:
    """The frames of one board in their order: each is built once, for all pages."""

    def __init__(self, board: Board, name: str) -> None:
        """`name` tells this sequence of frames, and its numbers, from that of another board of the same cluster."""
        self.board = board
        self.name = name
        self.number = 0
        self._shown = Shown()
        self._whole: bytes | None = None

    def delta(self, clock: Clock | None, wall: int) -> bytes | None:
        """What changed since the last frame; None when the page would show the same."""
        rows, gone = self._shown.change(*self.board.changes())
        if not rows and not gone and clock is None:
            return None
        self.number += 1
        self._whole = None
        told = {"rows": rows, "gone": gone, "clock": clock and clock_frame(clock, wall)}
        return orjson.dumps(self._head() | {name: value for name, value in told.items() if value})

    def snapshot(self, clock: Clock, wall: int) -> bytes:
        """Everything up to the last frame, for a page that has nothing or too little."""
        if self._whole is None:
            rows, numbers = self._shown.whole()
            self._whole = orjson.dumps({"board": self.name, "numbers": numbers, "rows": rows})
        head = {"type": "snapshot", **self._head(), "clock": clock_frame(clock, wall)}
        return orjson.dumps(head)[:-1] + b"," + self._whole[1:]

    def nothing_new(self, clock: Clock, wall: int) -> bytes:
        """For a page that came back: where it is now, and the time."""
        return orjson.dumps(self._head() | {"clock": clock_frame(clock, wall)})

    def _head(self) -> dict[str, Any]:
        return {"frame": self.number, "revision": self.board.revision}


def snapshot(board: Board, clock: Clock, wall: int) -> bytes:
    """Everything, for a page that shows one moment."""
    head = {"type": "snapshot", "revision": board.revision, "clock": clock_frame(clock, wall)}
    return orjson.dumps(head | {"rows": board.rows()})


def clock_frame(clock: Clock, wall: int) -> Mapping[str, Any]:
    """Milliseconds. `wall` is the server's time now, against which the page sets its own."""
    return {
        "anchorWall": clock.wall / MILLISECOND,
        "anchorCluster": clock.cluster / MILLISECOND,
        "speed": clock.speed,
        "paused": clock.paused,
        "wall": wall / MILLISECOND,
    }
