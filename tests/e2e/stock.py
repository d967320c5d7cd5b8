"""Visitors' clusters that are made while another test still runs, so that nobody waits for machines to boot."""

from __future__ import annotations

import re
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

import httpx

from tests.podium import PATIENCE

AHEAD = 3
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Place(NamedTuple):
    """A visitor's cluster: the page's address, and the cookies of the browser that asked for it."""

    url: str
    cookies: dict[str, str]


class Stock:
    """Asks for clusters as the first page does. Whoever is done with one hands it back: then its time stands still."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._hands = ThreadPoolExecutor(max_workers=1)
        self._ahead: deque[Future[Place]] = deque()

    def take(self) -> Place:
        """One that has had time to boot; the next is begun meanwhile."""
        while len(self._ahead) <= AHEAD:
            self._ahead.append(self._hands.submit(self._make))
        return self._ahead.popleft().result()

    def hand_back(self, place: Place) -> None:
        """Nobody looks any more: it shall cost nothing."""
        self._hands.submit(self._pause, place)

    def close(self) -> None:
        """What nobody took stands still, too."""
        for waiting in self._ahead:
            if not waiting.cancel():
                self.hand_back(waiting.result())
        self._hands.shutdown()

    def _make(self) -> Place:
        with httpx.Client(base_url=self._address, timeout=PATIENCE, headers={"Referer": self._address}) as client:
            found = TOKEN.search(client.get("/").text)
            assert found, "the first page has a form"
            made = client.post("/new/", data={"csrfmiddlewaretoken": found[1]})
            assert made.status_code == 302, made.text
            url = httpx.URL(self._address).join(made.headers["Location"])
            return Place(str(url), dict(client.cookies))

    def _pause(self, place: Place) -> None:
        headers = {"Referer": self._address, "X-CSRFToken": place.cookies["podium_csrf"]}
        httpx.post(f"{place.url}clock/", data={"paused": "1"}, cookies=place.cookies, headers=headers, timeout=PATIENCE)
