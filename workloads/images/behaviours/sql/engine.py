"""SQL over SQLite in memory, with bounds: a database is a dump, one text; nothing is ever a file of the host."""

import sqlite3
from dataclasses import dataclass
from typing import Any

MOST_STEPS = 400  # of a thousand instructions each: more is refused
MOST_ROWS = 1000
LONGEST = 64 * 1024  # bytes of one value or statement
PAGES = 1024  # of 4 KiB
REFUSED = (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH, sqlite3.SQLITE_PRAGMA)


@dataclass(frozen=True, slots=True)
class Result:
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    changed: int  # rows that were inserted, updated or deleted; -1: it was no such statement


class Failed(Exception):
    """A statement that cannot be carried out; the text is SQLite's."""


class Database:
    """One database while some statements run."""

    def __init__(self, dump: str) -> None:
        self.steps = 0
        self.link = sqlite3.connect(":memory:", isolation_level=None)
        self.link.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST * 16)
        self.link.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, LONGEST * 16)
        self.link.execute("PRAGMA hard_heap_limit = 67108864")
        self.link.execute(f"PRAGMA max_page_count = {PAGES}")
        self.link.executescript(dump)
        self.link.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        self.link.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        self.link.set_progress_handler(self._tick, 1000)
        self.link.set_authorizer(_allowed)

    def _tick(self) -> int:
        self.steps += 1
        return int(self.steps > MOST_STEPS)

    def run(self, statement: str) -> Result:
        """Raises Failed."""
        try:
            cursor = self.link.execute(statement)
            rows = cursor.fetchmany(MOST_ROWS)
        except (sqlite3.Error, sqlite3.Warning, MemoryError, OverflowError) as problem:
            raise Failed(str(problem)) from None
        columns = tuple(entry[0] for entry in cursor.description or ())
        return Result(columns, tuple(tuple(row) for row in rows), cursor.rowcount)

    def tables(self) -> list[str]:
        found = self.link.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE "
                                  "'sqlite_%' ORDER BY name")  # fmt: skip
        return [row[0] for row in found]

    def dump(self) -> str:
        """Raises Failed when it has become too large to be kept."""
        self.link.set_authorizer(None)
        self.link.set_progress_handler(None, 0)
        text = "\n".join(self.link.iterdump())
        if len(text) > LONGEST * 8:
            raise Failed("database or disk is full")
        return text

    def columns(self, table: str) -> list[tuple[str, str, bool, Any, bool]]:
        """(name, type, not null, default, primary key)"""
        self.link.set_authorizer(None)
        found = self.link.execute('SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', (table,))
        rows = [(str(row[0]), str(row[1]), bool(row[2]), row[3], bool(row[4])) for row in found]
        self.link.set_authorizer(_allowed)
        return rows


def _allowed(action: int, *about: Any) -> int:
    return sqlite3.SQLITE_DENY if action in REFUSED else sqlite3.SQLITE_OK


def statements(text: str) -> list[str]:
    """The statements of a script, at semicolons outside of quotes."""
    found, at, begin, quote = [], 0, 0, ""
    while at < len(text):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"`":
            quote = char
        elif text.startswith("--", at):
            end = text.find("\n", at)
            text = text[:at] + (text[end:] if end >= 0 else "")
            continue
        elif char == ";":
            found.append(text[begin:at].strip())
            begin = at + 1
        at += 1
    found.append(text[begin:].strip())
    return [one for one in found if one]
