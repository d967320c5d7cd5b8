"""Frames read as the page reads them (static/topology/state.js)."""

from __future__ import annotations

from typing import Any

import orjson

from playground.topology.frames import unpacked

Row = dict[str, Any]


class Reader:
    """What a page has after the frames that it got."""

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.board = ""
        self.frame = 0
        self.revision = 0

    def take(self, text: bytes | str | None) -> Row:
        """The frame that was read."""
        assert text is not None
        frame: Row = orjson.loads(unpacked(text) if isinstance(text, bytes) else text)
        if frame.get("type") == "snapshot":
            self.board = frame["board"]
            self.rows = dict(zip(frame["numbers"], frame["rows"], strict=True))
        elif frame["frame"] > self.frame:
            assert frame["frame"] == self.frame + 1, "a frame is missing"
            self._change(frame)
        self.frame, self.revision = frame["frame"], frame["revision"]
        return frame

    def by_id(self) -> dict[str, Row]:
        assert len({row["id"] for row in self.rows.values()}) == len(self.rows)
        return {row["id"]: row for row in self.rows.values()}

    @property
    def place(self) -> list[Any]:
        return [self.board, self.frame]

    def _change(self, frame: Row) -> None:
        for which, columns, *like in frame.get("rows", ()):
            for number in [which] if isinstance(which, int) else which:
                model = self.rows[number] if not like else {} if like[0] is None else self.rows[like[0]]
                self.rows[number] = self._changed(model, columns)
        for number in frame.get("gone", ()):
            del self.rows[number]

    def _changed(self, old: Row, columns: Row) -> Row:
        row = {**old, **columns}
        for name in ("yes", "no"):
            if isinstance(columns.get(name), dict):
                came, went = (self._uids(columns[name].get(how, ())) for how in ("came", "went"))
                row[name] = [uid for uid in old[name] if uid not in went] + came
        return {name: value for name, value in row.items() if value is not None}

    def _uids(self, who: list[int | str]) -> list[str]:
        return [self.rows[one]["id"] if isinstance(one, int) else one for one in who]
