"""Several people before one cluster: who sees what, and who may act."""

from __future__ import annotations

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.e2e.conftest import PHONE, Comes
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser


def test_another_browser_sees_the_same_and_may_not_act(alice: Visitor, comes: Comes) -> None:
    bob = comes().go(alice.url)
    bob.sees_pods(3)
    assert bob.names(bob.pods()) == alice.names(alice.pods())

    alice.opens("deployments", "web")
    alice.page.locator("#choice-scale").fill("4")
    alice.does("scale")

    bob.sees_pods(4)
    panel = bob.opens("deployments", "web")
    expect(panel.locator(".look-only")).to_be_visible()
    expect(panel.locator("#act-scale")).to_have_count(0)
    assert bob.page.request.post(bob.url + "start-over/").status == 403


def test_the_edit_link_lets_a_friend_act(alice: Visitor, comes: Comes) -> None:
    alice.chooses("Share")
    link = alice.page.get_by_label("Link to act", exact=True).input_value()

    bob = comes().go(link)

    assert bob.url == alice.url
    bob.sees_pods(3)
    bob.opens("deployments", "web")
    bob.page.locator("#choice-scale").fill("2")
    bob.does("scale")
    alice.sees_pods(2)


def test_a_dropped_connection_says_so_and_misses_nothing(comes: Comes) -> None:
    alice = comes()
    lines: list[WebSocketRoute] = []
    cut = False

    def relay(line: WebSocketRoute) -> None:
        if cut:
            line.close()
            return
        line.connect_to_server()
        lines.append(line)

    alice.page.route_web_socket("**/live/", relay)
    alice.own_cluster()
    friend = comes().go(alice.url)
    friend.sees_pods(3)

    cut = True
    lines[-1].close()
    expect(alice.page.locator("#banner")).to_be_visible()
    alice.opens("deployments", "web")
    alice.page.locator("#choice-scale").fill("5")
    alice.does("scale")
    friend.sees_pods(5)
    cut = False

    alice.sees_pods(5)
    expect(alice.page.locator("#banner")).to_be_hidden()
    assert sorted(alice.names(alice.pods())) == sorted(friend.names(friend.pods()))


def test_it_works_on_a_phone_in_the_light(comes: Comes) -> None:
    alice = comes(size=PHONE, theme="light", has_touch=True).own_cluster()

    alice.opens("nodes", "worker-1", "")

    side = alice.page.locator("#side").bounding_box()
    assert side is not None
    assert side["width"] == PHONE[0]
    assert side["y"] > 100
    assert alice.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    alice.does("cordon")
    expect(alice.node("worker-1")).to_have_attribute("data-cordoned", "true")


def test_a_node_is_killed_by_keyboard_alone(alice: Visitor) -> None:
    page = alice.hurries(10).page
    alice.node("worker-1").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_have_text("worker-1")

    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "act-kill":
            break
    page.keyboard.press("Enter")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "sure-kill":
            break
    page.keyboard.press("Enter")

    alice.sees_node("worker-1", "NotReady")
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()


def test_without_scripts_there_is_still_a_way_in_and_an_editor(comes: Comes) -> None:
    alice = comes(java_script_enabled=False)
    alice.go(alice.address)
    alice.page.get_by_role("button", name="Raise the curtain").click()
    alice.go(alice.url + "editor/?example=configmap-secret")

    alice.page.get_by_role("button", name="Apply").click()

    expect(alice.page.locator("#editor-result")).to_contain_text("configmap/greeting")
    expect(alice.page.locator("textarea")).to_contain_text("kind: ConfigMap")
