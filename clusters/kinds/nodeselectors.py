"""Whether a node is one that somebody means: nodeSelector and node affinity (component-helpers: nodeaffinity)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from clusters.kinds.body import Body, dig
from clusters.kinds.number import whole_number
from clusters.kinds.selectors import matches_labels

REQUIRED = "affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution"


def wants_node(spec: Body, labels: Mapping[str, str], name: str) -> bool:
    """A pod's nodeSelector and one of its required terms hold for the node of these labels and this name."""
    if not matches_labels(spec.get("nodeSelector") or {}, labels):
        return False
    required = dig(spec, REQUIRED)
    return required is None or selects_node(required, labels, name)


def selects_node(selector: Body, labels: Mapping[str, str], name: str) -> bool:
    """A NodeSelector: one of its terms holds."""
    return any(term_holds(term, labels, name) for term in selector.get("nodeSelectorTerms") or ())


def term_holds(term: Body, labels: Mapping[str, str], name: str) -> bool:
    """An empty term matches nothing."""
    rules, fields = term.get("matchExpressions") or (), term.get("matchFields") or ()
    if not rules and not fields:
        return False
    on_labels = all(_holds(rule, labels.get(rule["key"])) for rule in rules)
    return on_labels and all(_holds(rule, name) for rule in fields if rule["key"] == "metadata.name")


def _holds(rule: Body, value: str | None) -> bool:
    operator: str = rule["operator"]
    values: Sequence[str] = rule.get("values") or []
    if operator == "In":
        return value in values
    if operator == "NotIn":
        return value not in values
    if operator in ("Gt", "Lt"):
        return _compares(operator, value, values[0])
    return (value is not None) == (operator == "Exists")


def _compares(operator: str, value: str | None, bound: str) -> bool:
    held, limit = whole_number(value or ""), whole_number(bound)
    if held is None or limit is None:
        return False
    return held > limit if operator == "Gt" else held < limit
