"""What an autoscaler scales: an object with a scale subresource, its size and its pods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, Key, dig, labels_of
from clusters.kinds.selectors import matches
from clusters.reconcile.view import View


@dataclass(frozen=True, slots=True)
class Scaled:
    """The object behind spec.scaleTargetRef."""

    resource: str
    body: Body

    @property
    def wanted(self) -> int:
        """spec.replicas."""
        return int(dig(self.body, "spec.replicas", 1))

    @property
    def has(self) -> int:
        """status.replicas."""
        return int(dig(self.body, "status.replicas", 0))

    def pods(self, view: View) -> Sequence[Body]:
        """Those that its selector selects."""
        selector = dig(self.body, "spec.selector") or {}
        if not any(name in selector for name in ("matchLabels", "matchExpressions")):
            selector = {"matchLabels": selector}  # a ReplicationController's
        there = view.list("pods", self.body["metadata"]["namespace"])
        return [pod for pod in there if matches(selector, labels_of(pod))]


def target(hpa: Body, view: View) -> Scaled | str:
    """The object, or why there is none, in the API's words."""
    reference = hpa["spec"]["scaleTargetRef"]
    group = (reference.get("apiVersion") or "").rpartition("/")[0]
    for kind in view.kinds.values():
        if kind.kind == reference["kind"] and kind.group == group and "scale" in kind.subresources:
            found = view.get(kind.plural, Key(hpa["metadata"]["namespace"], reference["name"]))
            if found is None:
                return f'{kind.resource} "{reference["name"]}" not found'
            return Scaled(kind.plural, found)
    named = f"{reference['kind']}.{group}" if group else reference["kind"]
    return f'no matches for kind "{reference["kind"]}" in group "{named.partition(".")[2]}"'
