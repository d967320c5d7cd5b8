"""A label selector as text (apimachinery: labels.Selector, metav1.FormatLabelSelector)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clusters.kinds.body import Body

_SIGNS = {"In": "in", "NotIn": "notin"}


def shown(selector: Body | None) -> str:
    """`app=web,tier in (a,b)`, and `<none>` for an empty one."""
    if not selector:
        return "<none>"
    equal = [(name, f"{name}={value}") for name, value in (selector.get("matchLabels") or {}).items()]
    rules = [(rule["key"], _rule(rule)) for rule in selector.get("matchExpressions") or ()]
    return ",".join(text for _, text in sorted(equal + rules)) or "<none>"


def shown_labels(labels: Mapping[str, Any] | None) -> str:
    """Plain pairs, as in a Service's selector."""
    return ",".join(f"{name}={value}" for name, value in sorted((labels or {}).items())) or "<none>"


def _rule(rule: Body) -> str:
    if rule["operator"] in _SIGNS:
        return f"{rule['key']} {_SIGNS[rule['operator']]} ({','.join(sorted(rule.get('values') or ()))})"
    return str(rule["key"]) if rule["operator"] == "Exists" else f"!{rule['key']}"
