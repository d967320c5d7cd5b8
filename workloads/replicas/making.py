"""A pod from its owner's template, and what is said of making and deleting it (Kubernetes: RealPodControl)."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any

from clusters.kinds.body import Body, owner_reference
from clusters.kinds.problem import Status
from clusters.reconcile.writes import Create, Delete, Emit, Write

SAID_SINGLY = 9  # client-go's correlator combines an object's similar events from the tenth on
COMBINED = "(combined from similar events): "
Failure = tuple[str, str]  # a condition's reason and message
Failing = Generator[Write, Body | Status | None, Failure | None]


def pod_from(owner: Body, template: Body, labels: Body | None = None, **named: Any) -> Body:
    """What the owner's template describes. `named`: another name than one that the API server makes up."""
    given = template.get("metadata") or {}
    copied = {name: given[name] for name in ("labels", "annotations", "finalizers") if given.get(name)}
    if labels:
        copied["labels"] = {**copied.get("labels", {}), **labels}
    home = named or {"generateName": f"{owner['metadata']['name']}-"}
    metadata = {**home, "namespace": owner["metadata"]["namespace"], **copied}
    metadata["ownerReferences"] = [owner_reference(owner)]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def create(owner: Body, bodies: Sequence[Body], why: str) -> Failing:
    """Make these pods until one is refused."""
    for number, body in enumerate(bodies, 1):
        pod = yield Create("pods", body, why=why)  # because of what woke us: the owner, or a pod that went
        if isinstance(pod, Status):
            return (yield from _refused(owner, pod))
        assert pod is not None
        yield from _said(owner, "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}", number, len(bodies))
    return None


def delete(owner: Body, pods: Sequence[Body], why: str) -> Failing:
    """Ask these pods to go; one that is gone already is no failure."""
    for number, pod in enumerate(pods, 1):
        answer = yield Delete("pods", pod, why=why)
        if isinstance(answer, Status) and answer.code != 404:
            yield Emit(owner, "Warning", "FailedDelete", f"Error deleting: {answer.message}")
            return "FailedDelete", answer.message
        yield from _said(owner, "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}", number, len(pods))
    return None


def is_closing(status: Status) -> bool:
    """A refusal by a namespace that is about to go is no failure: nobody wants the pod any more."""
    return any(cause.get("reason") == "NamespaceTerminating" for cause in status.details.get("causes") or ())


def _refused(owner: Body, status: Status) -> Failing:
    if is_closing(status):
        return None
    yield Emit(owner, "Warning", "FailedCreate", f"Error creating: {status.message}")
    return "FailedCreate", status.message


def _said(owner: Body, reason: str, message: str, number: int, count: int) -> Iterator[Emit]:
    if number <= SAID_SINGLY:
        yield Emit(owner, "Normal", reason, message)
    elif number == count:
        yield Emit(owner, "Normal", reason, COMBINED + message)
