"""What stands out in the log: faults begin and end, rollouts, alarms (Kubernetes: NotReady, BackOff, Evicted). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusters.kinds.body import Body, controller_of, dig
from clusters.kinds.fault import missed
from clusters.reconcile.clock import SECOND, Time
from playground.timeline.line import plain
from playground.timeline.sentences.fault import is_done, said_of, sentence
from playground.timeline.sentences.node import readiness

Place = tuple[str, str, str]
Told = tuple[str, str, Place] | None  # the sort, the words, and whom they are about

# what marks are made from; of events only the first of a kind is a line that was ADDED
MARKED = ("faults", "replicasets", "controllerrevisions", "nodes", "events")
SYSTEM = "kube-system"
BREATH, KEPT = 10 * SECOND, 400

# reasons of events that are alarms: (types, what is said of the object)
ALARMS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "BackOff": (("Warning",), "crashes again and again"),
    "Failed": (("Warning",), "cannot start"),
    "Evicted": (("Warning", "Normal"), "was evicted"),
    "TaintManagerEviction": (("Normal",), "is evicted from its node"),
    "Preempted": (("Normal", "Warning"), "was preempted"),
    "FailedScheduling": (("Warning",), "finds no node"),
    "FailedMount": (("Warning",), "cannot mount a volume"),
    "OOMKilling": (("Warning",), "ran out of memory"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """`sort`: fault, rollout or alarm. `about`: the object's resource, namespace and name.

    `instead`: what was marked of it last is not true.
    """

    revision: int
    at: Time
    sort: str
    words: str
    about: Place
    instead: bool = False


class Marker:
    """Feed it the log's lines of MARKED in order: a node's line is an alarm only by the line before it."""

    def __init__(self) -> None:
        self._ready: dict[str, str] = {}
        self._over: dict[str, None] = {}  # faults whose time was over before they were deleted
        self._missed: dict[str, None] = {}  # faults that hit nobody
        self._alarms: dict[tuple[str, Place], Time] = {}  # when each was told last

    def mark(self, revision: int, at: Time, op: str, resource: str, body: Body) -> Mark | None:
        metadata = body["metadata"]
        about = (resource, metadata.get("namespace") or "", metadata["name"])
        found = self._told(op, resource, body, about)
        if found is None or (found[0] == "alarm" and self._is_again(found[1], found[2], at)):
            return None
        return Mark(revision, at, *found, found[0] == "fault" and op == "MODIFIED" and about[2] in self._missed)

    def _is_again(self, words: str, about: Place, at: Time) -> bool:
        """The same in one breath: several events tell of one failure."""
        last, self._alarms[words, about] = self._alarms.get((words, about)), at
        if len(self._alarms) > KEPT:
            del self._alarms[next(iter(self._alarms))]
        return last is not None and at - last < BREATH

    def _told(self, op: str, resource: str, body: Body, about: Place) -> Told:
        if resource == "faults":
            return self._fault(op, body, about)
        if resource == "nodes":
            return self._node(op, body, about)
        if op != "ADDED" or about[1] == SYSTEM:
            return None
        return event(body) if resource == "events" else rollout(body, about)

    def _fault(self, op: str, body: Body, about: Place) -> Told:
        """What it does, that it hits nobody, or that it is over: by its deletion, or because its time was."""
        type_, (began, ended), name = dig(body, "spec.type", ""), said_of(body), about[2]
        if op == "DELETED":
            is_told = name in self._over or name in self._missed
            self._over.pop(name, None)
            self._missed.pop(name, None)
            return ("fault", f"{type_} is over: {plainly(ended, body)}", about) if ended and not is_told else None
        if why := missed(body):
            known_already = name in self._missed
            self._missed[name] = None
            return None if known_already else ("fault", f"{type_} hits nobody: {plain(why)}", about)
        if op == "ADDED" or (name in self._missed and not is_done(body)):
            self._missed.pop(name, None)
            return "fault", f"{type_}: {plainly(began, body)}", about
        if not is_done(body) or name in self._over:
            return None
        self._over[name] = None
        return ("fault", f"{type_} is over: {plainly(ended, body)}", about) if ended else None

    def _node(self, op: str, body: Body, about: Place) -> Told:
        name, now = about[2], "" if op == "DELETED" else readiness(body)
        was, self._ready[name] = self._ready.get(name, ""), now
        if op == "DELETED":
            del self._ready[name]
            return None
        return ("alarm", f"{name} is NotReady", about) if was == "True" and now != "True" else None


def plainly(words: str, body: Body) -> str:
    return "".join(map(str, sentence(words, body)))


def rollout(body: Body, about: Place) -> Told:
    """A new ReplicaSet of a Deployment, a new revision of a StatefulSet or DaemonSet."""
    owner = controller_of(body)
    if owner is None:
        return None
    return "rollout", f"{owner['name']} rolls out {about[2]}", (f"{owner['kind'].lower()}s", about[1], owner["name"])


def event(body: Body) -> Told:
    types, words = ALARMS.get(str(body.get("reason")), ((), ""))
    object_ = body.get("involvedObject") or body.get("regarding") or {}
    if body.get("type") not in types or object_.get("namespace") == SYSTEM or "Cancelling" in str(body.get("message")):
        return None
    plural = f"{str(object_.get('kind')).lower()}s"
    return (
        "alarm",
        f"{object_.get('name')} {words}",
        (plural, object_.get("namespace") or "", object_.get("name") or ""),
    )
