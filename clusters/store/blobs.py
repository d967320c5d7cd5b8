"""Long texts of the machine room, kept once per cluster by what they say (DESIGN: what a container writes is output).

In a stored body such a text stands as `blob:` and the names of its pieces. Who reads machine objects whole asks here;
the log, the feed and the picture carry them as they are stored.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import orjson
import psycopg
from django.db import connection, transaction

from clusters.kinds.body import Body
from clusters.models import Cluster
from clusters.store.pool import raw

LONG = 8192  # characters from which a text is kept apart
PIECE = 64 * 1024  # characters: what is appended to a file costs its last piece, not the whole
PREFIX = "blob:"
APART = ("disks", "sandboxes")
KEEP = 200 << 20  # bytes of a cluster; beyond it the past loses its files first

MOST_CUTS, MOST_HELD, MOST_LARGE = 32, 64 << 20, 4096
# what this process has cut last, by the text's identity: what did not change is not looked through again
_cuts: dict[int, tuple[str, Sequence[str]]] = {}
_large: dict[str, None] = {}  # machine objects, by uid, in which there were long texts

MISSING = """SELECT wanted.digest FROM unnest(%s::uuid[]) AS wanted(digest) WHERE NOT EXISTS
(SELECT 1 FROM clusters_blob b WHERE b.cluster_id = %s AND b.digest = wanted.digest)"""
INSERT = "INSERT INTO clusters_blob (cluster_id, digest, data, size) VALUES (%s, %s, %s, %s)"
USE = "INSERT INTO clusters_blobuse (cluster_id, revision, digests) VALUES (%s, %s, %s::uuid[])"
READ = "SELECT digest, data FROM clusters_blob WHERE cluster_id = %s AND digest = ANY(%s::uuid[])"

FORGET = """DELETE FROM clusters_blobuse u WHERE cluster_id = %s AND revision <= %s AND NOT EXISTS
(SELECT 1 FROM clusters_kubeobject o WHERE o.cluster_id = u.cluster_id AND o.revision = u.revision) AND NOT EXISTS
(SELECT 1 FROM clusters_change l WHERE %s AND l.cluster_id = u.cluster_id AND l.revision = u.revision)"""
UNUSED = """DELETE FROM clusters_blob WHERE cluster_id = %s AND digest NOT IN
(SELECT unnest(digests) FROM clusters_blobuse WHERE cluster_id = %s)"""
SIZE = "SELECT coalesce(sum(size), 0) FROM clusters_blob WHERE cluster_id = %s"
MIDDLE = """SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY revision) FROM clusters_blobuse u WHERE cluster_id = %s
AND NOT EXISTS (SELECT 1 FROM clusters_kubeobject o WHERE o.cluster_id = u.cluster_id AND o.revision = u.revision)"""


class Texts:
    """The pieces that a batch refers to: by name, and by the revision of each object that has them."""

    def __init__(self) -> None:
        self.pieces: dict[str, tuple[str, int]] = {}  # in which text, from where on
        self.uses: dict[int, list[str]] = {}

    def put(self, body: Body, revision: int) -> bytes:
        """The body as it is stored."""
        uid = body["metadata"].get("uid", "")
        if uid not in _large:  # most are small, and one look at all of them would cost more than writing them down
            text = orjson.dumps(body)
            if len(text) < LONG and PREFIX.encode() not in text:
                return text
        names: dict[str, None] = {}
        found = self._deflated(body, names)
        if not names:
            _large.pop(uid, None)
            return orjson.dumps(body)
        _remember(_large, uid, None, MOST_LARGE)
        self.uses[revision] = list(names)
        return orjson.dumps(found)

    def _deflated(self, value: Any, names: dict[str, None]) -> Any:
        if isinstance(value, str):
            is_short = len(value) < LONG and not value.startswith(PREFIX)
            return value if is_short else self._cut(value, names)
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        changed = {at: new for at, old in inner if (new := self._deflated(old, names)) is not old}
        if not changed:
            return value
        if isinstance(value, dict):
            return {**value, **changed}
        return [changed.get(at, old) for at, old in enumerate(value)]

    def _cut(self, text: str, names: dict[str, None]) -> str:
        found = _cuts.get(id(text))
        if found is None or found[0] is not text:
            starts = range(0, len(text), PIECE)
            found = (text, [blake2b(text[at : at + PIECE].encode(), digest_size=16).hexdigest() for at in starts])
            _remember(_cuts, id(text), found, MOST_CUTS)
            while len(_cuts) > 1 and sum(len(known) for known, _ in _cuts.values()) > MOST_HELD:
                _cuts.pop(next(iter(_cuts)))
        for number, name in enumerate(found[1]):
            self.pieces[name] = (text, number * PIECE)
        names.update(dict.fromkeys(found[1]))
        return PREFIX + ",".join(found[1])


def store(cluster_id: int, texts: Texts) -> None:
    """Keep what is not kept yet, in the caller's transaction, which has the cluster's row."""
    if not texts.uses:
        return
    with psycopg.Cursor(raw()) as cursor:
        missing = cursor.execute(MISSING.encode(), (list(texts.pieces), cluster_id)).fetchall()
        rows = []
        for (digest,) in missing:
            text, start = texts.pieces[digest.hex]
            data = text[start : start + PIECE].encode()
            rows.append((cluster_id, digest, zlib.compress(data, 1), len(data)))
        cursor.executemany(INSERT, rows)
        cursor.executemany(USE, [(cluster_id, revision, names) for revision, names in texts.uses.items()])


def whole(cluster_id: int, stored: Sequence[tuple[str, str | bytes]]) -> list[Body]:
    """(resource, text) of stored objects, as they were before they were stored; all pieces are read at once.

    What is no longer kept reads as nothing.
    """
    bodies: list[Body] = [orjson.loads(text) for _, text in stored]
    apart = [index for index, (resource, _) in enumerate(stored) if resource in APART]
    names: dict[str, None] = {}
    for index in apart:
        _collect(bodies[index], names)
    if names:
        known, joined = _read(cluster_id, list(names)), {}  # type: Mapping[str, str], dict[str, str]
        for index in apart:
            bodies[index] = _inflated(bodies[index], known, joined)
    return bodies


def parsed(cluster_id: int, resource: str, text: str | bytes) -> Body:
    """One stored object."""
    return whole(cluster_id, [(resource, text)])[0]


def sweep(cluster: Cluster, floor: int) -> None:
    """Forget what neither a living object nor the log behind its floor has; the past first where it is too much."""
    with transaction.atomic(), connection.cursor() as cursor:
        Cluster.objects.select_for_update().filter(pk=cluster.pk).first()  # nobody stores meanwhile
        for turn in range(64):
            cursor.execute(FORGET, [cluster.pk, floor, turn == 0])
            cursor.execute(UNUSED, [cluster.pk, cluster.pk])
            cursor.execute(SIZE, [cluster.pk])
            is_enough = cursor.fetchone()[0] <= KEEP
            cursor.execute(MIDDLE, [cluster.pk])
            middle: int | None = cursor.fetchone()[0]
            if is_enough or middle is None:  # what is left belongs to living objects
                return
            floor = middle


def _remember(known: dict[Any, Any], key: Any, value: Any, most: int) -> None:
    """The oldest is forgotten."""
    known.pop(key, None)
    known[key] = value
    while len(known) > most:
        known.pop(next(iter(known)))


def _read(cluster_id: int, names: Sequence[str]) -> Mapping[str, str]:
    with psycopg.Cursor(raw()) as cursor:
        rows = cursor.execute(READ.encode(), (cluster_id, names)).fetchall()
    return {digest.hex: zlib.decompress(data).decode() for digest, data in rows}


def _collect(value: Any, names: dict[str, None]) -> None:
    if isinstance(value, str):
        if value.startswith(PREFIX):
            names.update(dict.fromkeys(value.removeprefix(PREFIX).split(",")))
    elif isinstance(value, dict):
        for inner in value.values():
            _collect(inner, names)
    elif isinstance(value, list):
        for inner in value:
            _collect(inner, names)


def _inflated(value: Any, known: Mapping[str, str], joined: dict[str, str]) -> Any:
    """The same text is one object in memory, wherever it stands."""
    if isinstance(value, str) and value.startswith(PREFIX):
        if value not in joined:
            joined[value] = "".join(known.get(name, "") for name in value.removeprefix(PREFIX).split(","))
        return joined[value]
    if isinstance(value, dict):
        return {name: _inflated(inner, known, joined) for name, inner in value.items()}
    return [_inflated(inner, known, joined) for inner in value] if isinstance(value, list) else value
