"""The live page's websocket: what the page missed since its revision, then every change as it happens."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer

from clusters.models import Cluster
from playground.topology import live
from playground.topology.frames import is_packed, unpacked

log = logging.getLogger(__name__)

GONE = 4004  # the close code that tells the page not to try again


class TopologyConsumer(AsyncWebsocketConsumer):
    """Whoever knows the slug may look."""

    cluster: Cluster | None = None
    task: asyncio.Task[None] | None = None
    plain = False

    async def connect(self) -> None:
        if not self.is_same_origin():
            await self.close()
            return
        await self.accept()
        self.cluster = await Cluster.objects.filter(slug=self.scope["url_route"]["kwargs"]["slug"]).afirst()
        if self.cluster is None:
            await self.close(GONE)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """`{"since": ["1f9a03bc", 41]}` once: where the page stands; `{"since": null}` to begin with everything.

        `"plain": true` asks for text only: an old browser cannot unpack.
        """
        if self.cluster is None or self.task is not None:
            return
        try:
            content: Any = orjson.loads(text_data or "{}")
        except orjson.JSONDecodeError:
            content = {}
        asked: dict[str, Any] = content if isinstance(content, dict) else {}
        since = asked.get("since")
        self.plain = asked.get("plain") is True
        self.task = asyncio.create_task(self.show(self.cluster.pk, since if isinstance(since, list) else None))

    async def show(self, cluster_id: int, since: live.Place | None) -> None:
        """Frames straight on, until the page goes or the cluster does."""
        shown, frames = await live.join(cluster_id, since)
        try:
            while (frame := await frames.get()) is not live.CLOSE:
                await self.tell(frame)
            await self.close(GONE)
        except Exception:
            log.exception("a page of cluster %s lost its picture", cluster_id)
            await self.close()
        finally:
            await live.leave(shown, frames)

    async def tell(self, frame: bytes) -> None:
        """Through to the server without a detour: this is done for each page and frame."""
        if is_packed(frame) and not self.plain:
            await self.base_send({"type": "websocket.send", "bytes": frame})
        else:
            await self.base_send({"type": "websocket.send", "text": unpacked(frame).decode()})

    async def disconnect(self, code: int) -> None:
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task

    def is_same_origin(self) -> bool:
        """Another site's page must not read a cluster through this visitor's browser."""
        headers = dict(self.scope["headers"])
        origin, host = headers.get(b"origin"), headers.get(b"host", b"").decode("latin-1")
        return origin is None or urlsplit(origin.decode("latin-1")).netloc == host
