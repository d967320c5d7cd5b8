"""The time machine: drag into the past, play it back, step, compare, follow one object, and send a link."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.conftest import PHONE, Comes
from tests.e2e.stock import Place, Stock
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

PAST, NOW = "#past-words", "#time-now"
BEGINNING = 0.001  # of the track


def track(visitor: Visitor) -> Locator:
    found = visitor.page.locator("#timeline .track")
    expect(found).to_have_attribute("aria-valuetext", "now")
    expect(visitor.page.locator("#timeline .from")).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
    return found


def drag(visitor: Visitor, part: float) -> None:
    """Take the moment to a part of the track and let go."""
    box = track(visitor).bounding_box()
    assert box is not None
    height = box["y"] + box["height"] / 2
    visitor.page.mouse.move(box["x"] + box["width"] - 2, height)
    visitor.page.mouse.down()
    visitor.page.mouse.move(box["x"] + box["width"] * part, height, steps=4)
    visitor.page.mouse.up()
    expect(visitor.page.locator(PAST)).to_contain_text("As it was at")


@pytest.fixture(scope="module")
def story(stock: Stock, stays: Comes) -> Iterator[Place]:
    """A cluster in which one thing came after all was ready, for all who look back in it."""
    place = stock.take()
    teller = stays().owns(place)
    teller.writes("apiVersion: v1\nkind: Pod\nmetadata: {name: late}\nspec:\n  containers: [{name: a, image: nginx}]\n")
    teller.sees_pods(4)
    teller.page.close()
    yield place
    stock.hand_back(place)


@pytest.fixture
def historian(comes: Comes, story: Place) -> Visitor:
    """A visitor who looks back in it."""
    return comes().owns(story, running=4)


def test_who_drags_the_timeline_sees_the_cluster_as_it_was(historian: Visitor) -> None:
    drag(historian, BEGINNING)

    expect(historian.pods()).to_have_count(0)
    expect(historian.page).to_have_url(re.compile(r"[?&]at=\d+"))
    historian.page.locator(NOW).click()
    historian.sees_pods(4)
    expect(historian.page).not_to_have_url(re.compile(r"[?&]at="))


def test_a_link_shows_the_moment_to_somebody_else(historian: Visitor, comes: Comes) -> None:
    drag(historian, BEGINNING)
    expect(historian.page).to_have_url(re.compile(r"[?&]at=\d+"))

    bob = comes().go(historian.page.url)

    expect(bob.page.locator(PAST)).to_have_text(str(historian.page.locator(PAST).text_content()))
    expect(bob.pods()).to_have_count(0)


def test_the_past_is_played_until_now(historian: Visitor) -> None:
    drag(historian, BEGINNING)
    historian.page.locator("#time-speed").select_option("60")

    historian.page.locator("#time-play").click()

    expect(historian.page.locator("#past")).to_be_hidden()
    historian.sees_pods(4)


def test_steps_go_from_change_to_change_and_tell_each(historian: Visitor) -> None:
    track(historian)

    historian.page.locator("#time-back").click()

    expect(historian.page.locator(PAST)).to_have_text(re.compile(r"As it was at \d\d:\d\d:\d\d: .+"))
    first = historian.page.locator(PAST).text_content()
    historian.page.locator("#time-back").click()
    expect(historian.page.locator(PAST)).not_to_have_text(str(first))
    historian.page.locator("#time-on").click()
    expect(historian.page.locator(PAST)).to_have_text(str(first))


def test_a_moment_is_compared_with_now(historian: Visitor) -> None:
    drag(historian, BEGINNING)

    historian.page.locator("#time-compare").click()

    panel = historian.page.locator("#compare")
    expect(panel.locator("h2")).to_have_text("What changed")
    expect(panel.locator(".came")).to_contain_text("late")


def test_in_the_past_nothing_can_be_changed(reader: Visitor) -> None:
    reader.opens("deployments", "web")
    track(reader).focus()

    reader.page.keyboard.press("ArrowLeft")

    expect(reader.page.locator("#inspect-acts, #inspect-past")).to_contain_text("In the past nothing can be changed.")
    reader.page.get_by_role("button", name="Apply YAML").first.click(force=True)
    expect(reader.page.locator(PAST)).to_contain_text("In the past nothing can be changed.")
    reader.page.locator("#timeline .track").focus()
    reader.page.keyboard.press("End")
    expect(reader.page.locator("#act-scale")).to_be_visible()


def test_one_object_is_followed_through_its_changes(reader: Visitor) -> None:
    name = reader.names(reader.pods("Running"))[0]
    panel = reader.opens("pods", name)

    panel.locator("#inspect-tab-changes").click()
    panel.locator("button.moment").last.click()

    expect(reader.page.locator(PAST)).to_contain_text("As it was at")
    expect(panel.locator(".step")).not_to_have_count(0)
    expect(panel.locator("#inspect-tab-changes")).to_have_attribute("aria-current", "true")


def test_each_step_of_a_chain_leads_to_its_moment_and_the_chain_stays(reader: Visitor) -> None:
    panel = reader.opens("pods", reader.names(reader.pods("Running"))[0])
    panel.locator("#inspect-tab-why").click()
    root = panel.locator("#why-here .cause-root")
    expect(root).to_contain_text("made Deployment web")

    root.locator(".cause-when").click()

    moment = root.locator(".cause-when").text_content() or ""
    expect(reader.page.locator(PAST)).to_contain_text(f"As it was at {moment}")
    expect(reader.page.locator("time[data-clock]")).to_have_text(moment)
    expect(root.locator(".cause-when")).to_have_attribute("aria-current", "time")
    expect(root).to_contain_text("made Deployment web")


def test_a_crowd_is_one_line_of_what_happened(alice: Visitor) -> None:
    alice.opens("deployments", "web")
    alice.chooses("What happened")
    feed = alice.page.locator("#feed-lines")
    expect(feed).to_contain_text("made Deployment web with 3 pods")

    alice.writes(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: crowd}\nspec:\n  replicas: 12\n"
        "  selector: {matchLabels: {app: crowd}}\n  template:\n    metadata: {labels: {app: crowd}}\n"
        "    spec:\n      containers: [{name: a, image: 'podium.dev/instant:1'}]\n"
    )
    alice.sees_pods(15)
    alice.chooses("What happened")

    made = feed.locator("li", has_text="replicaset-controller").filter(has_text="12 pods of crowd")
    expect(made).to_have_count(1)
    expect(made.locator(".among")).to_contain_text("and 9 more")


def test_the_timeline_works_on_a_phone_and_by_keyboard(comes: Comes) -> None:
    visitor = comes(size=PHONE, theme="light", reduced_motion="reduce").own_cluster()
    slider = track(visitor)

    slider.focus()
    visitor.page.keyboard.press("Home")

    expect(visitor.page.locator(PAST)).to_contain_text("As it was at")
    expect(slider).not_to_have_attribute("aria-valuetext", "now")
    assert visitor.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visitor.page.keyboard.press("End")
    expect(visitor.page.locator("#past")).to_be_hidden()
