"""A pod that names a class of container runtimes needs that class (Kubernetes: Runtime Class). None is served here."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.reconcile.view import View


def admit(new: Body | None, _: Body | None, __: View) -> Body | Status | None:
    """Every machine has one container runtime, so no class can be found."""
    name = new["spec"].get("runtimeClassName") if new is not None else None
    if new is None or not name:
        return new
    told = f'pod rejected: RuntimeClass "{name}" not found'
    return Status.forbidden("pods", new["metadata"].get("name") or "", told)


STEP = Step("RuntimeClass", ("pods",), ("CREATE",), admit)
