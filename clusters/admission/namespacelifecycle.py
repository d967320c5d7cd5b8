"""Nothing is made where there is no Namespace, or in one that is going (Kubernetes: NamespaceLifecycle)."""

from __future__ import annotations

from clusters.admission.resource import resource_of
from clusters.admission.step import Step
from clusters.kinds.body import Body, Key
from clusters.kinds.problem import Status
from clusters.reconcile.view import View

IMMORTAL = ("default", "kube-system", "kube-public", "kube-node-lease")


def admit(new: Body | None, old: Body | None, view: View) -> Body | Status | None:
    """Refuses the creation, or the end of a Namespace that the cluster cannot do without."""
    if new is None:
        return _kept(old)
    name = new["metadata"].get("namespace")
    if not name:
        return new
    namespace = view.get("namespaces", Key("", name))
    if namespace is None:
        return Status.not_found("namespaces", name)
    if namespace["metadata"].get("deletionTimestamp"):
        return _closing(new, name, view)
    return new


def _kept(old: Body | None) -> Status | None:
    if old is None or old["kind"] != "Namespace" or old["metadata"]["name"] not in IMMORTAL:
        return None
    return Status.forbidden("namespaces", old["metadata"]["name"], "this namespace may not be deleted")


def _closing(new: Body, name: str, view: View) -> Status:
    why = f"unable to create new content in namespace {name} because it is being terminated"
    refusal = Status.forbidden(resource_of(new, view), new["metadata"]["name"], why)
    cause = {"reason": "NamespaceTerminating", "message": f"namespace {name} is being terminated"}
    refusal.details = {**refusal.details, "causes": [{**cause, "field": "metadata.namespace"}]}
    return refusal


STEP = Step("NamespaceLifecycle", ("*",), ("CREATE", "DELETE"), admit)
