"""The Deployment's current ReplicaSet: found, numbered, or made (deployment: sync.go, getNewReplicaSet)."""

from __future__ import annotations

from clusters.kinds.body import Body, annotations_of, controller_of, is_deleting, key_of, put, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.conditions import find
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Emit, Update
from workloads.controllers.deployment.limits import is_rolling, max_surge, wanted
from workloads.controllers.deployment.progress import has_deadline, set_condition
from workloads.controllers.deployment.revision import REVISION, annotated, next_revision, revision
from workloads.controllers.deployment.rollout import Rollout, Writes, actual, size
from workloads.controllers.deployment.template import fitting, replicaset_for

MOST_COLLISIONS = 10


def gather(deployment: Body, view: View) -> Rollout:
    """The Deployment with its ReplicaSets, sorted into the current one and old ones."""
    sets = view.owned(deployment, "replicasets")
    new = fitting(deployment, sets)
    olds = [rs for rs in sets if new is None or uid_of(rs) != uid_of(new)]
    status = deployment.get("status") or {}
    return Rollout(deployment, olds, new, view, status.get("conditions") or (), status.get("collisionCount") or 0)


def number_newest(rollout: Rollout) -> Writes:
    """Give the current ReplicaSet the latest revision, so that an undo counts up; tell the Deployment its number."""
    if rollout.new is None:
        return
    deployment = rollout.deployment
    numbered = annotated(rollout.new, deployment, next_revision(rollout.olds))
    if (numbered["spec"].get("minReadySeconds") or 0) != (deployment["spec"].get("minReadySeconds") or 0):
        numbered = put(numbered, "spec.minReadySeconds", deployment["spec"].get("minReadySeconds") or 0)
    if numbered is not rollout.new:
        answer = yield Update("replicasets", numbered, because=deployment)
        rollout.replace(answer if isinstance(answer, dict) else numbered)
    if has_deadline(deployment) and find(rollout.conditions, "Progressing") is None:
        name = rollout.new["metadata"]["name"]
        _progressing(rollout, "True", "FoundNewReplicaSet", f'Found new replica set "{name}"')
    yield from _tell_revision(rollout)


def make_newest(rollout: Rollout) -> Writes:
    """Create the current ReplicaSet where there is none."""
    if rollout.new is not None:
        return
    number, count = next_revision(rollout.olds), first_size(rollout)
    for _ in range(MOST_COLLISIONS):
        wished = annotated(replicaset_for(rollout.deployment, rollout.collisions, count), rollout.deployment, number)
        answer = yield Create("replicasets", wished, because=rollout.deployment, why=f"Revision {number} needs it.")
        if not (isinstance(answer, Status) and answer.reason == "AlreadyExists"):
            break
        if _adopt_namesake(rollout, wished):
            return
        rollout.collisions += 1
    if not isinstance(answer, dict):
        yield from _refused(rollout, answer)
        return
    rollout.new = answer
    yield from _announce(rollout, answer, count)


def first_size(rollout: Rollout) -> int:
    """How large the current ReplicaSet may be now, given all others."""
    total, now = wanted(rollout.deployment), size(rollout.new) if rollout.new else 0
    if not is_rolling(rollout.deployment):
        return total
    # a set that was just made smaller still has its pods: counting wishes alone would let more exist than allowed
    room = total + max_surge(rollout.deployment) - sum(max(size(rs), actual(rs)) for rs in rollout.sets)
    return now if room <= 0 else now + min(room, total - now)


def _adopt_namesake(rollout: Rollout, wished: Body) -> bool:
    """The name is taken: by this very ReplicaSet, or by another one whose hash happens to be the same."""
    known = rollout.view.get("replicasets", key_of(wished))
    owner = controller_of(known) if known else None
    if known is None or owner is None or owner["uid"] != uid_of(rollout.deployment) or is_deleting(known):
        return False
    if fitting(rollout.deployment, [known]) is None:
        return False
    rollout.new = known
    return True


def _announce(rollout: Rollout, made: Body, count: int) -> Writes:
    name, deployment = made["metadata"]["name"], rollout.deployment
    if count > 0:
        told = f"Scaled up replica set {name} from 0 to {count}"
        yield Emit(deployment, "Normal", "ScalingReplicaSet", told, because=deployment)
    if has_deadline(deployment):
        _progressing(rollout, "True", "NewReplicaSetCreated", f'Created new replica set "{name}"')
    yield from _tell_revision(rollout)


def _refused(rollout: Rollout, status: Status | None) -> Writes:
    message = status.message if status else ""
    causes = status.details.get("causes") or () if status else ()
    if any(cause.get("reason") == "NamespaceTerminating" for cause in causes):
        return
    name = replicaset_for(rollout.deployment, rollout.collisions, 0)["metadata"]["name"]
    told = f'Failed to create new replica set "{name}": {message}'
    if has_deadline(rollout.deployment):
        _progressing(rollout, "False", "ReplicaSetCreateError", told)
    rollout.retry = True
    yield Emit(rollout.deployment, "Warning", "ReplicaSetCreateError", told, because=rollout.deployment)


def _tell_revision(rollout: Rollout) -> Writes:
    deployment = rollout.deployment
    assert rollout.new is not None
    if revision(deployment) == revision(rollout.new):
        return
    noted = {**annotations_of(deployment), REVISION: str(revision(rollout.new))}
    answer = yield Update("deployments", put(deployment, "metadata.annotations", noted), because=rollout.new)
    if isinstance(answer, dict):
        rollout.deployment = answer


def _progressing(rollout: Rollout, status: str, reason: str, message: str) -> None:
    rollout.conditions = set_condition(rollout.conditions, "Progressing", status, reason, message, rollout.view.now)
