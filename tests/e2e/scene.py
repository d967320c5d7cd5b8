"""A cluster of a test's own, seen three ways: the machine, the API, the picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from playwright.sync_api import expect

from clusters.kinds.body import Body, dig
from tests.client import Client, ready
from tests.conformance.kubectl import Kubectl
from tests.e2e.manifests import apply
from tests.e2e.visitor import Visitor

PODS = "api/v1/namespaces/default/pods"
Drawn = dict[str, Any]


class Scene:
    """The machine by kubectl, the API by its client, the page by its picture and its text twin."""

    def __init__(self, who: Visitor, kubectl: Kubectl, client: Client) -> None:
        self.who, self.kubectl, self.client = who, kubectl, client

    def applies(self, text: str) -> None:
        for body in yaml.safe_load_all(text):
            apply(self.client, body)

    def get(self, path: str) -> Body:
        return self.client.get(path)

    def pod(self, name: str) -> Body:
        return self.client.get(f"{PODS}/{name}")

    def until(self, what: str, happens: Callable[[], Any]) -> None:
        self.client.wait(what, lambda: bool(happens()))

    def runs(self, *names: str) -> None:
        self.until(f"{', '.join(names)} run", lambda: all(ready(self.pod(name)) for name in names))

    def shows(self, view: str) -> None:
        self.who.page.locator(f".tabs [data-view={view}]").click()
        self.sees("p => p.view === arg", view)

    def picture(self) -> Drawn:
        return dict(self.who.page.evaluate("async () => { await podium.settled(); return podium.picture(); }"))

    def sees(self, test: str, arg: object = None) -> Drawn:
        """Wait until the picture passes this test, an arrow function of the picture (and `arg`); the picture."""
        self.who.page.wait_for_function(f"arg => ({test})(podium.picture())", arg=arg)
        return self.picture()

    def drawn(self, name: str, test: str = "one => true") -> Drawn:
        """Whoever is drawn under this name, once it passes the test."""
        every = "p => [...p.pods, ...p.boxes, ...p.rooms]"
        self.sees(f"p => ({every})(p).some((one) => one.name === arg && ({test})(one))", name)
        one = self.who.page.evaluate(f"name => ({every})(podium.picture()).find((one) => one.name === name)", name)
        return dict(one)

    def aloud(self, start: str, *parts: str) -> None:
        """The text twin's row that starts so has these parts."""
        row = self.who.page.locator("#twin [role=treeitem]").filter(has_text=re.compile(f"^{re.escape(start)}")).first
        for part in parts:
            expect(row).to_contain_text(part)

    def legend(self, *signs: str) -> None:
        for sign in signs:
            expect(self.who.page.locator(f"#legend [data-sign='{sign}']")).to_have_count(1)

    def surtitle(self, *parts: str) -> None:
        for part in parts:
            expect(self.who.page.locator("#surtitle [data-shown]")).to_contain_text(part)


def container(pod: Body) -> Body:
    """The status of its first container."""
    found: Body = (dig(pod, "status.containerStatuses") or [{}])[0]
    return found
