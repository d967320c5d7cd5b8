"""A StatefulSet with its members in hand: who they are by their ordinals (stateful_set_utils)."""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from clusters.kinds.body import Body, dig, is_deleting, labels_of
from clusters.kinds.problem import Status
from clusters.reconcile.view import View
from clusters.reconcile.writes import Write
from workloads.replicas.readiness import is_available, is_ready, phase
from workloads.replicas.revisions import POD_LABEL, History

MEMBER = re.compile(r"(.*)-([0-9]{1,9})")


class Then(Enum):
    """What follows upon one member: the next one, the next one unless they go in order, or nothing."""

    GO_ON = "go on"
    WAIT = "wait"
    STOP = "stop"


Turn = Generator[Write, Body | Status | None, Then]
Waiting = Generator[Write, Body | Status | None, bool]  # True: nothing more may be done now


@dataclass(frozen=True, slots=True)
class Ensemble:
    """`replicas` by ordinal, None where one lacks; `condemned` are those beyond the range, highest ordinal first."""

    sts: Body
    history: History
    current: Body
    replicas: Mapping[int, Body | None]
    condemned: Sequence[Body]
    view: View

    @property
    def pods(self) -> Sequence[Body]:
        """All members as they are now."""
        return self.view.owned(self.sts, "pods")

    @property
    def is_ordered(self) -> bool:
        """`podManagementPolicy: OrderedReady`: one at a time."""
        return bool(self.sts["spec"].get("podManagementPolicy") != "Parallel")

    @property
    def newest(self) -> str:
        """The name of the revision that members shall come to."""
        return str(self.history.current["metadata"]["name"])

    def is_available(self, pod: Body) -> bool:
        """Running, and ready for `minReadySeconds`."""
        return phase(pod) == "Running" and is_available(pod, self.sts, self.view.now)

    def works(self, pod: Body | None) -> bool:
        """Available and staying."""
        return pod is not None and self.is_available(pod) and not is_deleting(pod)


def gather(sts: Body, history: History, view: View) -> Ensemble:
    """Members by ordinal."""
    start = first_ordinal(sts)
    replicas: dict[int, Body | None] = dict.fromkeys(range(start, start + sts["spec"]["replicas"]))
    condemned = []
    for pod in view.owned(sts, "pods"):
        number = ordinal(pod)
        if number in replicas:
            replicas[number] = pod
        elif number >= 0:
            condemned.append(pod)
    condemned.sort(key=ordinal, reverse=True)
    current = history.named(dig(sts, "status.currentRevision", "")) or history.current
    return Ensemble(sts, history, current, replicas, condemned, view)


def first_ordinal(sts: Body) -> int:
    """`spec.ordinals.start`."""
    return int(dig(sts, "spec.ordinals.start", 0))


def ordinal(pod: Body) -> int:
    """The number at the end of its name; -1 where there is none."""
    found = MEMBER.fullmatch(pod["metadata"]["name"])
    return int(found[2]) if found else -1


def is_member(sts: Body, pod: Body) -> bool:
    """The pod's name is one that the set gives."""
    found = MEMBER.fullmatch(pod["metadata"]["name"])
    return bool(found and found[1] == sts["metadata"]["name"])


def revision_of(pod: Body) -> str:
    """The name of the ControllerRevision that it was made from."""
    return labels_of(pod).get(POD_LABEL, "")


def is_running_and_ready(pod: Body) -> bool:
    return phase(pod) == "Running" and is_ready(pod)
