"""An Ingress that names no class gets the default one (Kubernetes: DefaultIngressClass)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body, annotations_of, put
from clusters.reconcile.view import View
from networking.kinds.ingressclass import default_of
from networking.kinds.ingressproblems import CLASS


def admit(new: Body | None, _: Body | None, view: View) -> Body | None:
    if (
        new is None
        or "spec" not in new
        or new["spec"].get("ingressClassName") is not None
        or CLASS in annotations_of(new)
    ):
        return new
    usual = default_of(view.list("ingressclasses"))
    return put(new, "spec.ingressClassName", usual["metadata"]["name"]) if usual else new


STEP = Step("DefaultIngressClass", ("ingresses",), ("CREATE",), admit)
