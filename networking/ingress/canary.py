"""Some requests go to another Service: by header, by cookie, by weight, in this order (ingress-nginx: Canary)."""

from __future__ import annotations

from networking.ingress.decision import Asked
from networking.ingress.routes import Host, Path, expression_of


def choose(asked: Asked, host: Host, line: Path) -> tuple[Path, str]:
    """The line itself, or its canary, and why."""
    for one in host.canaries:
        if (one.text, one.type) == (line.text, line.type):
            verdict, by = wanted(asked, one)
            return (one, f", canary by {by}") if verdict else (line, "")
    return line, ""


def wanted(asked: Asked, line: Path) -> tuple[bool, str]:
    rules = line.settings
    name = rules.text("canary-by-header")
    if name and asked.header(name):
        verdict = by_header(
            asked.header(name), rules.text("canary-by-header-value"), rules.text("canary-by-header-pattern")
        )
        if verdict is not None:
            return verdict, f"header {name}"
    name = rules.text("canary-by-cookie")
    if name and asked.cookie(name) in ("always", "never"):
        return asked.cookie(name) == "always", f"cookie {name}"
    weight, total = rules.number("canary-weight", 0), max(rules.number("canary-weight-total", 100), 1)
    return weight > 0 and asked.view.random.fraction() * total < weight, f"weight {weight} of {total}"


def by_header(value: str, exact: str, pattern: str) -> bool | None:
    """None: the header has nothing to say, what comes after it decides."""
    if exact:
        return True if value == exact else None
    if pattern:
        expression = expression_of(pattern)
        return True if expression is not None and expression.search(value[:512]) else None
    return {"always": True, "never": False}.get(value)
