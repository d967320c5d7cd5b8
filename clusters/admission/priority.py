"""Every pod has a number for its importance: zero, or what its class says (Kubernetes: Priority)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.reconcile.view import View

# the classes that every cluster has; others cannot be made here
CLASSES = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}
POLICY = "PreemptLowerPriority"
COMPUTED = (
    "must not be provided in pod spec; priority admission controller computed {} from the given PriorityClass name"
)


def admit(new: Body | None, old: Body | None, _: View) -> Body | Status | None:
    """The pod with the priority of its class; an update that says nothing of it keeps it."""
    assert new is not None
    spec = new["spec"]
    if old is not None:
        kept = {name: old["spec"][name] for name in ("priority", "preemptionPolicy") if name in old["spec"]}
        return {**new, "spec": {**kept, **spec}}
    name = spec.get("priorityClassName")
    if name and name not in CLASSES:
        return Status.forbidden("pods", new["metadata"]["name"], f"no PriorityClass with name {name} was found")
    priority = CLASSES.get(name or "", 0)
    why = _contradiction(spec, priority)
    if why:
        return Status.forbidden("pods", new["metadata"]["name"], why)
    return {**new, "spec": {**spec, "priority": priority, "preemptionPolicy": POLICY}}


def _contradiction(spec: Body, priority: int) -> str:
    if spec.get("priority") not in (None, priority):
        return f"the integer value of priority ({spec['priority']}) {COMPUTED.format(priority)}"
    if spec.get("preemptionPolicy") not in (None, POLICY):
        return f"the string value of PreemptionPolicy ({spec['preemptionPolicy']}) {COMPUTED.format(POLICY)}"
    return ""


STEP = Step("Priority", ("pods",), ("CREATE", "UPDATE"), admit)
