"""Who may open a terminal in the page."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.db import connections

from clusters.engine import inbox
from clusters.engine.birth import create_cluster
from clusters.models import Cluster
from clusters.store import pool
from playground.home.rights import grant
from playground.home.sessions import SessionStore
from playground.terminal.consumers import GONE, MAY_NOT
from playground.terminal.urls import WEBSOCKETS
from tests.podium import PATIENCE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    yield await sync_to_async(create_cluster)("test", nodes=1)
    await inbox.close()
    await pool.close()
    await sync_to_async(connections.close_all)()


def page(slug: str, **headers: str) -> WebsocketCommunicator:
    sent = {"host": "podium.test", "origin": "http://podium.test", **headers}
    packed = [(name.encode(), value.encode()) for name, value in sent.items()]
    return WebsocketCommunicator(URLRouter(WEBSOCKETS), f"/c/{slug}/terminal/default/web/nginx/", headers=packed)


async def refusal(socket: WebsocketCommunicator) -> int:
    """The code with which it is closed."""
    await socket.connect()
    message = await socket.receive_output(PATIENCE)
    assert message["type"] == "websocket.close"
    return int(message["code"])


async def test_who_may_only_look_gets_no_terminal(cluster: Cluster) -> None:
    assert await refusal(page(cluster.slug)) == MAY_NOT


async def test_a_cluster_that_is_not_there_has_no_terminal(cluster: Cluster) -> None:
    assert await refusal(page("nowhere")) == GONE


async def test_a_page_from_elsewhere_gets_none(cluster: Cluster) -> None:
    connected, _ = await page(cluster.slug, origin="http://evil.test").connect()

    assert not connected


async def test_who_may_act_is_let_in(cluster: Cluster) -> None:
    session = SessionStore()
    await sync_to_async(grant)(session, cluster.slug)
    await sync_to_async(session.save)()
    socket = page(cluster.slug, cookie=f"{settings.SESSION_COOKIE_NAME}={session.session_key}")

    connected, _ = await socket.connect()

    assert connected
    await socket.disconnect()
