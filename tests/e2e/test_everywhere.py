"""Every view and every dialog, on projector and phone, dark and light: for those who cannot see or aim well, too."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from clusters.engine.assembly import kinds
from tests.e2e.conftest import PHONE, PROJECTOR, Comes
from tests.e2e.looking import cramped, cut, serious
from tests.e2e.manifests import apply, manifest
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

VIEWS = ("nodes", "ownership", "traffic", "storage")
SHOWN = (
    "guestbook",
    "statefulset",
    "cronjob",
    "network-policy-deny",
    "autoscaling",
    "disruption-budget",
    "configmap-secret",
)
MENU = ("What happened", "Share", "Start over")
# of these kinds every tab is looked at, of the others what opens first
WHOLE = ("pods", "nodes", "services", "deployments")
COLOURS = "color-contrast"


@pytest.fixture(scope="module", params=[PROJECTOR, PHONE], ids=["projector", "phone"])
def visitor(request: pytest.FixtureRequest, stays: Comes) -> Visitor:
    """Somebody in whose cluster there is something of everything."""
    found = stays(size=request.param, reduced_motion="reduce").own_cluster()  # no colour is between two others
    with found.client() as client:
        for body in [one for name in SHOWN for one in manifest(name)]:
            apply(client, body)
    return found


def faults(page: Page, within: str = "body") -> list[str]:
    """In the dark all that axe knows, in the light its colours once more; on a phone also what is too small or cut."""
    found = serious(page, within)
    lit(page, "light")
    if serious(page, within, COLOURS):  # what stays is a fault; what goes was between two colours
        found += serious(page, within, COLOURS)
    lit(page, "dark")
    return [*found, *misfits(page)]


def misfits(page: Page) -> list[str]:
    """What has no room; a finger's room on a phone alone."""
    on_phone = page.viewport_size == {"width": PHONE[0], "height": PHONE[1]}
    return [*cut(page), *(cramped(page) if on_phone else ())]


def lit(page: Page, theme: Literal["dark", "light"]) -> None:
    """The system's choice, when it has been painted."""
    page.emulate_media(color_scheme=theme)
    page.wait_for_function("theme => document.documentElement.dataset.theme === theme", arg=theme)
    page.wait_for_function("() => !document.getAnimations().some((one) => one instanceof CSSTransition)")
    page.evaluate("() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)))")


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_can_be_read(visitor: Visitor, view: str) -> None:
    page = alone(visitor)

    page.locator(f".tabs [data-view={view}]").click()
    page.wait_for_function("view => podium.picture().view === view", arg=view)

    assert faults(page) == []


def test_the_panel_of_every_kind_can_be_read(visitor: Visitor) -> None:
    page, found = visitor.page, []

    for plural, namespace, name in objects(visitor):
        visitor.opens(plural, name, namespace)
        if plural not in WHOLE:
            found += [f"{plural}: {fault}" for fault in (*serious(page, "#inspect"), *misfits(page))]
            continue
        found += [f"{plural}: {fault}" for fault in faults(page, "#side")]
        tabs = page.locator("#inspect .inspect-tabs button:not([aria-current])").all()
        for tab in [str(one.get_attribute("id")) for one in tabs]:
            with page.expect_response(lambda answer: "/tab/" in answer.url):
                page.locator(f"#{tab}").click()
            found += [f"{plural} {tab}: {fault}" for fault in (*serious(page, "#inspect-tab"), *misfits(page))]

    assert found == []


@pytest.mark.parametrize("item", MENU)
def test_every_dialog_can_be_read(visitor: Visitor, item: str) -> None:
    page = alone(visitor)

    with page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "panel"):
        visitor.chooses(item)
    expect(page.locator("#panel h2")).to_be_visible()

    assert faults(page, "#side") == []


@pytest.mark.parametrize("path", ["editor/", "browser/", "faults/", "why/pods/default/{pod}/"])
def test_what_stands_beside_the_picture_can_be_read(visitor: Visitor, path: str) -> None:
    page = alone(visitor)
    pod = visitor.names(visitor.pods("Running"))[0]

    page.evaluate("path => htmx.ajax('get', document.body.dataset.base + path, '#panel')", path.format(pod=pod))
    expect(page.locator("#panel h2")).to_be_visible()

    assert faults(page, "#side") == []


def test_the_clocks_and_the_menus_lists_can_be_read(visitor: Visitor) -> None:
    page, found = alone(visitor), []

    page.locator("#clock-pause").click()
    expect(page.locator("#clock-step")).to_be_visible()
    found += cut(page)
    page.locator("#clock-pause").click()
    for opener in ("#clock-menu", ".menu > summary"):
        page.locator(opener).click()
        found += faults(page, "header")
        page.keyboard.press("Escape")

    assert found == []


def test_the_past_can_be_read(visitor: Visitor) -> None:
    page = alone(visitor)
    track = page.locator("#timeline .track")
    expect(track).to_have_attribute("aria-valuetext", "now")

    track.press("ArrowLeft")
    expect(page.locator("#past-words")).to_contain_text("As it was at")

    assert faults(page) == []
    track.press("End")
    expect(page.locator("#past")).to_be_hidden()


def test_the_way_of_a_change_can_be_read(visitor: Visitor) -> None:
    page = alone(visitor)

    visitor.chooses("The way of a change")
    expect(page.locator("#way [data-told]")).not_to_be_empty()

    assert faults(page) == []
    page.locator("[data-way=close]").click()


def test_the_projector_shows_the_picture_alone(visitor: Visitor) -> None:
    page = alone(visitor)

    visitor.chooses("Projector")
    expect(page.locator("header")).to_be_hidden()
    page.wait_for_function("2 * document.querySelector('#stage').clientHeight > innerHeight")

    assert cut(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("header")).to_be_visible()


def test_the_first_page_can_be_read(visitor: Visitor) -> None:
    visitor.page.goto(f"{visitor.address}about/")

    assert faults(visitor.page) == []


def alone(visitor: Visitor) -> Page:
    """The picture without a panel beside it, or over it."""
    if visitor.page.locator("#side").is_visible():
        visitor.page.locator("#side [data-close]").click()
    return visitor.page


def objects(visitor: Visitor) -> list[tuple[str, str, str]]:
    """One of each kind that is there: its plural, namespace and name."""
    found = []
    with visitor.client() as client:
        for kind in kinds().values():
            if not kind.served:
                continue
            root = f"apis/{kind.api_version}" if "/" in kind.api_version else f"api/{kind.api_version}"
            items = client.items(f"{root}/{kind.plural}", limit=1)
            found += [(kind.plural, one["metadata"].get("namespace", ""), one["metadata"]["name"]) for one in items]
    return found
