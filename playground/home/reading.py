"""A cluster's objects as a page reads them, now or as they were: parsed once a request."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import orjson

from clusters.engine.clock import cluster_now
from clusters.kinds.body import Body, Key, key_of
from clusters.models import Cluster
from clusters.reconcile.clock import Time
from clusters.store import past, read
from playground.home import parsed


class Reading:
    """What stands around an object, from the store. A kind that is asked for twice is read once.

    `revision`: as of then; None: now.
    """

    def __init__(self, cluster: Cluster, revision: int | None = None) -> None:
        self.cluster, self.revision = cluster, revision
        self._lists: dict[str, Sequence[Body]] = {}

    @cached_property
    def now(self) -> Time:
        then = None if self.revision is None else past.time_at(self.cluster.pk, self.revision)
        return then or cluster_now(self.cluster)

    def get(self, resource: str, namespace: str, name: str) -> Body | None:
        if "\0" in namespace or "\0" in name:
            return None  # Postgres keeps no such name
        if self.revision is not None:
            return next((one for one in self.list(resource) if key_of(one) == (namespace, name)), None)
        stored = read.get(self.cluster.pk, resource, Key(namespace, name))
        return None if stored is None else orjson.loads(stored.body)

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]:
        if resource not in self._lists and self.revision is not None:
            self._lists[resource] = parsed.objects_at(self.cluster.pk, self.revision, resource)
        elif resource not in self._lists:
            self._lists[resource] = parsed.objects(self.cluster.pk, resource)
        found = self._lists[resource]
        return found if namespace is None else [one for one in found if one["metadata"].get("namespace") == namespace]

    def events(self, word: str) -> Sequence[Body]:
        """Of all Events at least those that are about the object with this uid or name."""
        return parsed.events_about(self.cluster.pk, word) if self.revision is None else self.list("events")
