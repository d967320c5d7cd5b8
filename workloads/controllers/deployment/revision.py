"""Which revision a ReplicaSet is, and what it remembers of its Deployment (Kubernetes: rollout history)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from clusters.kinds.body import Body, annotations_of, put
from clusters.kinds.number import whole_number
from workloads.controllers.deployment.rollout import DESIRED, MOST

REVISION = "deployment.kubernetes.io/revision"
HISTORY = "deployment.kubernetes.io/revision-history"
HISTORY_CHARACTERS = 2000
# what belongs to one object and is not handed down from a Deployment
OWN = (
    "kubectl.kubernetes.io/last-applied-configuration",
    REVISION,
    HISTORY,
    DESIRED,
    MOST,
    "deprecated.deployment.rollback.to",
)


def revision(body: Body) -> int:
    """The number in the annotation; 0 where there is none."""
    return max(0, whole_number(annotations_of(body).get(REVISION, "")) or 0)


def next_revision(olds: Iterable[Body]) -> int:
    return max((revision(rs) for rs in olds), default=0) + 1


def annotated(rs: Body, deployment: Body, number: int) -> Body:
    """The ReplicaSet as this revision of the Deployment; itself when it already is."""
    before = annotations_of(rs)
    handed = {name: value for name, value in annotations_of(deployment).items() if name not in OWN}
    after = {**before, **handed, **_numbered(before, number)}
    return rs if after == before else put(rs, "metadata.annotations", after)


def _numbered(before: Mapping[str, str], number: int) -> dict[str, str]:
    stated = before.get(REVISION, "")
    old = whole_number(stated) or 0
    if old >= number:
        return {}
    if not stated:
        return {REVISION: str(number)}
    return {REVISION: str(number), HISTORY: _history(before.get(HISTORY, ""), stated)}


def _history(known: str, stated: str) -> str:
    past = [*known.split(","), stated] if known else [stated]
    while len(past) > 1 and len(",".join(past)) > HISTORY_CHARACTERS:
        past = past[1:]
    return ",".join(past)
