"""The front door: who answers what, and what happens to an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings

from playground import asgi


class Exchange:
    """Sends one request to the front door and keeps what comes back."""

    def __init__(self, path: str, **scope: Any) -> None:
        common = {"type": "http", "method": "GET", "query_string": b"", "server": ["127.0.0.1", 8000]}
        common |= {"headers": [(b"host", b"127.0.0.1:8000")]}
        self.scope: dict[str, Any] = common | {"path": path} | scope
        self.messages: list[dict[str, Any]] = []

    async def run(self) -> list[dict[str, Any]]:
        await asgi.application(self.scope, self._receive, self._send)
        return self.messages

    async def _receive(self) -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def _send(self, message: dict[str, Any]) -> None:
        self.messages.append(message)


async def broken(*_: Any) -> None:
    raise RuntimeError("a bug")


async def broken_halfway(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    raise RuntimeError("a bug")


def test_the_apis_port_serves_nothing_but_the_api() -> None:
    on_api_port = Exchange("/anything", server=["127.0.0.1", settings.PODIUM.api_port])

    assert asgi.route(on_api_port.scope) is asgi.kubernetes_api
    assert asgi.route(Exchange("/clusters/mine/api/v1/pods").scope) is asgi.api_for_pages
    assert asgi.route(Exchange("/c/mine/").scope) is asgi.django


async def test_an_exception_in_a_page_is_a_plain_500(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "django", broken)
    start, body = await Exchange("/").run()

    assert start["status"] == 500
    assert b"Something broke" in body["body"]
    assert b"a bug" not in body["body"]


async def test_an_exception_in_the_api_is_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "kubernetes_api", broken)
    start, body = await Exchange("/clusters/mine/api").run()

    assert start["status"] == 500
    assert json.loads(body["body"])["reason"] == "InternalError"


async def test_an_answer_that_breaks_off_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "django", broken_halfway)
    messages = await Exchange("/").run()

    assert [message.get("status") for message in messages] == [200, None]
    assert not messages[-1]["more_body"]


@pytest.mark.parametrize("origin", [b"http://evil.example", b"null", b"", b"http://127.0.0.1:9000"])
async def test_a_socket_from_another_page_is_refused(origin: bytes) -> None:
    headers = [(b"host", b"127.0.0.1:8000"), (b"origin", origin)]
    messages = await Exchange("/c/mine/live/", type="websocket", headers=headers).run()

    assert [message["type"] for message in messages] == ["websocket.close"]


@pytest.mark.parametrize("path", ["/", "/clusters/mine/api/v1/pods", "/static/dist/base/main.css"])
@pytest.mark.parametrize("host", [b"evil.example", b"evil.example:8000", b"", b"127.0.0.1.evil.example"])
async def test_a_name_that_is_not_ours_gets_no_answer(path: str, host: bytes) -> None:
    start, body = await Exchange(path, headers=[(b"host", host)]).run()

    assert start["status"] == 400
    assert b"PODIUM_ALLOWED_HOSTS" in body["body"]


async def test_a_name_that_is_not_ours_gets_no_socket() -> None:
    headers = [(b"host", b"evil.example"), (b"origin", b"http://evil.example")]
    messages = await Exchange("/c/mine/live/", type="websocket", headers=headers).run()

    assert [message["type"] for message in messages] == ["websocket.close"]


def test_a_socket_from_our_own_page_goes_to_its_consumer() -> None:
    headers = [(b"host", b"127.0.0.1:8000"), (b"origin", b"http://127.0.0.1:8000")]

    assert asgi.route(Exchange("/c/mine/live/", type="websocket", headers=headers).scope) is asgi.sockets
