"""Everything can be broken from the page, and mended: each fault of the catalogue, whom it hits, what users feel."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from clusters.faults import FAULTS
from clusters.faults.faulttype import COME_LATER, FaultType
from tests.e2e.conftest import PHONE, Comes
from tests.e2e.looking import cramped, cut, serious
from tests.e2e.visitor import Visitor
from tests.podium import until

pytestmark = pytest.mark.browser
EACH = pytest.mark.parametrize("known", FAULTS.values(), ids=list(FAULTS))
CROWD = {
    "apiVersion": "podium.dev/v1",
    "kind": "Traffic",
    "metadata": {"name": "crowd"},
    "spec": {"target": {"service": "web"}, "rate": 20},
}
METER = ["Time to detect", "Time to heal"]
ZONE = {"metadata": {"labels": {"topology.kubernetes.io/zone": "a"}}}


@pytest.fixture(scope="module")
def breaker(stays: Comes) -> Visitor:
    """Somebody who breaks one thing after the other in a cluster with a zone."""
    found = stays().own_cluster()
    with found.client() as client:
        client.patch("api/v1/nodes/worker-2", ZONE)
    return found


@pytest.fixture(scope="module")
def looker(stays: Comes) -> Visitor:
    """The same on a phone, in the light, who only looks what there is."""
    found = stays(size=PHONE, theme="light", reduced_motion="reduce").own_cluster()
    with found.client() as client:
        client.patch("api/v1/nodes/worker-2", ZONE)
    return found


def opens_catalogue(visitor: Visitor) -> Page:
    if not visitor.page.locator("#panel .fault-list").count():
        visitor.page.evaluate("void htmx.ajax('get', document.body.dataset.base + 'faults/', '#panel')")
    expect(visitor.page.locator("#panel h2")).to_have_text("Break something")
    return visitor.page


def opens_dialog(visitor: Visitor, known: FaultType) -> Page:
    page = opens_catalogue(visitor)
    with page.expect_response(lambda answer: answer.url.endswith("/preview/")):  # it asks by itself when it has come
        page.locator(f"#fault-{known.type}").click()
    expect(page.locator("#panel h2")).to_have_text(known.title)
    return page


def aims(page: Page, known: FaultType) -> None:
    """At the first that can be chosen; machines at a worker."""
    required = known.required[0] if known.required else ""
    if required:
        chosen = "worker-2" if required == "node" else page.locator(f"#f-{required} option").nth(1).inner_text()
        with page.expect_response(lambda answer: answer.url.endswith("/preview/")):
            page.locator(f"#f-{required}").select_option(chosen)
    expect(page.locator("#fault-begin")).to_be_enabled()


@EACH
def test_each_is_aimed_outlined_begun_measured_and_healed(breaker: Visitor, known: FaultType) -> None:
    page = opens_dialog(breaker, known)
    expect(page.locator(".fault-told")).to_contain_text(known.look_for)

    aims(page, known)
    page.wait_for_function("() => podium.picture().outlined.length > 0")
    name = page.locator("#fault-form [name=name]").input_value()
    page.locator("#fault-begin").click()

    expect(page.locator("#faults-outcome")).to_contain_text(f"{name} has begun.")
    page.wait_for_function("() => podium.picture().outlined.length === 0")
    if known.moment:
        return
    card = page.locator(".fault", has=page.locator(f"#heal-{name}"))
    expect(card.locator(".fault-says")).to_contain_text("Set the image" if known.target == "deployment" else "Hits")
    assert [one for one in METER if one in card.locator("dt").all_inner_texts()] == METER
    card.locator(f"#heal-{name}").click()
    expect(page.locator("#faults-outcome")).to_contain_text(f"{name} is healed.")
    expect(page.locator(f"#heal-{name}")).to_have_count(0)


def test_what_was_broken_is_recorded(breaker: Visitor) -> None:
    page = opens_catalogue(breaker)

    expect(page.locator("#faults-over .fault")).to_have_count(6)  # the latest
    expect(page.locator("#faults")).to_contain_text(f"Not here yet: {COME_LATER}.")
    breaker.chooses("What happened")
    expect(page.locator("#feed-lines")).to_contain_text("cut the power of zone a")


@EACH
def test_each_dialog_can_be_read_and_pressed_on_a_phone(looker: Visitor, known: FaultType) -> None:
    page = opens_dialog(looker, known)

    for several in page.locator("#fault-form summary").all():
        several.click()

    assert [*serious(page, "#side"), *cramped(page), *cut(page)] == []


def test_the_catalogue_can_be_read_and_pressed_on_a_phone(looker: Visitor) -> None:
    page = opens_catalogue(looker)

    assert [*serious(page, "#side"), *cramped(page), *cut(page)] == []


def test_a_machine_is_killed_and_the_card_tells_what_users_felt_and_when_it_was_noticed(alice: Visitor) -> None:
    page = alice.hurries(10).page
    with alice.client() as client:
        client.create("apis/podium.dev/v1/namespaces/default/traffic", CROWD)
    page.get_by_role("button", name="Break something").first.click()
    page.locator("#fault-NodeCrash").click()
    expect(page.locator("#panel h2")).to_have_text("Kill a machine")

    page.locator("#f-node").select_option("worker-2")
    page.wait_for_function("() => podium.picture().outlined.length === 1")
    page.locator("#fault-begin").click()

    alice.sees_node("worker-2", "NotReady")
    felt = page.locator("#faults-standing .felt").first
    expect(felt).to_contain_text("NodeNotReady of worker-2")
    expect(felt.locator("dt").first).to_have_text("Requests that succeeded")
    expect(felt).to_contain_text("at its worst")
    page.locator("#heal-node-crash").click()
    expect(page.locator("#faults-outcome")).to_contain_text("node-crash is healed.")
    alice.sees_node("worker-2", "Ready")
    expect(page.locator("#panel #faults")).to_be_visible()


def test_a_fault_that_would_hit_nobody_says_so_before_it_is_made(alice: Visitor) -> None:
    page = opens_dialog(alice, FAULTS["ContainerCrash"])

    page.locator("summary", has_text="Several").click()
    page.locator("#f-selector").fill("app=nobody")
    page.locator("#f-selector").blur()

    expect(page.locator("#fault-preview")).to_contain_text('No pod with app=nobody is in namespace "default".')


def test_a_pod_that_has_ended_is_not_offered(alice: Visitor) -> None:
    spec = {"containers": [{"name": "a", "image": "busybox:1.37", "command": ["true"]}], "restartPolicy": "Never"}
    with alice.client() as client:
        client.create("api/v1/namespaces/default/pods", {"metadata": {"name": "a"}, "spec": spec})
        until(lambda: client.get("api/v1/namespaces/default/pods/a")["status"]["phase"] == "Succeeded", "it ends")

    page = opens_dialog(alice, FAULTS["MemoryLeak"])

    offered = page.locator("#f-pod option").all_inner_texts()
    assert "default/a" not in offered
    assert len(offered) > 1
