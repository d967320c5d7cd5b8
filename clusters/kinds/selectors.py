"""Label selectors as objects carry them (Kubernetes: Labels and Selectors)."""

from __future__ import annotations

from collections.abc import Mapping

from clusters.kinds.body import Body


def matches_labels(wanted: Mapping[str, str], labels: Mapping[str, str]) -> bool:
    """Equality for each pair, as in a Service's selector or a nodeSelector. An empty one matches everything."""
    return all(labels.get(name) == value for name, value in wanted.items())


def matches(selector: Body | None, labels: Mapping[str, str]) -> bool:
    """A metav1.LabelSelector: `matchLabels` and `matchExpressions` together. None matches nothing, {} everything."""
    if selector is None:
        return False
    return matches_labels(selector.get("matchLabels") or {}, labels) and all(
        _holds(rule, labels) for rule in selector.get("matchExpressions") or ()
    )


def _holds(rule: Body, labels: Mapping[str, str]) -> bool:
    name, operator, values = rule["key"], rule["operator"], rule.get("values") or ()
    if operator == "In":
        return bool(labels.get(name) in values)
    if operator == "NotIn":
        return bool(name not in labels or labels[name] not in values)
    return (name in labels) is (operator == "Exists")
