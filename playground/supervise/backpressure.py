"""A gate that Twisted shuts while a client reads too slowly, and at which the sending application waits."""

from __future__ import annotations

import asyncio
import time

from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer


@implementer(IPushProducer)
class Gate:
    """A producer that produces nothing itself: pausing it makes `passage` wait."""

    def __init__(self) -> None:
        self._open: asyncio.Event | None = None
        self._shut_since = 0.0

    def pauseProducing(self) -> None:  # noqa: N802 (Twisted's name)
        if self._open is None:
            self._open = asyncio.Event()
            self._shut_since = time.monotonic()

    def resumeProducing(self) -> None:  # noqa: N802
        if self._open is not None:
            self._open.set()
            self._open = None

    def stopProducing(self) -> None:  # noqa: N802
        self.resumeProducing()

    async def passage(self) -> None:
        """Return when the client has read what was sent, or has gone."""
        while self._open is not None:
            await self._open.wait()

    def shut_for(self) -> float:
        return 0.0 if self._open is None else time.monotonic() - self._shut_since
