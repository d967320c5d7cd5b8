"""No state is told by colour alone: in grey, and to colour-blind eyes, every two shapes differ."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from playground.supervise.environment import ROOT

pytestmark = pytest.mark.browser

PLACE = "http://greyscale.test"
DRAWS = "/tests/e2e/greyscale.js"
SIGHTS = ("achromatopsia", "deuteranopia", "protanopia")
# the share of both shapes' pixels in which the two most alike must still differ
LEAST = {"figure": 0.18, "small figure": 0.18, "mark": 0.2, "tile": 0.1, "sign": 0.12}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """An empty page that may import the picture's own modules."""
    found = browser.new_page(viewport={"width": 1008, "height": 600})
    found.route(f"{PLACE}/**", serve)
    found.goto(PLACE)
    found.wait_for_function("() => window.drawAll")
    yield found
    found.close()


def serve(route: Route) -> None:
    path = route.request.url.removeprefix(PLACE)
    if path.endswith(".js"):
        route.fulfill(path=ROOT / path[1:], content_type="text/javascript")
    else:
        route.fulfill(body=f"<script type=module src={DRAWS}></script>", content_type="text/html")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("sight", SIGHTS)
def test_every_two_shapes_differ_without_their_colour(page: Page, theme: str, sight: str) -> None:
    cells = page.evaluate("theme => drawAll(theme)", theme)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setEmulatedVisionDeficiency", {"type": sight})

    png = base64.b64encode(page.screenshot()).decode()
    found = {one["level"]: one for one in page.evaluate("([png, cells]) => nearest(png, cells)", [png, cells])}

    session.send("Emulation.setEmulatedVisionDeficiency", {"type": "none"})
    alike = {level: one for level, one in found.items() if one["share"] < LEAST[level]}
    assert alike == {}
