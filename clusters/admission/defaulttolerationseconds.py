"""A pod stays for a while on a node that falls silent (Kubernetes: DefaultTolerationSeconds)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from clusters.reconcile.view import View

TAINTS = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")


def admit(new: Body | None, _: Body | None, view: View) -> Body | None:
    """The pod with the cluster's own seconds for the two taints of which it says nothing itself."""
    assert new is not None
    stated = new["spec"].get("tolerations") or ()
    missing = [taint for taint in TAINTS if not any(_tolerates(one, taint) for one in stated)]
    if not missing:
        return new
    wait = {"operator": "Exists", "effect": "NoExecute", "tolerationSeconds": view.timings.toleration // SECOND}
    return {**new, "spec": {**new["spec"], "tolerations": [*stated, *({"key": taint, **wait} for taint in missing)]}}


def _tolerates(toleration: Body, taint: str) -> bool:
    return toleration.get("key") in (taint, "", None) and toleration.get("effect") in ("NoExecute", "", None)


STEP = Step("DefaultTolerationSeconds", ("pods",), ("CREATE",), admit)
