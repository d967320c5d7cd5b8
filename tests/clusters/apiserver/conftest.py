"""A cluster in the tests' own database, and a client that speaks to the front without a network."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest_asyncio
from asgiref.sync import sync_to_async
from django.conf import settings

from clusters.apiserver.asgi import application
from clusters.apiserver.auth import issue
from clusters.engine.birth import create_cluster
from clusters.models import Cluster
from clusters.store import pool
from tests.podium import PATIENCE

Headers = dict[str, str]


class Reply:
    """What came back so far."""

    def __init__(self) -> None:
        self.code = 0
        self.headers: list[tuple[str, str]] = []
        self.raw = b""
        self.parts: asyncio.Queue[bytes] = asyncio.Queue()

    @property
    def body(self) -> Any:
        return json.loads(self.raw)

    @property
    def warnings(self) -> list[str]:
        return [value for name, value in self.headers if name == "warning"]

    def header(self, name: str) -> str:
        return next((value for known, value in self.headers if known == name), "")

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.code = message["status"]
            self.headers = [(name.decode().lower(), value.decode()) for name, value in message["headers"]]
        elif message["type"] == "http.response.body":
            self.raw += message["body"]
            for line in message["body"].splitlines():
                self.parts.put_nowait(line)

    async def event(self) -> tuple[str, Any]:
        """The next line of a watch."""
        found = json.loads(await asyncio.wait_for(self.parts.get(), PATIENCE))
        return found["type"], found["object"]


class Watch(NamedTuple):
    reply: Reply
    task: asyncio.Future[None]

    async def events(self, count: int) -> list[tuple[str, Any]]:
        """The next so many."""
        return [await self.reply.event() for _ in range(count)]

    async def ends(self) -> None:
        """Wait until the server ends it."""
        await asyncio.wait_for(asyncio.shield(self.task), PATIENCE)


class Client:
    """Requests as daphne would hand them over. `port` says by which door."""

    def __init__(self, cluster: Cluster, token: str, port: int | None = None) -> None:
        self.cluster, self.token = cluster, token
        self.port = settings.PODIUM.api_port if port is None else port
        self.user: Any = None

    def scope(self, method: str, path: str, headers: Headers) -> dict[str, Any]:
        parts = urlsplit(path)
        sent = {"host": f"localhost:{self.port}", **({"authorization": f"Bearer {self.token}"} if self.token else {})}
        return {
            "type": "http",
            "method": method,
            "path": parts.path,
            "query_string": parts.query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in {**sent, **headers}.items()],
            "server": ("127.0.0.1", self.port),
            "scheme": "https",
            **({"podium.user": self.user} if self.user else {}),
        }

    def path(self, path: str) -> str:
        return f"/clusters/{self.cluster.slug}{path}"

    async def raw(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        """To exactly this path."""
        reply, messages = Reply(), [{"type": "http.request", "body": body, "more_body": False}]
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await asyncio.Event().wait()
            raise AssertionError

        await application(self.scope(method, path, named), receive, reply.send)
        return reply

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers.setdefault("content_type", "application/json")
        return await self.raw(method, self.path(path), sent, **headers)

    @asynccontextmanager
    async def watch(self, path: str, **headers: str) -> AsyncIterator[Watch]:
        """The reply as it grows; on leaving, the client goes."""
        reply, messages = Reply(), [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            await asyncio.Event().wait()
            raise AssertionError

        task = asyncio.ensure_future(application(self.scope("GET", self.path(path), headers), receive, reply.send))
        async with asyncio.timeout(PATIENCE):
            while not reply.code and not task.done():
                await asyncio.sleep(0.02)
        try:
            yield Watch(reply, task)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@pytest_asyncio.fixture
async def cluster(transactional_db: None, redis_url: str) -> AsyncIterator[Cluster]:
    yield await sync_to_async(create_cluster)("test", nodes=0)
    await pool.close()


@pytest_asyncio.fixture
async def client(cluster: Cluster) -> Client:
    """One with the right to act."""
    return Client(cluster, await sync_to_async(issue)(cluster, "alice", True))


@pytest_asyncio.fixture
async def looker(cluster: Cluster) -> Client:
    """One that may only look."""
    return Client(cluster, await sync_to_async(issue)(cluster, "bob", False))
