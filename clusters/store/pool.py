"""Connections below Django's cursors: the thread's own, and one asynchronous pool a process."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
from django.db import connection
from psycopg_pool import AsyncConnectionPool

POOL_SIZE = 8
PREPARED_AFTER = 5  # runs of a statement; from then on Postgres neither parses nor plans it again
_pools: dict[asyncio.AbstractEventLoop, AsyncConnectionPool[Any]] = {}


def raw() -> psycopg.Connection[Any]:
    """The thread's connection as psycopg has it: lists are bound in binary, 500 times quicker than as text."""
    connection.ensure_connection()
    found: psycopg.Connection[Any] = connection.connection
    found.prepare_threshold = PREPARED_AFTER  # which Django switches off
    return found


async def pool() -> AsyncConnectionPool[Any]:
    """This event loop's pool, opened at the first use."""
    loop = asyncio.get_running_loop()
    found = _pools.get(loop)
    if found is None:
        found = _pools[loop] = AsyncConnectionPool(
            kwargs=_parameters(), min_size=1, max_size=POOL_SIZE, open=False, name="store"
        )
        await found.open()
    return found


async def close() -> None:
    """Close this event loop's pool (a test's loop ends before the process)."""
    found = _pools.pop(asyncio.get_running_loop(), None)
    if found is not None:
        await found.close()


def _parameters() -> dict[str, Any]:
    database = connection.settings_dict
    names = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}
    given = {name: database[field] for name, field in names.items() if database.get(field)}
    return {**given, "autocommit": True, "connect_timeout": 10}
