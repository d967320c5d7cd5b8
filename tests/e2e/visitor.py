"""Somebody before the page: what they do and what they see, in the words of a test."""

from __future__ import annotations

import re
from typing import Self

from playwright.sync_api import ConsoleMessage, Locator, Page, expect

from tests.client import Client
from tests.e2e.stock import Place, Stock

PATIENCE = 90_000  # milliseconds: a slow machine shall only take longer
expect.set_options(timeout=PATIENCE)
TWIN = "#twin [data-kind={kind}]"


class Visitor:
    """One page. `complaints` collects what the browser's console has to say against it."""

    def __init__(self, page: Page, stock: Stock, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.place: Place | None = None
        self._stock = stock
        page.set_default_timeout(PATIENCE)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def arrives(self) -> Self:
        """Come to the first page, as somebody who was never here."""
        self.page.goto(self.address)
        self.page.wait_for_url(re.compile(r"/c/\w+/"))
        expect(self.pods("Running")).to_have_count(3)
        return self

    def own_cluster(self, where: str = "") -> Self:
        """Before a cluster of one's own, all three pods of whose example run. `where`: e.g. "?view=traffic"."""
        self.place = self._stock.take()
        return self.owns(self.place, where)

    def owns(self, place: Place, where: str = "", running: int = 3) -> Self:
        """Before this cluster, in which so many pods run, with every right in it."""
        cookies = [{"name": name, "value": value, "url": self.address} for name, value in place.cookies.items()]
        self.page.context.add_cookies(cookies)  # type: ignore[arg-type]
        self.page.goto(place.url + where)
        expect(self.pods("Running")).to_have_count(running)
        return self

    def hurries(self, speed: int) -> Self:
        """Let the cluster's time pass faster, so that nobody waits for what takes Kubernetes seconds."""
        self.sets_clock(speed=str(speed))
        return self

    def sets_clock(self, **form: str) -> None:
        """As the page's own buttons do: speed="60", paused="1", step="change"."""
        path, told = f"{self.url}clock/", {"X-CSRFToken": self._cookie("podium_csrf"), "Referer": self.address}
        assert self.page.request.post(path, form=dict(form), headers=told).ok

    def client(self) -> Client:
        """The visitor's own way to the API, for what is not the matter of a test."""
        return Client(self.page.request.get(f"{self.url}kubeconfig/").text())

    def go(self, url: str) -> Self:
        self.page.goto(url)
        return self

    @property
    def url(self) -> str:
        """The page's address without what stands behind # or ?."""
        return self.page.url.partition("#")[0].partition("?")[0]

    def pods(self, state: str = "", namespace: str = "default") -> Locator:
        wanted = (
            TWIN.format(kind="Pod") + f"[data-namespace={namespace}]" + (f'[data-state="{state}"]' if state else "")
        )
        return self.page.locator(wanted)

    def node(self, name: str) -> Locator:
        return self.page.locator(TWIN.format(kind="Node") + f"[data-name={name}]")

    def names(self, pods: Locator) -> list[str]:
        return [str(pod.get_attribute("data-name")) for pod in pods.all()]

    def sees_node(self, name: str, state: str) -> None:
        expect(self.node(name)).to_have_attribute("data-state", state)

    def sees_pods(self, count: int, state: str = "Running") -> None:
        expect(self.pods(state)).to_have_count(count)
        expect(self.pods()).to_have_count(count)

    def opens(self, plural: str, name: str, namespace: str = "default") -> Locator:
        """Open an object's panel as a click in the picture does."""
        path = f"inspect/{plural}/{namespace or '_'}/{name}/"
        self.page.evaluate("path => void htmx.ajax('get', document.body.dataset.base + path, '#panel')", path)
        panel = self.page.locator("#panel")
        expect(panel.locator(f'#inspect[data-of$="/{path}"]')).to_be_visible()
        expect(panel.locator("h2")).to_have_text(name)
        return panel

    def does(self, action: str) -> None:
        """Press an action's button; what is dangerous is asked once, in place."""
        with self.page.expect_response(lambda answer: f"/do/{action}/" in answer.url) as answered:
            self.page.locator(f"#act-{action}").click()
            sure = self.page.locator(f"#sure-{action}")
            if sure.count():
                sure.click()
        assert answered.value.ok
        expect(self.page.locator("#inspect-outcome .outcome")).to_be_visible()

    def chooses(self, item: str) -> None:
        """An entry of the menu in the header."""
        self.page.get_by_role("button", name="More", exact=True).click()
        self.page.locator(".menu-list").get_by_role("button", name=item, exact=True).click()

    def writes(self, manifest: str) -> None:
        """Put a manifest into the editor and apply it."""
        self.page.get_by_role("button", name="Apply YAML").first.click()
        area = self.page.locator(".cm-content")
        area.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(manifest)
        self.page.keyboard.press("ControlOrMeta+Enter")

    def _cookie(self, name: str) -> str:
        return next(one["value"] for one in self.page.context.cookies() if one["name"] == name)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")
