"""A cluster's objects as they were at a revision or a time: the living that a snapshot names, and the lines since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg

from clusters.kinds.body import Body, Key, key_of
from clusters.reconcile.clock import Time
from clusters.store import blobs
from clusters.store.pool import raw
from clusters.store.snapshots import base_of, living_at

LINES = "SELECT revision, resource, body::text FROM clusters_change WHERE cluster_id = %s AND revision = ANY(%s)"
STILL = """SELECT revision, resource, body::text FROM clusters_kubeobject
WHERE cluster_id = %s AND resource = ANY(%s) AND revision = ANY(%s)"""
# what became of each object first after the revision: one that was not made then was there before
NEXT = """SELECT DISTINCT ON (resource, "group", namespace, name) resource, namespace, name, op FROM clusters_change
WHERE cluster_id = %s AND revision > %s AND resource = ANY(%s)
ORDER BY resource, "group", namespace, name, revision"""
AROUND = """SELECT (SELECT max(revision) FROM clusters_moment WHERE cluster_id = %(cluster)s AND at <= %(at)s),
(SELECT min(revision) FROM clusters_moment WHERE cluster_id = %(cluster)s AND at > %(at)s)"""
LAST = """SELECT max(revision) FROM clusters_change
WHERE cluster_id = %s AND revision > %s AND revision <= %s AND at <= %s"""
PLACES = """SELECT revision, resource, namespace, name, uid FROM clusters_kubeobject
WHERE cluster_id = %s AND resource = ANY(%s)"""
TOUCHED = """SELECT DISTINCT resource, namespace, name, uid FROM clusters_change
WHERE cluster_id = %s AND revision > %s"""
TIME = "SELECT at FROM clusters_change WHERE cluster_id = %s AND revision <= %s ORDER BY revision DESC LIMIT 1"
BOUNDS = """SELECT c.floor, (SELECT at FROM clusters_change l WHERE l.cluster_id = c.id AND l.revision > c.floor
ORDER BY revision LIMIT 1), c.revision FROM clusters_cluster c WHERE c.id = %s"""


Place = tuple[str, str, str, str]  # resource, namespace, name, uid


@dataclass(frozen=True, slots=True)
class Past:
    """`lost`: objects of which the log no longer knows how they were: it was cut before there were snapshots."""

    objects: Mapping[str, Sequence[Body]]
    lost: Sequence[tuple[str, Key]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far one can look back: the log's floor, the time of its first line, and the last revision."""

    floor: int
    since: Time | None
    revision: int


def objects_at(cluster_id: int, revision: int, resources: Sequence[str] | None = None, *, inflate: bool = True) -> Past:
    """The objects at the revision, each list in order of its keys. `inflate`: long texts whole (store/blobs.py)."""
    living = living_at(cluster_id, revision, resources)
    wanted = [line for lines in living.values() for line in lines]
    rows = lines_at(cluster_id, wanted, list(living))
    bodies = read(cluster_id, [(resource, text) for _, resource, text in rows], inflate=inflate)
    lists: dict[str, list[Body]] = {resource: [] for resource in (resources or living)}
    for (_, resource, _), body in zip(rows, bodies, strict=True):
        lists[resource].append(body)
    for found in lists.values():
        found.sort(key=key_of)
    return Past(lists, _lost(cluster_id, revision, lists))


def _lost(cluster_id: int, revision: int, lists: Mapping[str, Sequence[Body]]) -> Sequence[tuple[str, Key]]:
    if base_of(cluster_id, revision)[0]:
        return ()
    known = {(resource, key_of(one)) for resource, bodies in lists.items() for one in bodies}
    rows = _all(NEXT, (cluster_id, revision, list(lists)))
    were = [(resource, Key(*key)) for resource, *key, op in rows if op != "ADDED"]
    return [place for place in were if place not in known]


def read(cluster_id: int, stored: Sequence[tuple[str, str]], *, inflate: bool) -> Sequence[Body]:
    """Stored texts as objects."""
    return blobs.whole(cluster_id, stored) if inflate else [orjson.loads(text) for _, text in stored]


def lines_at(cluster_id: int, wanted: Sequence[int], resources: Sequence[str]) -> list[tuple[int, str, str]]:
    """(revision, resource, text) of these lines: from the log, or where it is cut from what is still the same."""
    rows = _all(LINES, (cluster_id, list(wanted)))
    if len(rows) < len(wanted):
        known = {line for line, _, _ in rows}
        missing = [line for line in wanted if line not in known]
        rows += _all(STILL, (cluster_id, list(resources), missing))
    return rows


def living_now(cluster_id: int, resources: Sequence[str]) -> list[tuple[int, Place]]:
    """The line that was each object's last word, and whose it is."""
    rows = _all(PLACES, (cluster_id, list(resources)))
    return [(row[0], (row[1], row[2], row[3], row[4])) for row in rows]


def places_since(cluster_id: int, revision: int) -> list[Place]:
    """Whom the log's lines after a revision are about."""
    return [(row[0], row[1], row[2], row[3]) for row in _all(TOUCHED, (cluster_id, revision))]


def revision_at(cluster_id: int, at: Time) -> int:
    """The last revision that was written at that cluster time or before; 0 where the log begins later."""
    low, high = _all(AROUND, {"cluster": cluster_id, "at": at})[0]
    found = _all(LAST, (cluster_id, low or 0, high or 1 << 62, at))[0][0]
    return int(found or low or 0)


def time_at(cluster_id: int, revision: int) -> Time | None:
    """When it was written; None where the log knows nothing so old."""
    found = _all(TIME, (cluster_id, revision))
    return found[0][0] if found else None


def bounds(cluster_id: int) -> Bounds:
    """How far one can look back."""
    return Bounds(*_all(BOUNDS, (cluster_id,))[0])


def _all(statement: str, values: Any) -> list[Any]:
    with psycopg.Cursor(raw()) as cursor:
        rows: list[Any] = cursor.execute(statement.encode(), values).fetchall()
        return rows
