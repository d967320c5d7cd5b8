"""A cluster's objects as a page reads them: parsed once a request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import orjson

from clusters.engine.clock import cluster_now
from clusters.kinds.body import Body, Key
from clusters.models import Cluster
from clusters.reconcile.clock import Time
from clusters.store import read


class Reading:
    """What stands around an object, from the store. A kind that is asked for twice is read once."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._lists: dict[str, list[Body]] = {}

    @cached_property
    def now(self) -> Time:
        return cluster_now(self.cluster)

    def get(self, resource: str, namespace: str, name: str) -> Body | None:
        if "\0" in namespace or "\0" in name:
            return None  # Postgres keeps no such name
        stored = read.get(self.cluster.pk, resource, Key(namespace, name))
        return None if stored is None else orjson.loads(stored.body)

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]:
        if resource not in self._lists:
            rows = read.listing(self.cluster.pk, resource).rows
            self._lists[resource] = [orjson.loads(row.body) for row in rows]
        found = self._lists[resource]
        return found if namespace is None else [one for one in found if one["metadata"].get("namespace") == namespace]
