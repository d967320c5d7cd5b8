"""Connections below Django's cursors."""

from __future__ import annotations

import pytest

from clusters.store import pool


async def test_who_comes_after_the_end_opens_no_pool_that_nobody_would_close() -> None:
    await pool.close()

    with pytest.raises(RuntimeError, match="closed"):
        await pool.pool()
