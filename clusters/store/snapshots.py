"""Which line of the log was each object's last word, noted once a minute of cluster time, or after many lines
(etcd: a snapshot).

A snapshot names lines and holds no bodies: compaction leaves the lines that its floor names, as etcd leaves each
key's last value. From there on a few lines tell what was there at any revision (store/past.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import orjson
import psycopg

from clusters.reconcile.clock import MINUTE, Time
from clusters.store.pool import raw

FEW = 10  # lines; where less happened, the log itself is read as quickly
MANY = 4000  # lines; where more happened, a minute has several snapshots

LAST = "SELECT revision FROM clusters_moment WHERE cluster_id = %s ORDER BY revision DESC LIMIT 1"
PARTS = """SELECT minute, max(revision), count(*), max(at) FROM (
  SELECT at / %s AS minute, revision, at, (row_number() OVER (ORDER BY revision) - 1) / %s AS part
  FROM clusters_change WHERE cluster_id = %s AND revision > %s
) AS lines GROUP BY minute, part ORDER BY minute, part"""
KEEP = "INSERT INTO clusters_moment (cluster_id, revision, at, living) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"

BASE = """SELECT revision, living::text FROM clusters_moment
WHERE cluster_id = %s AND revision <= %s ORDER BY revision DESC LIMIT 1"""
NAMED = """SELECT revision, op, resource, "group", namespace, name FROM clusters_change
WHERE cluster_id = %(cluster)s AND revision = ANY(%(named)s)"""
SINCE = """SELECT revision, op, resource, "group", namespace, name FROM clusters_change
WHERE cluster_id = %(cluster)s AND revision > %(base)s AND revision <= %(until)s AND {wanted}"""
# a log that was cut before there were snapshots: what is still as it was then
STILL = """SELECT revision, 'MODIFIED', resource, "group", namespace, name FROM clusters_kubeobject
WHERE cluster_id = %(cluster)s AND revision <= %(until)s AND {wanted}"""
LIVING = """SELECT resource, array_agg(revision ORDER BY revision) FROM (
  SELECT DISTINCT ON (resource, "group", namespace, name) resource, revision, op FROM ({lines}) AS lines
  ORDER BY resource, "group", namespace, name, revision DESC
) AS last WHERE op <> 'DELETED' GROUP BY resource ORDER BY resource"""

Living = Mapping[str, Sequence[int]]


def take(cluster_id: int, now: Time) -> None:
    """A snapshot at the end of each minute that is over and after many lines; one of little goes into the next."""
    found = _all(LAST, (cluster_id,))
    since: int = found[0][0] if found else 0
    count, revision = 0, since
    parts = _all(PARTS, (MINUTE, MANY, cluster_id, since))
    for (minute, last, lines, at), (following, *_) in pairwise([*parts, (None,)]):
        end = (minute + 1) * MINUTE
        # an API write may be stamped a little later than what the engine, when it lags, writes after it
        count, revision = count + lines, max(revision, last)
        is_over = following != minute and end <= now
        if (is_over and count >= FEW) or count >= MANY:
            keep(cluster_id, revision, end if is_over else at)
            count = 0


def keep(cluster_id: int, revision: int, at: Time) -> None:
    """Note who lived then."""
    text = orjson.dumps(living_at(cluster_id, revision)).decode()
    _run(KEEP, (cluster_id, revision, at, text))


def living_at(cluster_id: int, revision: int, resources: Sequence[str] | None = None) -> Living:
    """By resource, the lines that were the last word of what was there. None: all resources."""
    base, known = base_of(cluster_id, revision)
    named = [line for resource, lines in known.items() if resources is None or resource in resources for line in lines]
    wanted = "TRUE" if resources is None else "resource = ANY(%(resources)s)"
    lines = f"{NAMED} UNION ALL {SINCE.format(wanted=wanted)}"
    if not base:
        lines += f" UNION ALL {STILL.format(wanted=wanted)}"
    values = {
        "cluster": cluster_id,
        "named": named,
        "base": base,
        "until": revision,
        "resources": list(resources or ()),
    }
    return dict(_all(LIVING.format(lines=lines), values))


def base_of(cluster_id: int, revision: int) -> tuple[int, Living]:
    """The last snapshot not after the revision; (0, nothing) where there is none."""
    found = _all(BASE, (cluster_id, revision))
    return (found[0][0], orjson.loads(found[0][1])) if found else (0, {})


def _all(statement: str, values: Any) -> list[Any]:
    with psycopg.Cursor(raw()) as cursor:
        rows: list[Any] = cursor.execute(statement.encode(), values).fetchall()
        return rows


def _run(statement: str, values: Any) -> None:
    with psycopg.Cursor(raw()) as cursor:
        cursor.execute(statement.encode(), values)
