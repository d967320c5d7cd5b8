"""Static files: addresses that change with their file, and how long browsers keep them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.templatetags.static import static

from playground import staticfiles
from playground.staticfiles import StaticFiles


@pytest.fixture
def files(tmp_path: Path, settings: Any) -> Path:
    settings.BASE_DIR = tmp_path
    (tmp_path / "static" / "dist").mkdir(parents=True)
    (tmp_path / "static" / "dist" / "main.js").write_text("export {}")
    (tmp_path / "static" / "dist" / "chunk-ABCD1234.js").write_text("export {}")
    return tmp_path / "static"


async def get(path: str, query: bytes = b"", **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    listed = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": query, "headers": listed}
    await StaticFiles()(scope, None, send)
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], answered, sent[1]["body"]


def test_an_address_changes_when_its_file_changes(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = static("dist/main.js")
    monkeypatch.setattr(staticfiles, "digests", staticfiles.Digests())  # as a new process would begin
    (files / "dist" / "main.js").write_text("export const changed = true")

    assert before.startswith("/static/dist/main.js?v=")
    assert static("dist/main.js") != before


async def test_a_file_is_checked_each_time_unless_its_address_holds_a_version(files: Path) -> None:
    plain = await get("/static/dist/main.js")
    versioned = await get("/static/dist/main.js", b"v=0123456789")
    hashed = await get("/static/dist/chunk-ABCD1234.js")

    assert plain[0] == 200
    assert plain[1]["cache-control"] == "no-cache"
    assert "immutable" in versioned[1]["cache-control"]
    assert "immutable" in hashed[1]["cache-control"]
    assert plain[1]["content-type"].startswith("text/javascript")


async def test_a_file_that_the_browser_has_is_not_sent_again(files: Path) -> None:
    first = await get("/static/dist/main.js")
    again = await get("/static/dist/main.js", if_none_match=first[1]["etag"])

    assert (again[0], again[2]) == (304, b"")


@pytest.mark.parametrize("path", ["/static/none.js", "/static/../manage.py", "/static/%2e%2e/manage.py", "/static/"])
async def test_what_is_not_there_is_not_found(files: Path, path: str) -> None:
    assert (await get(path))[0] == 404


def test_what_the_bundler_has_named_is_found_by_its_address(files: Path) -> None:
    found = staticfiles.bundled("chunk-*.js")

    assert found == ["/static/dist/chunk-ABCD1234.js"]
