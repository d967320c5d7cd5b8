"""The rows as every page has them, each under a short number; what changed is told by columns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from typing import Any

import orjson

from playground.topology.rows import Row

QUIET = frozenset({"beat"})  # a heartbeat alone is no news: it comes with the next that is
SPARE = 1000  # models of sorts of which there is no row any more, before they are forgotten
MEMBERS = ("yes", "no")  # lists of uids that may be long: only who came and who went is told

# [n, columns]: row n, or each row of a list of numbers, has these columns now; null takes a column away.
# [n, columns, m]: a new row, like row m but for these columns. [n, columns, null]: a new row, like none.
Entry = list[Any]


class Shown:
    """What the frames of a cluster have told so far."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}  # uid -> row
        self._numbers: dict[str, int] = {}
        self._free: list[int] = []  # numbers of rows that are gone, the lowest first
        self._models: dict[tuple[str, ...], str] = {}  # the newest of its sort, by kind and owner or namespace

    def whole(self) -> tuple[list[Row], list[int]]:
        """Every row, and the number of each."""
        return list(self._rows.values()), list(self._numbers.values())

    def begin(self, rows: Iterable[Row]) -> None:
        """These are told whole, by a snapshot."""
        for row in rows:
            self._add(row)
            self._model(row)

    def change(self, rows: Iterable[Row], gone: Iterable[str]) -> tuple[list[Entry], list[int]]:
        """How the pages come to have these rows, and no longer those: to be applied in this order, gone ones last."""
        entries: list[Entry] = []
        alike: dict[bytes, Entry] = {}
        for row in sorted(rows, key=self._turn):
            if row["id"] not in self._rows:
                entries.append(self._new(row))
            elif columns := self._changed(row):
                text = orjson.dumps(columns)
                if text in alike:
                    _also(alike[text], self._numbers[row["id"]])
                else:
                    alike[text] = [self._numbers[row["id"]], columns]
                    entries.append(alike[text])
        return entries, self._forget(gone)

    def _turn(self, row: Row) -> int:
        """Changed ones first, so that a new one can be like them; who names members when these have come."""
        return 2 if row["kind"] == "Service" else int(row["id"] not in self._rows)

    def _new(self, row: Row) -> Entry:
        model = self._model(row)
        number = self._add(row)
        if model is not None:
            columns = _difference(self._rows[model], row)
            if len(columns) < len(row):
                return [number, columns, self._numbers[model]]
        return [number, row, None]

    def _add(self, row: Row) -> int:
        number = heappop(self._free) if self._free else len(self._numbers)
        self._rows[row["id"]] = row
        self._numbers[row["id"]] = number
        return number

    def _model(self, row: Row) -> str | None:
        """The newest of its owner, or else of its namespace; from now on it is this one."""
        places = ((row["kind"], "owner", row.get("owner", "")), (row["kind"], "ns", row.get("ns", "")))
        found = [uid for place in places if (uid := self._models.get(place)) in self._rows]
        for place in places:
            self._models[place] = row["id"]
        return found[0] if found else None

    def _changed(self, row: Row) -> Row:
        """The columns that are news; the row is taken to be told."""
        old = self._rows[row["id"]]
        columns = _difference(old, row)
        told = dict(row)
        for name in MEMBERS:
            if isinstance(columns.get(name), list) and name in old:
                told[name], columns[name] = self._members(old[name], row[name])
                if not columns[name]:
                    del columns[name]
        if columns.keys() <= QUIET:
            return {}
        self._rows[row["id"]] = told
        return columns

    def _members(self, old: Sequence[str], new: Sequence[str]) -> tuple[list[str], Row]:
        """The list as the pages will have it, and who came and went, by number or, where it has none, by uid."""
        before, after = frozenset(old), frozenset(new)
        went, came = [uid for uid in old if uid not in after], [uid for uid in new if uid not in before]
        told = {"came": came, "went": went}
        named = {how: [self._numbers.get(uid, uid) for uid in uids] for how, uids in told.items() if uids}
        return [uid for uid in old if uid in after] + came, named

    def _forget(self, gone: Iterable[str]) -> list[int]:
        """Their numbers are given again from the next frame on."""
        numbers = [self._numbers.pop(uid) for uid in gone if self._rows.pop(uid, None) is not None]
        for number in numbers:
            heappush(self._free, number)
        if len(self._models) > 2 * len(self._rows) + SPARE:
            self._models = {place: uid for place, uid in self._models.items() if uid in self._rows}
        return numbers


def _difference(old: Row, new: Row) -> Row:
    columns = {name: value for name, value in new.items() if name not in old or old[name] != value}
    columns.update((name, None) for name in old if name not in new)
    return columns


def _also(entry: Entry, number: int) -> None:
    """The same change of one more row."""
    if isinstance(entry[0], int):
        entry[0] = [entry[0]]
    entry[0].append(number)
