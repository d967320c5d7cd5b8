"""Persistent threads for what is plain functions over Django's ORM: their database connections stay open."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, TypeVar

from django.db import InterfaceError, OperationalError, connection

from clusters.kinds.problem import Status

T = TypeVar("T")
MOST = 4  # of the eight connections that the process has
log = logging.getLogger(__name__)
_threads = ThreadPoolExecutor(MOST, thread_name_prefix="api")


async def in_thread(work: Callable[..., T], *arguments: Any) -> T:
    """Run it there. A connection that broke is closed, and the client told to come again."""
    return await asyncio.get_running_loop().run_in_executor(_threads, partial(_guarded, work, *arguments))


def _guarded(work: Callable[..., T], *arguments: Any) -> T:
    try:
        return work(*arguments)
    except (InterfaceError, OperationalError):
        log.exception("the database did not answer")
        connection.close()
        raise Status(503, "ServiceUnavailable", "the database does not answer", {"retryAfterSeconds": 1}) from None
