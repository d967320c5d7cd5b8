"""Reads of stored objects and of the log, as the bytes that were written. Each has an async twin."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg
from django.db import connection

from clusters.kinds.body import Key
from clusters.kinds.problem import Status
from clusters.reconcile.clock import Time
from clusters.store.event import Event
from clusters.store.pool import pool, raw

GET = """SELECT revision, body::text FROM clusters_kubeobject
WHERE cluster_id = %s AND resource = %s AND namespace = %s AND name = %s"""
# one statement is one snapshot: the revision and the rows belong together
LIST = """SELECT c.revision, o.namespace, o.name, o.revision, o.body::text
FROM clusters_cluster c LEFT JOIN clusters_kubeobject o ON o.cluster_id = c.id AND o.resource = %s {where}
WHERE c.id = %s ORDER BY o.namespace, o.name"""
# joined here, not by Postgres: it takes four times as long to aggregate texts as to send them
BODIES = """SELECT c.revision, o.body::text
FROM clusters_cluster c LEFT JOIN clusters_kubeobject o ON o.cluster_id = c.id AND o.resource = %s {where}
WHERE c.id = %s ORDER BY o.namespace, o.name"""
EVERYTHING = """SELECT c.revision, o.resource, o.namespace, o.name, o.body::text
FROM clusters_cluster c LEFT JOIN clusters_kubeobject o ON o.cluster_id = c.id
AND (o.resource = ANY(%s) OR o.resource <> ALL(%s)) WHERE c.id = %s"""
# the floor comes with every line, and alone where there is none
CHANGES = """SELECT c.floor, l.revision, l.op, l."group", l.resource, l.namespace, l.name, l.uid, l.was::text, l.actor,
  l.cause, l.why, l.at, l.body::text
FROM clusters_cluster c LEFT JOIN LATERAL (
  SELECT * FROM clusters_change WHERE cluster_id = c.id AND revision > %s ORDER BY revision LIMIT %s
) l ON true WHERE c.id = %s ORDER BY l.revision"""
PART = 1000  # objects that are read at once where there may be many
OUTPUT = """SELECT lines::text, id FROM clusters_output
WHERE cluster_id = %s AND owner = %s AND container = %s AND restart = %s AND id > %s ORDER BY id"""


@dataclass(frozen=True, slots=True)
class Stored:
    """One object: its revision and its bytes."""

    revision: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a list."""

    namespace: str
    name: str
    revision: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Listing:
    """A list and the cluster's revision at which it was true."""

    revision: int
    rows: Sequence[Row]


Line = tuple[Time, str, str]  # when, "stdout" or "stderr", text


def get(cluster_id: int, resource: str, key: Key) -> Stored | None:
    """The object as it is now, or None."""
    return _stored(_all(GET, (cluster_id, resource, key.namespace, key.name)))


async def aget(cluster_id: int, resource: str, key: Key) -> Stored | None:
    return _stored(await _aall(GET, (cluster_id, resource, key.namespace, key.name)))


def listing(cluster_id: int, resource: str, namespace: str | None = None) -> Listing:
    """All objects of a resource, in order of namespace and name. Raises NotFound when the cluster is gone."""
    return _listing(_all(*_list(cluster_id, resource, namespace)))


async def alisting(cluster_id: int, resource: str, namespace: str | None = None) -> Listing:
    return _listing(await _aall(*_list(cluster_id, resource, namespace)))


def joined(cluster_id: int, resource: str, namespace: str | None = None) -> tuple[int, bytes]:
    """The revision, and the objects in the same order, parted by commas. Raises NotFound without the cluster."""
    rows = _all(*_list(cluster_id, resource, namespace, BODIES))
    if not rows:
        raise Status(404, "NotFound", "the cluster is gone")
    return rows[0][0], ",".join([body for _, body in rows if body]).encode()


