"""The live page in a real browser, on a real Podium: what is drawn, its text twin, a lost connection."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.e2e.visitor import PATIENCE
from tests.podium import Podium

expect.set_options(timeout=PATIENCE)
pytestmark = [pytest.mark.browser, pytest.mark.slow]

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-sync"]
MAKE = """
from clusters.engine.transaction import changing
from clusters.models import Cluster
from clusters.reconcile.writes import Create
spec = {"containers": [{"name": "web", "image": "nginx"}]}
body = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "%s", "namespace": "default"}, "spec": spec}
with changing(Cluster.objects.get(name="stage").pk, "alice") as tx:
    tx.apply(Create("pods", body))
"""


@pytest.fixture(scope="module")
def browser(browser_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=browser_path, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def stage(podium: Podium) -> str:
    """The address of a cluster for these tests."""
    made = podium.manage("cluster", "create", "stage", "--nodes", "2")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


@pytest.fixture
def page(browser: Browser, stage: str) -> Iterator[Page]:
    """Before it, at a projector's size. Any error in its console fails the test."""
    shown = browser.new_page(viewport={"width": 1280, "height": 720})
    shown.set_default_timeout(PATIENCE)
    errors: list[str] = []
    shown.on("pageerror", lambda error: errors.append(str(error)))
    shown.goto(stage)
    expect(shown.locator("[data-kind=Node]")).to_have_count(3)
    yield shown
    shown.close()
    assert errors == []


def make_pod(podium: Podium, name: str) -> None:
    done = podium.manage("shell", "-c", MAKE % name)
    assert done.returncode == 0, done.stderr


def picture(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("podium.settled().then(() => podium.picture())")
    return found


def test_the_picture_and_its_twin_tell_the_same(podium: Podium, page: Page) -> None:
    make_pod(podium, "alone")
    twin = page.locator("[data-kind=Pod][data-name=alone]")
    expect(twin).to_have_attribute("data-state", "Running")

    drawn = picture(page)

    pod = next(pod for pod in drawn["pods"] if pod["name"] == "alone")
    middle = [pod["rect"]["x"] + pod["rect"]["width"] / 2, pod["rect"]["y"] + pod["rect"]["height"] / 2]
    assert page.evaluate("([x, y]) => podium.at(x, y).name", middle) == "alone"
    assert sorted(room["name"] for room in drawn["rooms"]) == ["At the door", "control-plane", "worker-1", "worker-2"]
    assert pod["node"] in twin.inner_text()


def test_a_lost_connection_says_so_and_misses_nothing(podium: Podium, page: Page) -> None:
    page.context.set_offline(True)
    podium.kill_process("web")
    expect(page.locator("#banner")).to_contain_text("Connection lost")
    make_pod(podium, "missed")
    page.context.set_offline(False)

    expect(page.locator("[data-kind=Pod][data-name=missed]")).to_have_count(1)
    expect(page.locator("#banner")).to_be_hidden()


def test_the_twin_is_walked_with_the_keyboard(page: Page) -> None:
    page.locator("[role=treeitem]").first.focus()

    page.keyboard.press("End")
    last = page.evaluate("document.activeElement.dataset.name")
    lowest = page.locator("[role=treeitem]").last.get_attribute("data-name")
    page.keyboard.press("Home")
    page.keyboard.type("worker-2")
    typed = page.evaluate("document.activeElement.dataset.name")

    assert (last, typed) == (lowest, "worker-2")
