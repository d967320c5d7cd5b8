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

SIZE = (960, 540)
PICTURES = 10  # a second
QUALITY = 62
LAST = 1500  # milliseconds that the end is looked at before it begins again


class Film:
    """As a context manager it records; then `save` writes it."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._session = page.context.new_cdp_session(page)
        self._frames: list[tuple[float, bytes]] = []

    def __enter__(self) -> Self:
        self._session.on("Page.screencastFrame", self._keep)
        self._session.send("Page.startScreencast", {"format": "jpeg", "quality": 95, "everyNthFrame": 2})
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._session.send("Page.stopScreencast")

    @property
    def seconds(self) -> float:
        return self._frames[-1][0] - self._frames[0][0] + LAST / 1000

    def save(self, file: Path) -> int:
        """Ten pictures a second, each shown until the next that differs; the file's size in bytes."""
        shown = self._evenly()
        pictures = [picture(data) for _, data in shown]
        starts = [at for at, _ in shown]
        lasts = [round(1000 * (after - at)) for at, after in pairwise(starts)]
        pictures[0].save(
            file, save_all=True, append_images=pictures[1:], duration=[*lasts, LAST], loop=0, quality=QUALITY, method=4,
            minimize_size=True,
        )  # fmt: skip
        return file.stat().st_size

    def _evenly(self) -> list[tuple[float, bytes]]:
        """The last frame of each tenth of a second in which something was painted."""
        found: list[tuple[float, bytes]] = []
        for at, data in self._frames:
            moment = int((at - self._frames[0][0]) * PICTURES) / PICTURES
            if found and found[-1][0] == moment:
                found.pop()
            if not found or found[-1][1] != data:
                found.append((moment, data))
        return found

    def _keep(self, frame: dict[str, Any]) -> None:
        self._frames.append((frame["metadata"]["timestamp"], base64.b64decode(frame["data"])))
        self._session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
