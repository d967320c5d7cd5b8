"""Every pod has a number for its importance: zero, or what its class says (Kubernetes: Priority)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body, Key
from clusters.kinds.problem import Status
from clusters.reconcile.view import View

# the classes that every cluster has, whether their objects stand or not
BUILT_IN = {"system-cluster-critical": 2_000_000_000, "system-node-critical": 2_000_001_000}
HIGHEST = 1_000_000_000  # of all others
POLICY = "PreemptLowerPriority"
CLASSES = "priorityclasses.scheduling.k8s.io"
COMPUTED = (
    "must not be provided in pod spec; priority admission controller computed {} from the given PriorityClass name"
)


def admit(new: Body | None, old: Body | None, view: View) -> Body | Status | None:
    """A pod gets the priority of its class; there is at most one default, and the built-in classes stay."""
    about = new or old
    assert about is not None
    if about["kind"] == "PriorityClass":
        return _class(new, old, view)
    if new is None:
        return None
    return _created(new, view) if old is None else _updated(new, old)


def default_class(view: View) -> Body | None:
    """The class of pods that name none: of several defaults, which only a race can make, the least important."""
    defaults = [one for one in view.list("priorityclasses") if one.get("globalDefault")]
    return min(defaults, key=lambda one: (one["value"], one["metadata"]["name"]), default=None)


def _created(pod: Body, view: View) -> Body | Status:
    spec, name = pod["spec"], pod["spec"].get("priorityClassName") or ""
    found = view.get("priorityclasses", Key("", name)) if name else default_class(view)
    if found is None and name and name not in BUILT_IN:
        return Status.forbidden("pods", pod["metadata"]["name"], f"no PriorityClass with name {name} was found")
    priority = found["value"] if found else BUILT_IN.get(name, 0)
    policy = (found.get("preemptionPolicy") if found else None) or POLICY
    why = _contradiction(spec, priority, policy)
    if why:
        return Status.forbidden("pods", pod["metadata"]["name"], why)
    named = {"priorityClassName": found["metadata"]["name"]} if found else {}
    return {**pod, "spec": {**spec, **named, "priority": priority, "preemptionPolicy": policy}}


def _updated(pod: Body, old: Body) -> Body:
    """An update that says nothing of it keeps it."""
    kept = {name: old["spec"][name] for name in ("priority", "preemptionPolicy") if name in old["spec"]}
    return {**pod, "spec": {**kept, **pod["spec"]}}


def _contradiction(spec: Body, priority: int, policy: str) -> str:
    if spec.get("priority") not in (None, priority):
        return f"the integer value of priority ({spec['priority']}) {COMPUTED.format(priority)}"
    if spec.get("preemptionPolicy") not in (None, policy):
        return f"the string value of PreemptionPolicy ({spec['preemptionPolicy']}) {COMPUTED.format(policy)}"
    return ""


def _class(new: Body | None, old: Body | None, view: View) -> Body | Status | None:
    if new is None:
        assert old is not None
        name = old["metadata"]["name"]
        why = "this is a system priority class and cannot be deleted"
        return Status.forbidden(CLASSES, name, why) if name in BUILT_IN else None
    standing = default_class(view) if new.get("globalDefault") else None
    if standing is None or standing["metadata"]["name"] == new["metadata"]["name"]:
        return new
    why = f"PriorityClass {standing['metadata']['name']} is already marked as default. Only one default can exist"
    return Status.forbidden(CLASSES, new["metadata"]["name"], why)


STEP = Step("Priority", ("pods", "priorityclasses"), ("CREATE", "UPDATE", "DELETE"), admit)
