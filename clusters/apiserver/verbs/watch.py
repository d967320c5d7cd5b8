"""WATCH: the log from a revision on, then the live feed (Kubernetes: efficient detection of changes)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from time import monotonic
from typing import Any

import orjson

from clusters.apiserver import tables
from clusters.apiserver.call import Call
from clusters.apiserver.selection import Selection, selection
from clusters.feed import Batch, Lagged, subscribe
from clusters.kinds.body import Body
from clusters.kinds.number import whole_number
from clusters.kinds.problem import Status
from clusters.reconcile.clock import Time
from clusters.store.clock import clock_of, wall_now
from clusters.store.event import Event
from clusters.store.read import Row, alisting

LONGEST = 3600  # seconds, where the client names no time
BOOKMARK = 30.0  # seconds between two bookmarks
INITIAL_END = "k8s.io/initial-events-end"


async def watch(call: Call) -> AsyncIterator[bytes]:
    """Lines of events, until the client's time is over or it has to begin anew. Raises BadRequest, before any line."""
    watched = Watched(call)
    since = _revision(call)
    initial = call.query.get("sendInitialEvents") in ("true", "1")
    if since is None or initial:
        listing = await alisting(call.cluster.pk, call.aim.kind.plural, call.aim.namespace or None)
        since = listing.revision
        yield watched.present(listing.rows)
        if initial:
            yield watched.bookmark(since, initial=True)
    try:
        async with subscribe(call.cluster.pk, since=since) as batches:
            async for lines in _followed(call, watched, batches, since):
                yield lines
    except Lagged:
        return
    except Status as gone:
        yield _line("ERROR", orjson.dumps(gone.body()))


async def _followed(call: Call, watched: Watched, batches: AsyncIterator[Batch], since: int) -> AsyncIterator[bytes]:
    end = monotonic() + _seconds(call)
    wants_bookmarks = call.query.get("allowWatchBookmarks") in ("true", "1")
    marked_at, seen = monotonic(), since
    waiting: asyncio.Future[Batch] | None = None
    try:
        while (left := end - monotonic()) > 0:
            waiting = waiting or asyncio.ensure_future(_next(batches))
            done, _ = await asyncio.wait({waiting}, timeout=min(left, BOOKMARK))
            if done:
                batch, waiting = waiting.result(), None
                seen = batch.revision
                lines = watched.lines(batch)
                if lines:
                    yield lines
            if wants_bookmarks and monotonic() - marked_at >= BOOKMARK:
                marked_at = monotonic()
                yield watched.bookmark(seen)
    finally:
        if waiting is not None:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)


async def _next(batches: AsyncIterator[Batch]) -> Batch:
    return await anext(batches)


class Watched:
    """What one watch wants to see, and how. Bytes are passed on unparsed where nothing asks for more."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._kind = call.aim.kind
        self._namespace = call.aim.namespace
        self._chosen = self._selection(call)
        self._form = call.form.transform
        self._include = call.query.get("includeObject") or "Metadata"
        self._clock = clock_of(call.cluster)
        self._headed = False
        if self._form not in ("", "Table", "PartialObjectMetadata"):
            raise Status(406, "NotAcceptable", f"{self._form} cannot be watched")

    def present(self, rows: Sequence[Row]) -> bytes:
        """What is there already, as if it were new."""
        bodies = [(row.body, None if self._passes else orjson.loads(row.body)) for row in rows]
        return b"".join(self._event("ADDED", raw, body) for raw, body in bodies if body is None or self._takes(body))

    def lines(self, batch: Batch) -> bytes:
        """The lines of a batch; an object that comes to be selected is ADDED, one that no longer is DELETED."""
        self._clock = batch.clock or self._clock
        return b"".join(self._told(event) for event in batch.events if self._concerns(event))

    def bookmark(self, revision: int, *, initial: bool = False) -> bytes:
        """How far the watch has come."""
        metadata: Body = {"resourceVersion": str(revision), "creationTimestamp": None}
        if initial:
            metadata["annotations"] = {INITIAL_END: "true"}
        if self._form == "Table":
            table = tables.table(self._kind, (), self._now, metadata, headers=not self._headed)
            marked = {**table, "rows": [{"cells": [], "object": _partial(metadata)}]} if initial else table
            self._headed = True
            return _line("BOOKMARK", orjson.dumps(marked))
        if self._form:
            return _line("BOOKMARK", orjson.dumps(_partial(metadata)))
        body = {"kind": self._kind.kind, "apiVersion": self._kind.api_version, "metadata": metadata}
        return _line("BOOKMARK", orjson.dumps(body))

    @property
    def _passes(self) -> bool:
        return self._chosen.is_everything and not self._form

    @property
    def _now(self) -> Time:
        return self._clock.at(wall_now())

    @staticmethod
    def _selection(call: Call) -> Selection:
        chosen = selection(call.aim.kind, call.query)
        if call.aim.name:
            return Selection(chosen.labels, (*chosen.fields, ("metadata.name", True, call.aim.name)))
        return chosen

    def _concerns(self, event: Event) -> bool:
        if event.resource != self._kind.plural or event.group != self._kind.group:
            return False
        return not self._namespace or event.namespace == self._namespace

    def _told(self, event: Event) -> bytes:
        if self._passes:
            return _line(event.op, event.body)
        body = orjson.loads(event.body)
        op = event.op
        if not self._chosen.is_everything:
            op = self._transition(event, body)
        return self._event(op, event.body, body) if op else b""

    def _transition(self, event: Event, body: Body) -> str:
        now = event.op != "DELETED" and self._takes(body)
        before = event.op != "ADDED" and self._chosen.took(body, event.was)
        if now:
            return "MODIFIED" if before else "ADDED"
        return "DELETED" if before else ""

    def _takes(self, body: Body) -> bool:
        return self._chosen.takes(body)

    def _event(self, op: str, raw: bytes, body: Body | None) -> bytes:
        if not self._form:
            return _line(op, raw)
        assert body is not None
        if self._form == "PartialObjectMetadata":
            return _line(op, orjson.dumps(tables.partial(body)))
        metadata = {"resourceVersion": body["metadata"]["resourceVersion"]}
        table = tables.table(self._kind, [body], self._now, metadata, include=self._include, headers=not self._headed)
        self._headed = True
        return _line(op, orjson.dumps(table))


def _partial(metadata: Body) -> Body:
    return {"kind": "PartialObjectMetadata", "apiVersion": tables.API_VERSION, "metadata": metadata}


def _line(op: str, body: bytes) -> bytes:
    return b'{"type":"' + op.encode() + b'","object":' + body + b"}\n"


def _revision(call: Call) -> int | None:
    """None: begin with what there is."""
    asked: Any = call.query.get("resourceVersion") or "0"
    number = whole_number(asked)
    if number is None or number < 0:
        raise Status.bad_request(f'invalid resource version "{asked}"')
    return number or None


def _seconds(call: Call) -> float:
    asked = whole_number(call.query.get("timeoutSeconds") or "") or 0
    return min(asked, LONGEST) if asked > 0 else LONGEST
