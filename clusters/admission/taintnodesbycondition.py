"""A new node is not to be used before its kubelet has said that it can (Kubernetes: TaintNodesByCondition)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body, put
from clusters.reconcile.view import View

NOT_READY = {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}


def admit(new: Body | None, _old: Body | None, _view: View) -> Body | None:
    """The node with the taint, once."""
    assert new is not None
    taints = (new.get("spec") or {}).get("taints") or ()
    if any(taint.get("key") == NOT_READY["key"] and taint.get("effect") == NOT_READY["effect"] for taint in taints):
        return new
    return put(new, "spec.taints", [*taints, NOT_READY])


STEP = Step("TaintNodesByCondition", ("nodes",), ("CREATE",), admit)
