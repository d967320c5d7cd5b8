"""What is read of a cluster whose row is locked: nobody else writes, so each thing is asked for once."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import Any

import psycopg

from clusters.kinds.body import Body, Key
from clusters.store import blobs
from clusters.store.pool import raw

ONE = """SELECT resource, namespace, name, body::text FROM clusters_kubeobject
WHERE cluster_id = %s AND resource = %s AND namespace = %s AND name = %s"""
MANY = """SELECT resource, namespace, name, body::text FROM clusters_kubeobject
WHERE cluster_id = %s AND resource = %s AND (%s::text IS NULL OR namespace = %s)"""
# what admission asks of each write in a namespace: the Namespace itself, and what it limits
RULES = ("resourcequotas", "limitranges")
WITH_RULES = f"""{ONE} UNION ALL {ONE} UNION ALL
SELECT resource, namespace, name, body::text FROM clusters_kubeobject
WHERE cluster_id = %s AND resource = ANY(%s::text[]) AND namespace = %s"""
COUNT = "SELECT resource, count(*) FROM clusters_kubeobject WHERE cluster_id = %s GROUP BY resource"
COUNT_INSIDE = """SELECT count(*) FROM clusters_kubeobject
WHERE cluster_id = %s AND resource = %s AND namespace = %s"""
EVERY = """SELECT resource, namespace, name, body::text FROM clusters_kubeobject
WHERE cluster_id = %s ORDER BY resource, namespace, name"""

Found = dict[Key, Body]


class Reading:
    """`is_new`: nothing was ever written, there is nothing to ask the database about."""

    def __init__(self, cluster_id: int, *, is_new: bool) -> None:
        self._cluster_id = cluster_id
        self._is_new = is_new
        self._objects: dict[tuple[str, Key], Body | None] = {}
        self._rules: dict[tuple[str, str], Found] = {}  # by resource and namespace
        self._counts: dict[str, int] | None = None

    def get(self, resource: str, key: Key) -> Body | None:
        """One object. The first of a namespace brings along what is asked next."""
        place = (resource, key)
        if place not in self._objects:
            self._objects[place] = None
            if key.namespace and (RULES[0], key.namespace) not in self._rules:
                self._read_with_rules(resource, key)
            else:
                self._kept(self._rows(ONE, resource, *key))
        return self._objects[place]

    def list(self, resource: str, namespace: str | None) -> Found:
        """In no order."""
        if namespace is not None and (resource, namespace) in self._rules:
            return dict(self._rules[resource, namespace])
        return {key: body for _, key, body in self._kept(self._rows(MANY, resource, namespace, namespace))}

    def count(self, resource: str, namespace: str | None) -> int:
        if self._is_new:
            return 0
        if namespace is not None:
            inside: int = self._rows(COUNT_INSIDE, resource, namespace)[0][0]
            return inside
        if self._counts is None:  # who limits what a cluster may hold asks for every kind
            self._counts = dict(self._rows(COUNT))
        return self._counts.get(resource, 0)

    def everything(self) -> builtins.list[tuple[str, Key, Body]]:
        """In order of resource and key."""
        return self._kept(self._rows(EVERY))

    def _read_with_rules(self, resource: str, key: Key) -> None:
        cluster_id, namespace = self._cluster_id, key.namespace
        self._rules.update({(rule, namespace): {} for rule in RULES})
        self._objects.setdefault(("namespaces", Key("", namespace)), None)
        one = (resource, *key, cluster_id, "namespaces", "", namespace)
        for found, where, body in self._kept(self._rows(WITH_RULES, *one, cluster_id, list(RULES), namespace)):
            if found in RULES:
                self._rules[found, namespace][where] = body

    def _kept(self, rows: Sequence[Any]) -> builtins.list[tuple[str, Key, Body]]:
        bodies = blobs.whole(self._cluster_id, [(row[0], row[3]) for row in rows])
        found = [(row[0], Key(row[1], row[2]), body) for row, body in zip(rows, bodies, strict=True)]
        self._objects.update({(resource, key): body for resource, key, body in found})
        return found

    def _rows(self, statement: str, *values: Any) -> builtins.list[Any]:
        if self._is_new:
            return []
        with psycopg.Cursor(raw()) as cursor:
            rows: builtins.list[Any] = cursor.execute(statement.encode(), (self._cluster_id, *values)).fetchall()
            return rows
