"""As many active pods as `spec.replicas` says (Kubernetes: ReplicaSet and ReplicationController, which share it)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from clusters.kinds.body import Body, Key, controller_of, is_deleting, key_of, uid_of
from clusters.reconcile.view import View
from workloads.replicas.claim import Writes, claim
from workloads.replicas.making import Failing, create, delete, pod_from
from workloads.replicas.members import Members
from workloads.replicas.ranking import ranked
from workloads.replicas.tally import report

BURST = 500  # creations or deletions in one go


def keep(plural: str, key: Key, view: View) -> Writes:
    """Claim pods, create or delete what is missing or too many, report."""
    owner = view.get(plural, key)
    if owner is None:
        return
    yield from claim(owner, view)
    failure = None
    if not is_deleting(owner):
        failure = yield from _match_count(owner, plural, view)
    yield from report(owner, plural, failure, view)


def _match_count(owner: Body, plural: str, view: View) -> Failing:
    """Bring the number of active pods to `spec.replicas`; gives (reason, message) of what went wrong."""
    have = sum(len(group.pods) for group in view.derived(Members).of(uid_of(owner)))
    wanted = owner["spec"].get("replicas", 1)
    missing, surplus = min(wanted - have, BURST), min(have - wanted, BURST)
    if missing > 0:
        why = f"{wanted - have} of {wanted} replicas {'was' if wanted - have == 1 else 'were'} missing."
        return (yield from create(owner, [pod_from(owner, owner["spec"]["template"])] * missing, why))
    if surplus > 0:
        why = f"{have} pods were there, {wanted} {'is' if wanted == 1 else 'are'} wanted."
        return (yield from delete(owner, _surplus(owner, plural, surplus, view), why))
    return None


def _surplus(owner: Body, plural: str, count: int, view: View) -> Sequence[Body]:
    """Those that go first."""
    pods = [pod for group in view.derived(Members).of(uid_of(owner)) for pod in group.pods.values()]
    if count == len(pods):
        return sorted(pods, key=key_of)
    return ranked(pods, _related(owner, plural, view), view.now)[:count]


def _related(owner: Body, plural: str, view: View) -> Counter[str]:
    """How many active pods of the same workload stand on each node: doubled up goes first."""
    above = controller_of(owner)
    sets: Sequence[Body] = [owner]
    if above:
        sets = [body for resource, body in view.dependents(above["uid"]) if resource == plural]
    groups = [group for one in sets for group in view.derived(Members).of(uid_of(one))]
    return Counter(pod["spec"].get("nodeName") or "" for group in groups for pod in group.pods.values())
