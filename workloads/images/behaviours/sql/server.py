"""What PostgreSQL and MySQL have in common here: databases as dumps in the data folder, and a client's question.

A client's body is JSON after MARK: {"user", "password", "database", "sql"}; so is the answer.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clusters.kernel import Outcome, Request
from clusters.reconcile.clock import MILLISECOND
from workloads.images.behaviours.behaviour import ANSWERS_IN, Served, Server
from workloads.images.behaviours.http import CONNECTED
from workloads.images.behaviours.sql.engine import Database, Failed, Result, statements

MARK = b"podium-sql "
NAME = r"[\"`]?(\w+)[\"`]?"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where one product differs."""

    folder: Callable[[Server], str]
    refuses: Callable[[Server, Mapping[str, str]], str]  # why this client is not let in; "": it is
    system: tuple[str, ...]  # databases that are always there
    missing: Callable[[str], str]  # no such database
    translate: Callable[[str], str]
    failed: Callable[[str, str], str]  # SQLite's words and the statement -> the product's error
    tag: Callable[[str, Result], str]  # what is said of a statement without rows
    answers: Callable[["Session", str], Any]  # its own statements; None: it is plain SQL


class Session:
    """One client's statements, one after the other."""

    def __init__(self, server: Server, dialect: Dialect, asked: Mapping[str, str]) -> None:
        self.server, self.dialect, self.user = server, dialect, asked.get("user", "")
        self.database = asked.get("database", "")
        self.files: dict[str, str] = {}
        self.open: Database | None = None

    def path(self, name: str) -> str:
        return f"{self.dialect.folder(self.server)}/{name}.sql"

    def read(self, name: str) -> str | None:
        path = self.path(name)
        return self.files[path] if path in self.files else self.server.read(path)

    def names(self) -> list[str]:
        folder = self.dialect.folder(self.server)
        own = [path.rpartition("/")[2] for path, text in self.files.items() if text]
        found = {name.removesuffix(".sql") for name in (*self.server.names(folder), *own) if name.endswith(".sql")}
        return sorted(found | dict.fromkeys(self.dialect.system).keys())

    def create(self, name: str) -> None:
        self.files[self.path(name)] = "-- empty\n"

    def use(self, name: str) -> bool:
        self.keep()
        self.open, self.database = None, name
        return name in self.names()

    def live(self) -> Database:
        """Raises Failed."""
        if self.open is None:
            if self.database not in self.names():
                raise Failed(self.dialect.missing(self.database))
            self.open = Database(self.read(self.database) or "")
        return self.open

    def keep(self) -> None:
        """What was changed is on the disk before anybody is told."""
        if self.open is not None:
            dump = self.open.dump()
            if dump != (self.read(self.database) or ""):
                self.files[self.path(self.database)] = dump

    def run(self, statement: str) -> Mapping[str, Any]:
        special = self.dialect.answers(self, statement)
        if special is not None:
            return special  # type: ignore[no-any-return]
        try:
            found = self.live().run(self.dialect.translate(statement))
        except Failed as problem:
            return {"error": self.dialect.failed(str(problem), statement)}
        tag = self.dialect.tag(statement, found)
        return {"columns": found.columns, "rows": [[_plain(cell) for cell in row] for row in found.rows], "tag": tag}


def _plain(cell: Any) -> Any:
    return cell.hex() if isinstance(cell, bytes) else cell


def serve(server: Server, request: Request, dialect: Dialect) -> Served:
    if request.protocol == "http":
        return Served(Outcome(ok=False, reason="EOF", takes=ANSWERS_IN))
    if not request.body:
        return Served(CONNECTED)
    if not request.body.startswith(MARK):
        return Served(Outcome(ok=False, reason="connection reset by peer", takes=ANSWERS_IN))
    asked = json.loads(request.body.removeprefix(MARK))
    refused = dialect.refuses(server, asked)
    if refused:
        return _answer([{"fatal": refused}], {})
    session = Session(server, dialect, asked)
    if asked.get("database") and asked["database"] not in session.names():
        return _answer([{"fatal": dialect.missing(asked["database"])}], {})
    results: list[Mapping[str, Any]] = []
    for statement in statements(asked.get("sql", "")):
        results.append(session.run(statement))
        if "error" in results[-1]:
            break
    try:
        session.keep()
    except Failed as problem:
        results.append({"error": str(problem)})
    return _answer(results, session.files)


def _answer(results: list[Mapping[str, Any]], files: Mapping[str, str]) -> Served:
    body = json.dumps(results).encode()
    return Served(Outcome(ok=True, body=body, takes=2 * MILLISECOND), files=files, cpu=MILLISECOND)


def create_database(statement: str) -> tuple[str, bool] | None:
    """(name, only if there is none yet) of CREATE DATABASE."""
    found = re.match(rf"(?is)create\s+(?:database|schema)\s+(if\s+not\s+exists\s+)?{NAME}", statement)
    return (found[2], bool(found[1])) if found else None
