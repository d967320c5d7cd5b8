"""A moving picture of a page, as the browser paints it: from its screencast to an animated WebP."""

from __future__ import annotations

import base64
import io
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from PIL import Image
from playwright.sync_api import Page

SIZE = {"maxWidth": 960, "maxHeight": 540}
PICTURES = 12  # a second, at most
QUALITY = 70
STILL = 0.9  # seconds that nothing may move: what took longer is cut
LONGEST = 10.0  # seconds of all: a longer film is played faster
LAST = 1500  # milliseconds that the end is looked at before it begins again


class Film:
    """As a context manager it records; then `save` writes it."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._frames: list[tuple[float, bytes]] = []

    def __enter__(self) -> Self:
        self._session.on("Page.screencastFrame", self._keep)
        self._session.send("Page.startScreencast", {"format": "jpeg", "quality": 95, **SIZE})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._session.send("Page.stopScreencast")

    def save(self, file: Path) -> tuple[int, float]:
        """Each picture is shown until the next that differs; its size in bytes, and its seconds."""
        frames = self._apart()
        waits = [min(after - at, STILL) for (at, _), (after, _) in pairwise(frames)]
        pace = min(1.0, LONGEST / max(sum(waits), 0.1))
        lasts = [*(round(1000 * wait * pace) for wait in waits), LAST]
        first, *others = [Image.open(io.BytesIO(data)).convert("RGB") for _, data in frames]
        first.save(
            file,
            save_all=True,
            append_images=others,
            duration=lasts,
            loop=0,
            quality=QUALITY,
            method=4,
            minimize_size=True,
        )
        return file.stat().st_size, sum(lasts) / 1000

    def _apart(self) -> list[tuple[float, bytes]]:
        """In order, none that looks like the one before, and none so soon that nobody sees it."""
        found: list[tuple[float, bytes]] = []
        for at, data in sorted(self._frames, key=lambda frame: frame[0]):
            if found and at - found[-1][0] < 1 / PICTURES:
                found[-1] = (found[-1][0], data)
            elif not found or found[-1][1] != data:
                found.append((at, data))
        return found

    def _keep(self, frame: dict[str, Any]) -> None:
        self._frames.append((frame["metadata"]["timestamp"], base64.b64decode(frame["data"])))
        self._session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})
