"""What axe-core, a ruler and a finger find wrong with a page. Each gives sentences; none is good."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page

from playground.supervise.environment import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
BAD = ("serious", "critical")
SCRIPT = Path(__file__).with_name("looking.js")


def serious(page: Page, within: str = "body", only: str = "") -> list[str]:
    """Accessibility faults that axe calls serious or critical. `only`: one of its rules."""
    bring(page)
    rules = {"runOnly": [only]} if only else {}
    asked = {"resultTypes": ["violations"], **rules}
    found = page.evaluate("([within, asked]) => axe.run(within, asked)", [within, asked])
    bad = [one for one in found["violations"] if one["impact"] in BAD]
    return [f"{one['id']}: {node['html'][:160]} ({node['failureSummary']})" for one in bad for node in one["nodes"]]


def cramped(page: Page) -> list[str]:
    """What one can press with less than 44 pixels for a finger."""
    bring(page)
    return list(page.evaluate("() => looking.cramped()"))


def cut(page: Page) -> list[str]:
    """What one cannot read since it ends outside, or is cut."""
    bring(page)
    return list(page.evaluate("() => looking.cut()"))


def bring(page: Page) -> None:
    """The tools, once a page."""
    if not page.evaluate("() => Boolean(window.looking)"):
        page.evaluate(f"() => {{ {AXE.read_text()} \n {SCRIPT.read_text()} }}")
