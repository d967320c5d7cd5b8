"""Which pods go first when there are too many (Kubernetes: controller_utils, ActivePodsWithRanks)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cmp_to_key
from math import log2

from clusters.kinds.body import Body, annotations_of, dig, uid_of
from clusters.kinds.number import whole_number
from clusters.reconcile.clock import SECOND, Time, parse
from clusters.reconcile.conditions import condition_of

PHASES = {"Pending": 0, "Unknown": 1, "Running": 2}
DELETION_COST = "controller.kubernetes.io/pod-deletion-cost"
NANOSECONDS = 1_000


def ranked(pods: Sequence[Body], related: Counter[str], now: Time) -> list[Body]:
    """The pods, first to go first. `related` counts the workload's active pods on each node."""
    merits = [_Merit(pod, related, now) for pod in pods]
    merits.sort(key=cmp_to_key(_compare))
    return [merit.pod for merit in merits]


class _Merit:
    """What a pod is judged by, smallest goes first."""

    __slots__ = ("born", "first", "pod", "ready_since", "restarts", "uid")

    def __init__(self, pod: Body, related: Counter[str], now: Time) -> None:
        ready = condition_of(pod, "Ready")
        is_ready = ready is not None and ready["status"] == "True"
        node = dig(pod, "spec.nodeName", "")
        self.pod = pod
        self.uid = uid_of(pod)
        self.first = (bool(node), PHASES.get(dig(pod, "status.phase", ""), 0), is_ready, _cost(pod), -related[node])
        self.ready_since = _age_class(ready.get("lastTransitionTime") if ready and is_ready else None, now)
        self.restarts = tuple(-most for most in _restarts(pod))
        self.born = _age_class(pod["metadata"].get("creationTimestamp"), now)


def _compare(a: _Merit, b: _Merit) -> int:
    """Ready or born at different moments of the same order of magnitude counts as chance: the uid decides."""
    if a.first != b.first:
        return -1 if a.first < b.first else 1
    for mine, others in ((a.ready_since, b.ready_since), (a.born, b.born)):
        if mine != others:
            return (mine[0] - others[0]) or (-1 if a.uid < b.uid else 1)
        if mine is a.ready_since and a.restarts != b.restarts:
            return -1 if a.restarts < b.restarts else 1
    return 0


def _age_class(stamp: str | None, now: Time) -> tuple[int, str]:
    """(the logarithm of the age, the moment itself); the youngest is smallest."""
    if not stamp:
        return -2, ""
    age = (now // SECOND * SECOND - parse(stamp)) * NANOSECONDS
    return (int(log2(age)) if age > 0 else -1), stamp


def _cost(pod: Body) -> int:
    return whole_number(annotations_of(pod).get(DELETION_COST, "0").removeprefix("+")) or 0


def _restarts(pod: Body) -> tuple[int, int]:
    """The most restarts of a container, and of a sidecar."""
    sidecars = [c["name"] for c in dig(pod, "spec.initContainers") or () if c.get("restartPolicy") == "Always"]
    regular = [c.get("restartCount") or 0 for c in dig(pod, "status.containerStatuses") or ()]
    init = dig(pod, "status.initContainerStatuses") or ()
    return max(regular, default=0), max((c.get("restartCount") or 0 for c in init if c["name"] in sidecars), default=0)
