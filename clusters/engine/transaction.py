"""A write through the API: the cluster's row is locked, then read, admitted and committed in one transaction."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
import psycopg
from django.db import transaction

from clusters.admission.apply import ADDED, DELETED, Change, apply
from clusters.engine import assembly
from clusters.engine.reading import Reading
from clusters.kinds.body import Body, Key, dig, revision_of
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status
from clusters.models import Cluster
from clusters.reconcile.batch import Entry, stamped
from clusters.reconcile.chance import Chance
from clusters.reconcile.faults import hits
from clusters.reconcile.live import controls
from clusters.reconcile.timings import PROFILES, Timings
from clusters.reconcile.writes import Create, Delete, Update
from clusters.store.announce import publish
from clusters.store.clock import cluster_now, wall_now
from clusters.store.commit import store
from clusters.store.event import Event
from clusters.store.pool import raw

LOCK = "SELECT {} FROM clusters_cluster WHERE id = %s FOR UPDATE"
MOVE = "UPDATE clusters_cluster SET revision = %s, next_due = %s, asleep = %s, anchor_wall = %s WHERE id = %s"


class DryRun(Exception):
    """Leaves the transaction without a trace."""


@contextmanager
def changing(cluster_id: int, actor: str, *, dry_run: bool = False) -> Iterator[Transaction]:
    """Lock the cluster and write through what is given; on leaving, one commit, then everybody is told.

    Raises NotFound when the cluster is gone. An exception inside leaves everything as it was.
    """
    events = []
    try:
        with transaction.atomic():
            tx = Transaction(_locked(cluster_id), actor)
            yield tx
            if dry_run:
                raise DryRun
            events = tx.commit()
    except DryRun:
        return
    if events:
        publish(cluster_id, events, wakes=True)


def _locked(cluster_id: int) -> Cluster:
    """The cluster's row, locked. Said in SQL, as the update below: the query sets cost twice as much as the rest."""
    names = [str(field.column) for field in Cluster._meta.concrete_fields]
    with psycopg.Cursor(raw()) as cursor:
        row = cursor.execute(LOCK.format(", ".join(names)).encode(), (cluster_id,)).fetchone()
    if row is None:
        raise Status(404, "NotFound", "the cluster is gone")
    cluster = Cluster.from_db(None, names, row)
    cluster.limits = orjson.loads(cluster.limits)  # Django's own query sets would have done it
    return cluster


class Transaction:
    """A View of the locked cluster, and the writes made through it."""

    cache: Any = None

    def __init__(self, cluster: Cluster, actor: str) -> None:
        self.cluster = cluster
        self.now = cluster_now(cluster)
        self.kinds: Mapping[str, Kind] = assembly.kinds()
        self.kernel = assembly.kernel()
        self.timings: Timings = PROFILES[cluster.timings]
        self.limits: Mapping[str, int] = cluster.limits
        self.random = Chance(f"{cluster.seed}/{actor}/{cluster.revision}/{self.now}")
        self.revision = cluster.revision
        self.entries: builtins.list[Entry] = []
        self._actor = actor
        self._reading = Reading(cluster.pk, is_new=cluster.revision == 0)
        self._laid_over: dict[tuple[str, Key], Body | None] = {}

    # writing

    def apply(self, write: Create | Update | Delete) -> Body | Status:
        """The object as it stands after the write (for a removal: as it was), or the refusal."""
        change = apply(write, self, assembly.steps())
        if isinstance(change, Status):
            return change
        if change is None:
            return self.get(write.resource, _key(write)) or write.body
        self.revision += 1
        new = stamped(change.new, self.revision)
        change = Change(change.op, change.kind, change.key, new, change.old)
        cause = revision_of(write.because) if write.because else 0
        self.entries.append(Entry(change, self._actor, cause, write.why, self.now, self.revision))
        self._laid_over[change.kind.plural, change.key] = None if change.op == DELETED else new
        return new

    def clear(self) -> None:
        """Take away everything there is, whatever it waits for: the keyspace is about to be restored."""
        for resource, key, body in self._reading.everything():
            kind = self.kinds[resource]
            self.revision += 1
            change = Change(DELETED, kind, key, stamped(body, self.revision), body)
            self.entries.append(Entry(change, self._actor, 0, "", self.now, self.revision))
            self._laid_over[resource, key] = None

    def commit(self) -> builtins.list[Event]:
        """Store what was written; the caller's transaction makes it durable."""
        if not self.entries:
            return []
        wall = wall_now()
        row = self.cluster
        row.revision = self.revision
        if not row.paused:
            row.next_due = wall if row.next_due is None else min(row.next_due, wall)
        if row.asleep:
            row.asleep, row.anchor_wall = False, wall
        with psycopg.Cursor(raw()) as cursor:
            cursor.execute(MOVE.encode(), (row.revision, row.next_due, row.asleep, row.anchor_wall, row.pk))
        return store(row.pk, self.entries, self.entries[0].revision, wall)

    # reading

    def get(self, resource: str, key: Key) -> Body | None:
        place = (resource, key)
        if "\0" in key.namespace or "\0" in key.name:
            return None  # Postgres keeps no such name
        if place in self._laid_over:
            return self._laid_over[place]
        return self._reading.get(resource, key)

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]:
        found = self._reading.list(resource, namespace)
        for (kind, key), body in self._laid_over.items():
            if kind == resource and namespace in (None, key.namespace):
                found.pop(key, None)
                if body is not None:
                    found[key] = body
        return [found[key] for key in sorted(found)]

    def count(self, resource: str, namespace: str | None = None) -> int:
        mine = [e.change for e in self.entries if e.change.kind.plural == resource]
        inside = [change for change in mine if namespace in (None, change.key.namespace)]
        more = sum(c.op == ADDED for c in inside) - sum(c.op == DELETED for c in inside)
        return self._reading.count(resource, namespace) + more

    def owned(self, owner: Body, resource: str) -> Sequence[Body]:
        uid = owner["metadata"]["uid"]
        return [body for body in self.list(resource, owner["metadata"].get("namespace")) if controls(uid, body)]

    def dependents(self, uid: str) -> Sequence[tuple[str, Body]]:
        found = [(resource, body) for resource, _, body in self._reading.everything()]
        return [one for one in found if uid in [o["uid"] for o in dig(one[1], "metadata.ownerReferences") or ()]]

    def on_node(self, node: str) -> Sequence[Body]:
        return [pod for pod in self.list("pods") if pod["spec"].get("nodeName") == node]

    def derived(self, make: Callable[[], Any]) -> Any:
        found = make()
        for resource in found.resources:
            for body in self.list(resource):
                found.changed(resource, body, None)
        return found

    def hit_by(self, fault: str, **target: str) -> Body | None:
        return next((body for body in self.list("faults") if hits(body, fault, target)), None)


def _key(write: Create | Update | Delete) -> Key:
    metadata = write.body["metadata"]
    return Key(metadata.get("namespace") or "", metadata["name"])
