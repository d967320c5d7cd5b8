"""One terminal's websocket: keys in and the container's bytes out, as binary; sizes and the end as JSON."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer

from clusters.apiserver.streams.front import streaming
from clusters.apiserver.streams.session import Session, open_exec
from clusters.kinds.body import Key
from clusters.kinds.problem import Status
from clusters.models import Cluster
from playground import visitor

log = logging.getLogger(__name__)

GONE, MAY_NOT, ENOUGH = 4004, 4403, 4429
# the best shell that there is
SHELL = ("sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash; exec sh")
KEYS = 64  # messages from the page that may wait


class TerminalConsumer(AsyncWebsocketConsumer):
    """Who may act on the cluster may enter its containers."""

    task: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        if not self.is_same_origin():
            await self.close()
            return
        await self.accept()
        slug = self.scope["url_route"]["kwargs"]["slug"]
        user = await visitor.of(self.scope)(slug)
        cluster = await Cluster.objects.filter(slug=slug).afirst()
        if cluster is None:
            await self.close(GONE)
        elif user is None or not user.may_edit:
            await self.close(MAY_NOT)
        else:
            self.keys: asyncio.Queue[bytes | tuple[int, int]] = asyncio.Queue(KEYS)
            self.task = asyncio.create_task(self.run(cluster, user.name))

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Keys as bytes; `{"rows": 24, "columns": 80}`."""
        if self.task is None or self.task.done():
            return
        if bytes_data:
            await self.keys.put(bytes_data)
            return
        with suppress(orjson.JSONDecodeError, KeyError, TypeError, ValueError):
            size = orjson.loads(text_data or "")
            await self.keys.put((int(size["rows"]), int(size["columns"])))

    async def run(self, cluster: Cluster, user: str) -> None:
        """From the shell's first prompt to its end."""
        place = self.scope["url_route"]["kwargs"]
        pod = Key(place["namespace"], place["name"])
        try:
            with streaming(cluster, user):
                session = await open_exec(cluster.pk, pod, place["container"], SHELL, tty=True)
                typing = asyncio.create_task(self.pass_on(session))
                try:
                    async for _, data in session.output():
                        await self.send(bytes_data=data)
                    await self.send(text_data=orjson.dumps({"end": session.end}).decode())
                    await self.close()
                finally:
                    typing.cancel()
                    await session.close()
        except Status:
            await self.close(ENOUGH)
        except Exception:
            log.exception("a terminal of cluster %s broke off", cluster.pk)
            await self.close(1011)

    async def pass_on(self, session: Session) -> None:
        while True:
            key = await self.keys.get()
            if isinstance(key, bytes):
                await session.write(key)
            else:
                await session.resize(*key)

    async def disconnect(self, code: int) -> None:
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task

    def is_same_origin(self) -> bool:
        """Another site's page must not enter a container through this visitor's browser."""
        headers: dict[bytes, Any] = dict(self.scope["headers"])
        origin, host = headers.get(b"origin"), headers.get(b"host", b"").decode("latin-1")
        return origin is not None and urlsplit(origin.decode("latin-1")).netloc == host
