"""A cluster's objects, parsed: what this process has read before, and is still the same, is not read again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Any

import orjson
import psycopg

from clusters.kinds.body import Body, key_of, revision_of
from clusters.store.past import lines_at
from clusters.store.pool import raw
from clusters.store.snapshots import living_at

MOST = 6000  # objects kept in all, those asked for last: about 15 KB each

# one statement is one snapshot; what is not newer than the last look is known
NEWS = """SELECT c.revision, o.namespace, o.name, CASE WHEN o.revision > %s THEN o.body::text END
FROM clusters_cluster c LEFT JOIN clusters_kubeobject o ON o.cluster_id = c.id AND o.resource = %s
WHERE c.id = %s ORDER BY o.namespace, o.name"""
ABOUT = """SELECT body::text FROM clusters_kubeobject
WHERE cluster_id = %s AND resource = 'events' AND strpos(body::text, %s) > 0 ORDER BY namespace, name"""

Held = tuple[int, dict[tuple[str, str], Body]]  # the cluster's revision, and its objects then

_kept: OrderedDict[tuple[int, str], Held] = OrderedDict()
_guard = Lock()


def objects(cluster_id: int, resource: str) -> Sequence[Body]:
    """As they are now, in order of namespace and name. They are everybody's: to be read only."""
    place = (cluster_id, resource)
    with _guard:
        since, known = _kept.get(place, (0, {}))
    rows = _all(NEWS, (since, resource, cluster_id))
    found = {
        (row[1], row[2]): known[row[1], row[2]] if row[3] is None else orjson.loads(row[3]) for row in rows if row[2]
    }
    if rows:
        _keep(place, rows[0][0], found)
    return list(found.values())


def objects_at(cluster_id: int, revision: int, resource: str) -> Sequence[Body]:
    """As they were then, in order of namespace and name: most are what they still are."""
    wanted = living_at(cluster_id, revision, [resource]).get(resource, ())
    now = {revision_of(body): body for body in objects(cluster_id, resource)}
    found = [now[line] for line in wanted if line in now]
    missing = lines_at(cluster_id, [line for line in wanted if line not in now], [resource])
    return sorted([*found, *(orjson.loads(text) for _, _, text in missing)], key=key_of)


def events_about(cluster_id: int, word: str) -> Sequence[Body]:
    """The Events in which this uid or name stands: there are many of others, which need not be parsed."""
    return [orjson.loads(text) for (text,) in _all(ABOUT, (cluster_id, word))]


def _keep(place: tuple[int, str], revision: int, found: dict[tuple[str, str], Body]) -> None:
    with _guard:
        _kept[place] = (revision, found)
        _kept.move_to_end(place)
        while sum(len(objects) for _, objects in _kept.values()) > MOST:
            _kept.popitem(last=False)


def _all(statement: str, values: Sequence[object]) -> list[Any]:
    with psycopg.Cursor(raw()) as cursor:
        rows: list[Any] = cursor.execute(statement.encode(), values).fetchall()
        return rows
