"""Browsers for the tests: each visitor has a context of their own, and may leave no error in the console."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

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


@pytest.fixture
def comes(browser: Browser, podium: Podium) -> Iterator[Comes]:
    """Calls in a visitor: `comes()`, on a phone: `comes(size=PHONE)`."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def visitor(size: tuple[int, int] = PROJECTOR, theme: str = "dark", **options: object) -> Visitor:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, color_scheme=theme, **options)  # type: ignore[arg-type]
        contexts.append(context)
        visitors.append(Visitor(context.new_page(), podium.base_url))
        return visitors[-1]

    yield visitor
    complaints = [complaint for visitor in visitors for complaint in visitor.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def alice(comes: Comes) -> Visitor:
    """A visitor before a cluster of her own, in which the example runs."""
    return comes().own_cluster()
