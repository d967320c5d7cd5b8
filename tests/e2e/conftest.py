"""Browsers for the tests: each visitor has a context of their own, and may leave no error in the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.e2e.stock import Place, Stock
from tests.e2e.visitor import Visitor
from tests.podium import Podium

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PROJECTOR, PHONE = (1280, 720), (390, 844)
Comes = Callable[..., Visitor]


@pytest.fixture(scope="package")
def browser(browser_path: str) -> Iterator[Browser]:
    """Gone when these tests are over: Playwright's loop would be in the way of asynchronous tests that follow."""
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="package")
def stock(podium: Podium) -> Iterator[Stock]:
    """Clusters for visitors who do not want to wait."""
    found = Stock(podium.base_url)
    yield found
    found.close()


@pytest.fixture
def comes(browser: Browser, podium: Podium, stock: Stock) -> Iterator[Comes]:
    """Calls in a visitor: `comes()`, on a phone: `comes(size=PHONE)`."""
    yield from visitors(browser, podium, stock)


@pytest.fixture(scope="module")
def stays(browser: Browser, podium: Podium, stock: Stock) -> Iterator[Comes]:
    """The same for visitors who stay from test to test of one file."""
    yield from visitors(browser, podium, stock)


def visitors(browser: Browser, podium: Podium, stock: Stock) -> Iterator[Comes]:
    """Each has a context of their own. At the end all leave, and what the console said is told."""
    contexts: list[BrowserContext] = []
    here: list[Visitor] = []

    def visitor(size: tuple[int, int] = PROJECTOR, theme: str = "dark", **options: object) -> Visitor:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, color_scheme=theme, **options)  # type: ignore[arg-type]
        contexts.append(context)
        here.append(Visitor(context.new_page(), stock, podium.base_url))
        return here[-1]

    yield visitor
    complaints = [complaint for one in here for complaint in one.complaints]
    for context in contexts:
        context.close()
    for one in here:
        if one.place is not None:
            stock.hand_back(one.place)
    assert complaints == []


@pytest.fixture
def alice(comes: Comes) -> Visitor:
    """A visitor before a cluster of her own, in which the example runs."""
    return comes().own_cluster()


@pytest.fixture(scope="package")
def shared(stock: Stock) -> Iterator[Place]:
    """A cluster for all who leave it as it was."""
    place = stock.take()
    yield place
    stock.hand_back(place)


@pytest.fixture
def reader(comes: Comes, shared: Place) -> Visitor:
    """A visitor who only looks at her cluster, although she might do anything in it."""
    return comes().owns(shared)
