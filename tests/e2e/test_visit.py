"""The little browser: pages of the cluster's pods, a guestbook, and a page that means harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml
from playwright.sync_api import FrameLocator, expect

from clusters.kinds.body import Body
from tests.client import Client
from tests.e2e.conftest import PHONE, Comes
from tests.e2e.manifests import apply, manifest
from tests.e2e.visitor import Visitor
from tests.podium import Podium

pytestmark = pytest.mark.browser
NAME = "visited"
HOSTILE = (Path(__file__).parent / "hostile.html").read_text()
# what the browser itself says of each thing that the hostile page may not do
BLOCKED = (
    "Blocked",
    "Refused",
    "violates",
    "CORS",
    "WebSocket",
    "Failed to load",
    "sandbox",
    "Unsafe",
    "Framing",
    "fetch",
)


@pytest.fixture(scope="module")
def client(podium: Podium) -> Iterator[Client]:
    """A cluster with the guestbook and a page that means harm."""
    podium.manage("cluster", "create", NAME)
    with Client.of(podium, NAME) as found:
        for body in [*manifest("guestbook"), *hostile()]:
            apply(found, body)
        for name in ("frontend", "redis-leader", "redis-follower", "evil"):
            found.wait_for_rollout(name)
        found.wait("addresses", lambda: all(open_at(one) for one in ingresses(found)))
        yield found


def ingresses(client: Client) -> list[Body]:
    return client.items("/apis/networking.k8s.io/v1/ingresses")


def open_at(ingress: Body) -> bool:
    return bool(ingress["status"]["loadBalancer"].get("ingress"))


def hostile() -> list[Body]:
    """nginx with a page that tries everything."""
    text = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: evil}
spec:
  selector: {matchLabels: {app: evil}}
  template:
    metadata: {labels: {app: evil}}
    spec:
      volumes: [{name: html, configMap: {name: evil}}]
      containers: [{name: nginx, image: "nginx:1.27", volumeMounts: [{name: html, mountPath: /usr/share/nginx/html}]}]
---
apiVersion: v1
kind: Service
metadata: {name: evil}
spec: {selector: {app: evil}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: evil}
spec:
  rules:
    - host: evil.example.com
      http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: evil, port: {number: 80}}}}]}
"""
    page = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "evil"}, "data": {"index.html": HOSTILE}}
    return [page, *yaml.safe_load_all(text)]


def opens(podium: Podium, who: Visitor, address: str) -> FrameLocator:
    """The page in the little browser."""
    link = podium.manage("cluster", "url", NAME, "--edit").stdout.strip()
    who.go(link)
    who.page.goto(f"{who.page.url.partition('#')[0]}browser/")
    who.page.get_by_label("Address", exact=True).fill(address)
    who.page.keyboard.press("Enter")
    return who.page.frame_locator("#browser-page")


@pytest.mark.parametrize("size", [(1280, 720), PHONE])
def test_a_guestbook_keeps_what_visitors_write(
    podium: Podium, client: Client, comes: Comes, size: tuple[int, int]
) -> None:
    alice = comes(size=size)
    page = opens(podium, alice, "guestbook.example.com")

    page.locator("input[name=entry]").fill(f"greetings at {size[0]}")
    page.get_by_role("button", name="Submit").click()

    expect(page.get_by_text(f"greetings at {size[0]}")).to_be_visible()
    way = alice.page.locator("#browser-way")
    expect(way.get_by_text("200 in")).to_be_visible()
    expect(way.get_by_text("Ingress default/guestbook: host guestbook.example.com")).to_be_visible()
    alice.page.get_by_label("Address", exact=True).fill("guestbook.example.com/nothing")
    alice.page.keyboard.press("Enter")
    expect(way.get_by_text("404 in")).to_be_visible()
    alice.page.get_by_role("button", name="Back").click()
    expect(way.get_by_text("200 in")).to_be_visible()
    assert alice.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    alice.complaints = [one for one in alice.complaints if "404" not in one]  # the one that was asked for


def test_what_does_not_answer_says_why(podium: Podium, client: Client, comes: Comes) -> None:
    alice = comes()

    page = opens(podium, alice, "worker-1:30999")

    expect(page.get_by_text("did not answer: connection refused")).to_be_visible()
    way = alice.page.locator("#browser-way")
    expect(way.get_by_text("connection refused after")).to_be_visible()
    way.get_by_role("link", name="Why?").click()
    expect(way.get_by_role("heading", name="Why did this request fail?")).to_be_visible()
    alice.complaints = [one for one in alice.complaints if "502" not in one]


def test_a_hostile_page_reaches_neither_session_nor_socket_nor_api(
    podium: Podium, client: Client, comes: Comes
) -> None:
    alice = comes()
    page = opens(podium, alice, "evil.example.com")

    expect(page.locator("#told")).to_contain_text("done")
    told = dict(line.split(": ", 1) for line in page.locator("#told").inner_text().splitlines() if ": " in line)

    assert told["origin"] == "null"
    assert set(told.values()) - {"null"} == {"blocked"}, told
    assert urlsplit(alice.page.url).path.endswith("/browser/")
    names = [one["metadata"]["name"] for one in client.items("/api/v1/namespaces/default/configmaps")]
    assert "stolen" not in names
    assert {one["metadata"]["name"] for one in client.items("/api/v1/nodes")} == {
        "control-plane", "worker-1", "worker-2", "worker-3",
    }  # fmt: skip
    alice.complaints = [one for one in alice.complaints if not any(word in one for word in BLOCKED)]


def test_who_only_looks_cannot_send_a_form(podium: Podium, client: Client, comes: Comes) -> None:
    bob = comes().go(podium.manage("cluster", "url", NAME).stdout.strip())
    base = bob.page.url.partition("#")[0]

    sent = bob.page.request.post(f"{base}visit/guestbook.example.com/", form={"entry": "spam"})

    assert sent.status == 403
    assert "look at this cluster" in sent.text()
    assert bob.page.request.get(f"{base}visit/guestbook.example.com/").status == 200
