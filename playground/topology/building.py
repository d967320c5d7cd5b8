"""A board read from the store, when somebody comes whom no other page has spared the wait."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from clusters.reconcile.clock import Time
from clusters.store.read import aeverything
from playground.topology.board import RESOURCES, Board
from playground.topology.others import PLURALS

AT_ONCE = 200  # objects, before others have their turn


async def built(cluster_id: int, patience: int, now: Time) -> Board:
    """All that is drawn, of one revision. Others work in between. Raises NotFound without the cluster."""
    board = Board(patience, goes_back=False)
    async for revision, part in aeverything(cluster_id, RESOURCES, PLURALS):
        board.revision = revision
        for begin in range(0, len(part), AT_ONCE):
            with unswept():
                for resource, namespace, name, text in part[begin : begin + AT_ONCE]:
                    board.put(resource, namespace, name, orjson.loads(text))
                board.measure(now, fresh=True)
            await asyncio.sleep(0)
    board.measure(now)
    return board


@contextmanager
def unswept() -> Iterator[None]:
    """What is read and let go at once is no work for the garbage collector: a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
