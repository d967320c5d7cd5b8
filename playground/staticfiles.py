"""Our own static files, served before Django: nothing is collected, and an address changes with its file."""

import hashlib
import re
from collections.abc import Awaitable, Callable
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise import WhiteNoise

CHUNK = 64 * 1024
HASHED = re.compile(r"-[A-Z0-9]{8}\.\w+$")  # how the bundler names chunks and fonts
FOREVER = b"public, max-age=31536000, immutable"
CHECK_FIRST = b"no-cache"

Send = Callable[[dict[str, Any]], Awaitable[None]]


class Storage(StaticFilesStorage):
    """`{% static %}` adds the file's digest, so that browsers keep a file for ever and never an old one."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        return f"{address}?v={digests.of(name)}" if name else address


def bundled(pattern: str) -> list[str]:
    """Addresses of what the bundler has named, as a stylesheet or a module will ask for it."""
    found = (settings.BASE_DIR / "static" / "dist").glob(pattern)
    return [f"{settings.STATIC_URL}{path.relative_to(settings.BASE_DIR / 'static')}" for path in sorted(found)]


class Digests:
    """Computed once a file and version: templates ask for the same few again and again."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, float], str] = {}

    def of(self, name: str) -> str:
        path = settings.BASE_DIR / "static" / name
        if not path.is_file():
            return "missing"
        key = (name, path.stat().st_mtime)
        if key not in self._known:
            self._known[key] = hashlib.sha256(path.read_bytes()).hexdigest()[:10]
        return self._known[key]


class StaticFiles:
    """An ASGI application for GET and HEAD of what lies in `static/`."""

    def __init__(self) -> None:
        self._files = WhiteNoise(None, autorefresh=False, max_age=None, allow_all_origins=False)
        self._files.add_files(str(settings.BASE_DIR / "static"), prefix=settings.STATIC_URL)

    async def __call__(self, scope: dict[str, Any], receive: object, send: Send) -> None:
        found = self._files.files.get(scope["path"])
        if found is None:
            await answer(send, 404, [(b"content-type", b"text/plain")], b"There is no such file.")
            return
        response = found.get_response(scope["method"], environ(scope))
        headers = [(name.lower().encode(), value.encode()) for name, value in response.headers]
        headers = [header for header in headers if header[0] != b"cache-control"]
        headers.append((b"cache-control", cache_control(scope)))
        if response.file is None:
            await answer(send, response.status, headers, b"")
            return
        with response.file as file:
            await answer(send, response.status, headers, file.read())


def cache_control(scope: dict[str, Any]) -> bytes:
    versioned = scope["query_string"].startswith(b"v=") or HASHED.search(scope["path"])
    return FOREVER if versioned else CHECK_FIRST


def environ(scope: dict[str, Any]) -> dict[str, str]:
    """The request's headers as WSGI names them, which is how WhiteNoise reads them."""
    return {
        "HTTP_" + name.decode("latin1").upper().replace("-", "_"): value.decode("latin1")
        for name, value in scope["headers"]
    }


async def answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})


digests = Digests()
