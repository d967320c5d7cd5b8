"""Writes a batch of changes in one transaction: revisions, objects, log lines, output (the part of etcd)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import psycopg

from clusters.admission.apply import ADDED, DELETED
from clusters.kinds.body import Body, dig, labels_of, revision_of
from clusters.kinds.kind import Kind
from clusters.reconcile.batch import Entry, stamped
from clusters.reconcile.clock import Time
from clusters.reconcile.writes import Output
from clusters.store import blobs
from clusters.store.event import Event
from clusters.store.pool import raw

INSERT, UPDATE, REMOVE = "I", "U", "D"
COLUMNS = "revision, op, grp, resource, namespace, name, uid, body, was, actor, cause, why, at, net, expected"
# LATERAL ... OFFSET 0 makes the planner look each row up by its key, whatever it believes about the table's size:
# left alone it reads the whole cluster for every line of the batch where statistics are missing (1.7 ms a row)
STATEMENT = f"""
WITH input AS MATERIALIZED (
  SELECT * FROM unnest(%b::bigint[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[],
    %b::text[], %b::text[], %b::text[], %b::bigint[], %b::text[], %b::bigint[], %b::text[], %b::bigint[])
    AS i({COLUMNS})
), logged AS (
  INSERT INTO clusters_change
    (cluster_id, revision, op, "group", resource, namespace, name, uid, body, was, actor, cause, why, wall, at)
  SELECT %b::bigint, revision, op, grp, resource, namespace, name, uid, body::json, was::json, actor, cause, why,
    %b::bigint, at FROM input
), found AS (
  SELECT i.*, row.place FROM input i CROSS JOIN LATERAL (
    SELECT o.ctid AS place FROM clusters_kubeobject o
    WHERE o.cluster_id = %b::bigint AND o.resource = i.resource AND o."group" = i.grp AND o.namespace = i.namespace
      AND o.name = i.name AND o.revision = i.expected OFFSET 0
  ) row WHERE i.net IN ('U', 'D')
), changed AS (
  UPDATE clusters_kubeobject o
  SET revision = f.revision, body = f.body::json, uid = f.uid, actor = f.actor, cause = f.cause, why = f.why
  FROM found f WHERE f.net = 'U' AND o.ctid = f.place RETURNING 1
), removed AS (
  DELETE FROM clusters_kubeobject o USING found f WHERE f.net = 'D' AND o.ctid = f.place RETURNING 1
), made AS (
  INSERT INTO clusters_kubeobject
    (cluster_id, resource, "group", namespace, name, uid, revision, body, actor, cause, why)
  SELECT %b::bigint, resource, grp, namespace, name, uid, revision, body::json, actor, cause, why
  FROM input WHERE net = 'I' ON CONFLICT DO NOTHING RETURNING 1
) SELECT (SELECT count(*) FROM changed) + (SELECT count(*) FROM removed) + (SELECT count(*) FROM made)
"""


class Conflict(Exception):
    """Somebody else has written one of these objects: nothing was stored."""


class Stale(Exception):
    """This worker has lost the lease: nothing was stored."""


@dataclass(frozen=True, slots=True)
class Line:
    """A change as it goes into the table: the event, and what it means for the object's row."""

    event: Event
    net: str
    expected: int


def store(cluster_id: int, entries: Sequence[Entry], first: int, wall: int) -> list[Event]:
    """Write entries as revisions `first`, `first + 1`, ... inside the caller's transaction. Raises Conflict."""
    shift = first - entries[0].revision
    nets, texts = _nets(entries), blobs.Texts()
    lines = [
        Line(_event(entry, shift, entries[0].revision, texts), *nets.get(index, ("", 0)))
        for index, entry in enumerate(entries)
    ]
    with psycopg.Cursor(raw()) as cursor:
        cursor.execute(STATEMENT, [*_columns(lines), cluster_id, wall, cluster_id, cluster_id])
        row = cursor.fetchone()
    if row is None or row[0] != len(nets):
        raise Conflict
    blobs.store(cluster_id, texts)
    return [line.event for line in lines]


def store_output(cluster_id: int, outputs: Sequence[tuple[Output, Time]], revision: int) -> None:
    """Keep what containers wrote, in the same transaction."""
    with psycopg.Cursor(raw()) as cursor:
        rows = []
        for output, _ in outputs:
            lines = orjson.dumps(output.lines).decode()
            rows.append((cluster_id, output.owner, output.container, output.restart, revision, lines, len(lines)))
        cursor.executemany(
            "INSERT INTO clusters_output (cluster_id, owner, container, restart, revision, lines, size)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            rows,
        )


def _event(entry: Entry, shift: int, base: int, texts: blobs.Texts) -> Event:
    change = entry.change
    revision = entry.revision + shift
    body = stamped(change.new, revision) if shift else change.new
    # a cause inside this very batch moves with it
    cause = entry.cause + shift if entry.cause >= base else entry.cause
    return Event(
        revision,
        change.op,
        change.kind.group,
        change.kind.plural,
        change.key.namespace,
        change.key.name,
        change.new["metadata"]["uid"],
        before(change.kind, change.new, change.old),
        entry.actor,
        cause or None,
        entry.why,
        entry.at,
        orjson.dumps(body) if change.kind.served else texts.put(body, revision),
    )


def before(kind: Kind, new: Body, old: Body | None) -> dict[str, Any] | None:
    """What selectors could see of the object before, where it differs; None where nothing did."""
    if old is None:
        return None
    fields = {path: dig(old, path) for path in kind.selectable}
    if labels_of(old) == labels_of(new) and all(dig(new, path) == value for path, value in fields.items()):
        return None
    return {"labels": dict(labels_of(old)), "fields": fields}


def _nets(entries: Sequence[Entry]) -> dict[int, tuple[str, int]]:
    """For each object the index of its last entry: what becomes of the row, and the revision it must have had."""
    firsts: dict[Any, Entry] = {}
    lasts: dict[Any, int] = {}
    for index, entry in enumerate(entries):
        place = (entry.change.kind.plural, entry.change.kind.group, entry.change.key)
        firsts.setdefault(place, entry)
        lasts[place] = index
    found = {}
    for place, index in lasts.items():
        first, last = firsts[place].change, entries[index].change
        if first.op == ADDED and last.op == DELETED:
            continue
        net = INSERT if first.op == ADDED else REMOVE if last.op == DELETED else UPDATE
        found[index] = (net, revision_of(first.old) if first.old else 0)
    return found


def _columns(lines: Sequence[Line]) -> list[list[Any]]:
    events = [line.event for line in lines]
    return [
        [e.revision for e in events],
        [e.op for e in events],
        [e.group for e in events],
        [e.resource for e in events],
        [e.namespace for e in events],
        [e.name for e in events],
        [e.uid for e in events],
        [e.body.decode() for e in events],
        [orjson.dumps(e.was).decode() if e.was else None for e in events],
        [e.actor for e in events],
        [e.cause for e in events],
        [e.why for e in events],
        [e.at for e in events],
        [line.net for line in lines],
        [line.expected for line in lines],
    ]
