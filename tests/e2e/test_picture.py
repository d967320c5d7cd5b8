"""The picture's views: links, gaps, search, the way of a change; no serious fault for those who do not see it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visitor import Visitor

pytestmark = pytest.mark.browser

VIEWS = ("nodes", "ownership", "traffic", "storage")
MISSED = """\
apiVersion: v1
kind: Service
metadata: {name: missed}
spec: {selector: {app: hallo}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: elephant}
spec: {containers: [{name: nginx, image: "nginx:1.29", resources: {requests: {cpu: "16"}}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: hello, labels: {app: hello}}
spec: {containers: [{name: nginx, image: "nginx:1.29"}]}
"""


def picture(page: Page) -> dict[str, Any]:
    return dict(page.evaluate("async () => { await podium.settled(); return podium.picture(); }"))


def test_every_view_is_a_link_and_keeps_what_is_chosen(reader: Visitor) -> None:
    pod = reader.names(reader.pods())[0]
    reader.opens("pods", pod)

    for view in VIEWS:
        reader.page.locator(f".tabs [data-view={view}]").click()
        assert picture(reader.page)["view"] == view
        assert f"pick=Pod/default/{pod}" in reader.page.url

    reader.page.reload()
    reader.page.wait_for_function("() => podium.picture().view === 'storage'")
    expect(reader.page.locator("#panel h2")).to_have_text(pod)


def test_a_selector_that_matches_nobody_shows_who_comes_nearest(alice: Visitor) -> None:
    alice.writes(MISSED)
    alice.sees_node("worker-1", "Ready")
    alice.page.locator(".tabs [data-view=traffic]").click()

    alice.page.wait_for_function("() => podium.picture().notes.length === 1")
    (note,) = picture(alice.page)["notes"]
    assert [piece["text"] for piece in note["pieces"] if piece["off"]] == ["e"]
    expect(alice.page.locator("#legend [data-sign=ghost]")).to_be_visible()

    alice.page.locator(".tabs [data-view=nodes]").click()
    alice.page.wait_for_function(
        "podium.picture().pods.some((pod) => pod.name === 'elephant' && pod.state === 'Pending')"
    )
    assert any(box["name"] == "missed" for box in picture(alice.page)["boxes"])


def test_search_dims_who_is_not_meant(reader: Visitor) -> None:
    reader.page.keyboard.press("/")
    reader.page.keyboard.type("ns:kube-system")

    reader.page.wait_for_function(
        "() => podium.picture().pods.filter((pod) => pod.ns === 'default').every((pod) => pod.dim)"
    )
    assert any(not pod["dim"] for pod in picture(reader.page)["pods"])
    assert "q=ns" in reader.page.url


def test_the_way_of_a_change_passes_api_server_store_and_kubelet(alice: Visitor) -> None:
    alice.writes(MISSED)
    expect(alice.pods("Running")).to_have_count(4)

    alice.chooses("The way of a change")
    alice.page.locator("#way-pace").select_option("slow")
    places = []
    for _ in range(40):
        places.append(alice.page.locator("#way [data-lit]").get_attribute("data-place"))
        if places[-1] == "kubelet":
            break
        alice.page.locator("[data-way=step]").click()

    assert places[:3] == ["you", "api", "store"]
    assert "scheduler" in places
    assert places[-1] == "kubelet"
