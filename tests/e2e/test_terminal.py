"""A terminal in the page: what one types in a pod's panel runs in its container."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Comes
from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser


def test_a_shell_opens_answers_and_ends(reader: Visitor) -> None:
    reader.sees_pods(3)
    name = reader.names(reader.pods())[0].split(",")[0]
    panel = reader.opens("pods", name)
    panel.locator("#inspect-tab-terminal").click()
    panel.locator("#terminal-open").click()
    rows = panel.locator(".xterm-rows")
    expect(rows).to_contain_text(f"root@{name}")

    reader.page.keyboard.type("echo $((6*7))\n")

    expect(rows).to_contain_text("42")
    reader.page.keyboard.type("exit 3\n")
    expect(panel.locator(".terminal-state")).to_have_text("The shell has ended with exit code 3.")
    expect(panel.locator("#terminal-open")).to_be_enabled()


def test_the_keyboard_leaves_the_terminal(reader: Visitor) -> None:
    reader.sees_pods(3)
    name = reader.names(reader.pods())[0].split(",")[0]
    panel = reader.opens("pods", name)
    panel.locator("#inspect-tab-terminal").click()
    panel.locator("#terminal-open").click()
    expect(panel.locator(".xterm-rows")).to_contain_text(f"root@{name}")
    expect(panel.locator(".xterm-helper-textarea")).to_be_focused()

    reader.page.keyboard.press("Escape")
    reader.page.keyboard.press("Tab")

    expect(panel.locator(".xterm-helper-textarea")).not_to_be_focused()


def test_who_may_only_look_sees_no_way_in(reader: Visitor, comes: Comes) -> None:
    reader.sees_pods(3)
    name = reader.names(reader.pods())[0].split(",")[0]

    panel = comes().go(reader.url).opens("pods", name)
    panel.locator("#inspect-tab-terminal").click()

    expect(panel.locator("#inspect-tab .look-only")).to_be_visible()
    expect(panel.locator("#terminal-open")).to_have_count(0)
