"""The ReplicaSet controller: as many active pods as `spec.replicas` says (Kubernetes: ReplicaSet)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Sequence

from clusters.kinds.body import Body, Key, controller_of, is_deleting, key_of, labels_of, owner_reference, uid_of
from clusters.kinds.problem import Status
from clusters.kinds.selectors import matches
from clusters.reconcile.component import Controller, by_owner
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Emit, Write
from workloads.controllers.replicaset.claim import Writes, claim
from workloads.controllers.replicaset.members import Members, is_active
from workloads.controllers.replicaset.ranking import ranked
from workloads.controllers.replicaset.status import report

BURST = 500  # creations or deletions in one go
SAID_SINGLY = 9  # client-go's correlator combines an object's similar events from the tenth on
COMBINED = "(combined from similar events): "
_owners = by_owner("ReplicaSet")
Failing = Generator[Write, Body | Status | None, tuple[str, str] | None]


def interested(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The controlling ReplicaSet; for a pod that nobody controls, each one that would take it."""
    if new is None or controller_of(new) or not is_active(new):
        return _owners(new, old, view)
    could = view.list("replicasets", key_of(new).namespace)
    adopters = [key_of(rs) for rs in could if matches(rs["spec"]["selector"], labels_of(new))]
    return [*_owners(new, old, view), *adopters]


CONTROLLER = Controller("replicaset-controller", primary="replicasets", watches={"pods": interested}, cache=Members)


def reconcile(key: Key, view: View) -> Writes:
    """Claim pods, create or delete what is missing or too many, report."""
    rs = view.get("replicasets", key)
    if rs is None:
        return
    yield from claim(rs, view)
    failure = None
    if not is_deleting(rs):
        failure = yield from match_count(rs, view)
    yield from report(rs, failure, view.cache, view)


def match_count(rs: Body, view: View) -> Failing:
    """Bring the number of active pods to `spec.replicas`; gives (reason, message) of what went wrong."""
    have = sum(len(group.pods) for group in view.cache.of(uid_of(rs)))
    wanted = rs["spec"].get("replicas", 1)
    if have < wanted:
        return (yield from _create(rs, wanted - have, wanted))
    if have > wanted:
        return (yield from _delete(rs, have - wanted, wanted, view))
    return None


def _create(rs: Body, missing: int, wanted: int) -> Failing:
    why = f"{missing} of {wanted} replicas {'was' if missing == 1 else 'were'} missing."
    body, count = _made(rs), min(missing, BURST)
    for number in range(1, count + 1):
        pod = yield Create("pods", body, why=why)  # because of what woke us: the ReplicaSet, or a pod that went
        if isinstance(pod, Status):
            return (yield from _refused(rs, pod))
        assert pod is not None
        yield from _said(rs, "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}", number, count)
    return None


def _refused(rs: Body, status: Status) -> Failing:
    """A refusal by a namespace that is about to go is no failure: nobody wants the pod any more."""
    if any(cause.get("reason") == "NamespaceTerminating" for cause in status.details.get("causes") or ()):
        return None
    yield Emit(rs, "Warning", "FailedCreate", f"Error creating: {status.message}")
    return "FailedCreate", status.message


def _delete(rs: Body, surplus: int, wanted: int, view: View) -> Failing:
    pods = [pod for group in view.cache.of(uid_of(rs)) for pod in group.pods.values()]
    count = min(surplus, BURST)
    first = ranked(pods, _related(rs, view), view.now)[:count] if count < len(pods) else sorted(pods, key=key_of)
    why = f"{len(pods)} pods were there, {wanted} {'is' if wanted == 1 else 'are'} wanted."
    for number, pod in enumerate(first[:count], 1):
        answer = yield Delete("pods", pod, why=why)
        if isinstance(answer, Status) and answer.code != 404:
            yield Emit(rs, "Warning", "FailedDelete", f"Error deleting: {answer.message}")
            return "FailedDelete", answer.message
        yield from _said(rs, "SuccessfulDelete", f"Deleted pod: {pod['metadata']['name']}", number, count)
    return None


def _said(rs: Body, reason: str, message: str, number: int, count: int) -> Iterator[Emit]:
    if number <= SAID_SINGLY:
        yield Emit(rs, "Normal", reason, message)
    elif number == count:
        yield Emit(rs, "Normal", reason, COMBINED + message)


def _related(rs: Body, view: View) -> Counter[str]:
    """How many active pods of the same workload stand on each node: doubled up goes first."""
    owner = controller_of(rs)
    sets: Sequence[Body] = [rs]
    if owner:
        sets = [body for resource, body in view.dependents(owner["uid"]) if resource == "replicasets"]
    groups = [group for one in sets for group in view.cache.of(uid_of(one))]
    return Counter(pod["spec"].get("nodeName") or "" for group in groups for pod in group.pods.values())


def _made(rs: Body) -> Body:
    template = rs["spec"]["template"]
    given = template.get("metadata") or {}
    copied = {name: given[name] for name in ("labels", "annotations", "finalizers") if given.get(name)}
    home = {"generateName": f"{rs['metadata']['name']}-", "namespace": rs["metadata"]["namespace"]}
    metadata = {**home, **copied, "ownerReferences": [owner_reference(rs)]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