async def aeverything(
    cluster_id: int, wanted: Sequence[str], known: Sequence[str]
) -> AsyncIterator[tuple[int, Sequence[tuple[str, str, str, str]]]]:
    """The objects of the wanted resources, and of all that are not among the known ones, a part at a time: the one
    revision of them all, and each object's resource, namespace, name and text. Raises NotFound without the cluster."""
    async with (
        (await pool()).connection() as one,
        one.transaction(),
        one.cursor("everything") as cursor,
    ):
        await cursor.execute(EVERYTHING.encode(), (list(wanted), list(known), cluster_id))
        rows = await cursor.fetchmany(PART)
        if not rows:
            raise Status(404, "NotFound", "the cluster is gone")
        while rows:
            yield rows[0][0], [row[1:] for row in rows if row[1]]
            rows = await cursor.fetchmany(PART)


def changes(cluster_id: int, since: int, limit: int = 1000) -> list[Event]:
    """The log after a revision, at most `limit` lines. Raises Gone when lines after `since` were compacted."""
    return _events(_all(CHANGES, (since, limit, cluster_id)), since)


async def achanges(cluster_id: int, since: int, limit: int = 1000) -> list[Event]:
    return _events(await _aall(CHANGES, (since, limit, cluster_id)), since)


def output(cluster_id: int, owner: str, container: str, restart: int, *, since: int = 0) -> list[Line]:
    """What a container wrote, after the row `since` (0: from the beginning)."""
    return _lines(_all(OUTPUT, (cluster_id, owner, container, restart, since)))


async def aoutput(
    cluster_id: int, owner: str, container: str, restart: int, *, since: int = 0
) -> tuple[list[Line], int]:
    """The same, and the row up to which it was read."""
    rows = await _aall(OUTPUT, (cluster_id, owner, container, restart, since))
    return _lines(rows), rows[-1][1] if rows else since


def _lines(rows: Sequence[Any]) -> list[Line]:
    return [(at, stream, text) for lines, _ in rows for at, stream, text in orjson.loads(lines)]


def _all(statement: str, values: Sequence[Any]) -> list[Any]:
    """Asked twice, as below, unless it belongs to a transaction."""
    try:
        return _asked_here(statement, values)
    except psycopg.OperationalError:
        if connection.in_atomic_block:
            raise
        connection.close()
        return _asked_here(statement, values)


def _asked_here(statement: str, values: Sequence[Any]) -> list[Any]:
    with psycopg.Cursor(raw()) as cursor:
        rows: list[Any] = cursor.execute(statement.encode(), values).fetchall()
        return rows


async def _aall(statement: str, values: Sequence[Any]) -> list[Any]:
    """Asked twice where the connection turns out to be dead: Postgres was restarted, and reading twice is harmless."""
    try:
        return await _asked(statement, values)
    except psycopg.OperationalError:
        await (await pool()).drain()
        return await _asked(statement, values)


async def _asked(statement: str, values: Sequence[Any]) -> list[Any]:
    async with (await pool()).connection() as one:
        rows: list[Any] = await (await one.execute(statement.encode(), values)).fetchall()
        return rows


def _list(cluster_id: int, resource: str, namespace: str | None, what: str = LIST) -> tuple[str, Sequence[Any]]:
    if namespace is None:
        return what.format(where=""), (resource, cluster_id)
    return what.format(where="AND o.namespace = %s"), (resource, namespace, cluster_id)


def _stored(rows: Sequence[Any]) -> Stored | None:
    return Stored(rows[0][0], rows[0][1].encode()) if rows else None


def _listing(rows: Sequence[Any]) -> Listing:
    if not rows:
        raise Status(404, "NotFound", "the cluster is gone")
    found = [Row(namespace, name, revision, body.encode()) for _, namespace, name, revision, body in rows if body]
    return Listing(rows[0][0], found)


def _events(rows: Sequence[Any], since: int) -> list[Event]:
    floor = rows[0][0] if rows else 0
    if not rows or since < floor:
        raise Status.gone(f"too old resource version: {since} ({floor})")
    return [_event(line) for _, *line in rows if line[0] is not None]


def _event(line: Sequence[Any]) -> Event:
    revision, op, group, resource, namespace, name, uid, was, actor, cause, why, at, body = line
    before = orjson.loads(was) if was else None
    return Event(revision, op, group, resource, namespace, name, uid, before, actor, cause, why, at, body.encode())
