"""Connections below Django's cursors: the thread's own, and one asynchronous pool a process."""

from __future__ import annotations

import asyncio
from typing import Any
from weakref import WeakSet

import psycopg
from django.db import connection
from psycopg_pool import AsyncConnectionPool

POOL_SIZE = 8
PREPARED_AFTER = 5  # runs of a statement; from then on Postgres neither parses nor plans it again
_pools: dict[asyncio.AbstractEventLoop, AsyncConnectionPool[Any]] = {}
_closed: WeakSet[asyncio.AbstractEventLoop] = WeakSet()


def raw() -> psycopg.Connection[Any]:
    """The thread's connection as psycopg has it: lists are bound in binary, 500 times quicker than as text."""
    connection.ensure_connection()
    found: psycopg.Connection[Any] = connection.connection
    found.prepare_threshold = PREPARED_AFTER  # which Django switches off
    return found


async def pool() -> AsyncConnectionPool[Any]:
    """This event loop's pool, opened at the first use. Raises RuntimeError once it was closed."""
    loop = asyncio.get_running_loop()
    if loop in _closed:  # a pool that is cancelled while it connects swallows that, and its loop would never end
        raise RuntimeError("the pool of this event loop is closed")
    found = _pools.get(loop)
    if found is None:
        found = _pools[loop] = AsyncConnectionPool(
            kwargs=_parameters(), min_size=1, max_size=POOL_SIZE, open=False, name="store"
        )
        await found.open()
    return found


async def close() -> None:
    """Close this event loop's pool for good (a test's loop ends before the process)."""
    loop = asyncio.get_running_loop()
    _closed.add(loop)
    found = _pools.pop(loop, None)
    if found is not None:
        await found.close()


def _parameters() -> dict[str, Any]:
    database = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: database[field] for name, field in names.items() if database.get(field)}
    return {**given, "autocommit": True, "connect_timeout": 10}
