"""Everything can be broken from the page, and mended: the catalogue, whom it would hit, what users feel."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from clusters.faults import FAULTS
from tests.e2e.conftest import PHONE, Comes
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser


def opens_catalogue(visitor: Visitor) -> None:
    visitor.page.evaluate("void htmx.ajax('get', document.body.dataset.base + 'faults/', '#panel')")
    expect(visitor.page.locator("#panel h2")).to_have_text("Break something")


def test_a_machine_is_aimed_at_killed_and_healed_in_the_panel(alice: Visitor) -> None:
    page = alice.page
    page.get_by_role("button", name="Break something").first.click()
    page.locator("#fault-NodeCrash").click()

    page.locator("#f-node").select_option("worker-2")
    page.wait_for_function("() => podium.picture().outlined.length === 1")
    page.locator("#fault-begin").click()

    expect(page.locator("#faults-outcome")).to_contain_text("node-crash has begun.")
    page.wait_for_function("() => podium.picture().outlined.length === 0")
    alice.sees_node("worker-2", "NotReady")
    expect(page.locator("#faults-standing .felt").first).to_contain_text("NodeNotReady of worker-2")
    page.locator("#heal-node-crash").click()
    expect(page.locator("#faults-outcome")).to_contain_text("node-crash is healed.")
    alice.sees_node("worker-2", "Ready")
    expect(page.locator("#panel #faults")).to_be_visible()


def test_every_sort_of_target_has_its_dialog_on_a_phone(comes: Comes) -> None:
    visitor = comes(size=PHONE).own_cluster()
    opens_catalogue(visitor)
    page = visitor.page

    for known in {one.target: one for one in FAULTS.values()}.values():
        page.locator(f"#fault-{known.type}").click()
        expect(page.locator("#panel h2")).to_have_text(known.title)
        expect(page.locator(".fault-preview .row")).to_be_visible()
        page.locator(".inspect-kind a").click()
        expect(page.locator("#panel h2")).to_have_text("Break something")


def test_a_fault_that_would_hit_nobody_says_so_before_it_is_made(alice: Visitor) -> None:
    opens_catalogue(alice)
    page = alice.page
    page.locator("#fault-ContainerCrash").click()

    page.locator("summary", has_text="Several").click()
    page.locator("#f-selector").fill("app=nobody")
    page.locator("#f-selector").blur()

    expect(page.locator("#fault-preview")).to_contain_text('No pod with app=nobody is in namespace "default".')
