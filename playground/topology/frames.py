"""What the page's socket says: a snapshot, then what changed since the frame before. Pure: no database, no socket."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any

import orjson

from clusters.reconcile.clock import MILLISECOND
from clusters.store.clock import Clock
from playground.topology.board import Board
from playground.topology.shown import Shown

LARGE = 4096  # bytes; a frame of more is sent as gzip, packed once for all pages
GZIP = 31  # zlib's word for it
FAST = 1


class Frames:
    """The frames of one board in their order: each is built once, for all pages."""

    def __init__(self, board: Board, name: str) -> None:
        """`name` tells this sequence of frames, and its numbers, from that of another board of the same cluster."""
        self.board = board
        self.name = name
        self.number = 0
        self._shown = Shown()
        self._whole: Whole | None = None

    def begin(self) -> None:
        """The rows with which the first snapshot is made; nobody has seen anything yet."""
        self._shown.begin(self.board.rows())
        self._whole = None

    def delta(self, clock: Clock | None, wall: int) -> bytes | None:
        """What changed since the last frame; None when the page would show the same."""
        rows, gone = self._shown.change(*self.board.changes())
        if not rows and not gone and clock is None:
            return None
        self.number += 1
        self._whole = None
        told = {"rows": rows, "gone": gone, "clock": clock and clock_frame(clock, wall)}
        return packed(orjson.dumps(self._head() | {name: value for name, value in told.items() if value}))

    def snapshot(self, clock: Clock, wall: int) -> bytes:
        """Everything up to the last frame, for a page that has nothing or too little."""
        if self._whole is None:
            rows, numbers = self._shown.whole()
            head = {"type": "snapshot", "board": self.name, **self._head(), "numbers": numbers, "rows": rows}
            self._whole = Whole(orjson.dumps(head)[:-1])
        return self._whole.ended(b"," + orjson.dumps({"clock": clock_frame(clock, wall)})[1:])

    def nothing_new(self, clock: Clock, wall: int) -> bytes:
        """For a page that came back: where it is now, and the time."""
        return orjson.dumps(self._head() | {"clock": clock_frame(clock, wall)})

    def _head(self) -> dict[str, Any]:
        return {"frame": self.number, "revision": self.board.revision}


class Whole:
    """The greater part of a text, packed once; each page's has an end of its own."""

    def __init__(self, text: bytes) -> None:
        self._packer = zlib.compressobj(FAST, zlib.DEFLATED, GZIP)
        self._begun = self._packer.compress(text) + self._packer.flush(zlib.Z_SYNC_FLUSH)

    def ended(self, text: bytes) -> bytes:
        packer = self._packer.copy()
        return self._begun + packer.compress(text) + packer.flush()


def packed(text: bytes) -> bytes:
    """As it goes over the wire."""
    return text if len(text) <= LARGE else Whole(text).ended(b"")


def unpacked(frame: bytes) -> bytes:
    """The text of a frame, for a browser that cannot unpack."""
    return zlib.decompress(frame, GZIP) if is_packed(frame) else frame


def is_packed(frame: bytes) -> bool:
    return frame[:1] == b"\x1f"


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
