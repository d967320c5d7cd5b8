"""A cluster's objects as they were at a revision: what has not changed since, and the log's last word on what has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg

from clusters.kinds.body import Body, Key
from clusters.store.pool import raw

UNCHANGED = """SELECT resource, namespace, name, body::text FROM clusters_kubeobject
WHERE cluster_id = %s AND resource = ANY(%s) AND revision <= %s"""
# what became of each object first after the revision: one that was made then was not there before
SINCE = """SELECT DISTINCT ON (resource, "group", namespace, name) resource, namespace, name, op FROM clusters_change
WHERE cluster_id = %s AND revision > %s AND resource = ANY(%s)
ORDER BY resource, "group", namespace, name, revision"""
BEFORE = """SELECT DISTINCT ON (resource, "group", namespace, name) resource, namespace, name, body::text
FROM clusters_change WHERE cluster_id = %s AND revision <= %s AND resource = ANY(%s)
ORDER BY resource, "group", namespace, name, revision DESC"""


@dataclass(frozen=True, slots=True)
class Past:
    """`lost`: objects of which the log no longer knows how they were."""

    objects: Mapping[str, Sequence[Body]]
    lost: Sequence[tuple[str, Key]]


def objects_at(cluster_id: int, revision: int, resources: Sequence[str]) -> Past:
    """The objects of these resources at the revision, each list in order of its keys."""
    wanted = list(resources)
    found = {(resource, Key(*key)): body for resource, *key, body in _all(UNCHANGED, (cluster_id, wanted, revision))}
    since = {(resource, Key(*key)): op for resource, *key, op in _all(SINCE, (cluster_id, revision, wanted))}
    were = [place for place, op in since.items() if op != "ADDED"]
    known = {}
    if were:
        rows = _all(BEFORE, (cluster_id, revision, wanted))
        known = {(resource, Key(*key)): body for resource, *key, body in rows}
    found |= {place: known[place] for place in were if place in known}
    lists: dict[str, list[Body]] = {resource: [] for resource in resources}
    for (resource, _), body in sorted(found.items()):
        lists[resource].append(orjson.loads(body))
    return Past(lists, sorted(place for place in were if place not in known))


def _all(statement: str, values: Sequence[Any]) -> list[Any]:
    with psycopg.Cursor(raw()) as cursor:
        rows: list[Any] = cursor.execute(statement.encode(), values).fetchall()
        return rows
