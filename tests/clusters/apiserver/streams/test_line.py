"""This process's line into the engines."""

from __future__ import annotations

import asyncio

import pytest

from clusters.apiserver.streams import line as lines
from clusters.apiserver.streams.line import Line
from clusters.kinds.body import Body


class Waits:
    def heard(self, reply: Body) -> None: ...
    async def pulse(self) -> None: ...


class Quiet(Line):
    """Which hears nothing, and asks no Redis."""

    async def _read(self) -> None:
        await asyncio.Event().wait()

    async def _beat(self) -> None:
        await asyncio.Event().wait()


def others() -> set[asyncio.Task[None]]:
    return asyncio.all_tasks() - {asyncio.current_task()}


async def test_whoever_comes_next_finds_the_line_open() -> None:
    line = Quiet()
    line.join("first", Waits())
    await asyncio.sleep(0)
    reading = others()

    line.leave("first")
    line.join("second", Waits())
    await asyncio.sleep(0)

    assert others() == reading
    for task in reading:
        task.cancel()


async def test_a_line_that_nobody_needs_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LINGERS", 0.01)
    line = Quiet()
    line.join("first", Waits())
    await asyncio.sleep(0)

    line.leave("first")
    await asyncio.sleep(0.1)

    assert others() == set()
