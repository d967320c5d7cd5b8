"""What stands out in the log: faults begin and end, rollouts, alarms (Kubernetes: NotReady, BackOff, Evicted). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusters.kinds.body import Body, controller_of, dig
from clusters.reconcile.clock import Time
from playground.timeline.sentences.fault import is_done, said_of, sentence
from playground.timeline.sentences.node import readiness

Place = tuple[str, str, str]
Told = tuple[str, str, Place] | None  # the sort, the words, and whom they are about

# what marks are made from; of events only the first of a kind is a line that was ADDED
MARKED = ("faults", "replicasets", "controllerrevisions", "nodes", "events")
SYSTEM = "kube-system"

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
    """`sort`: fault, rollout or alarm. `about`: the object's resource, namespace and name."""

    revision: int
    at: Time
    sort: str
    words: str
    about: Place


class Marker:
    """Feed it the log's lines of MARKED in order: a node's line is an alarm only by the line before it."""

    def __init__(self) -> None:
        self._ready: dict[str, str] = {}
        self._over: dict[str, None] = {}  # faults whose time was over before they were deleted

    def mark(self, revision: int, at: Time, op: str, resource: str, body: Body) -> Mark | None:
        metadata = body["metadata"]
        about = (resource, metadata.get("namespace") or "", metadata["name"])
        found = self._told(op, resource, body, about)
        return None if found is None else Mark(revision, at, *found)

    def _told(self, op: str, resource: str, body: Body, about: Place) -> Told:
        if resource == "faults":
            return self._fault(op, body, about)
        if resource == "nodes":
            return self._node(op, body, about)
        if op != "ADDED" or about[1] == SYSTEM:
            return None
        return event(body) if resource == "events" else rollout(body, about)

    def _fault(self, op: str, body: Body, about: Place) -> Told:
        """What it does, or is over: by its deletion, or because its time was."""
        type_, (began, ended) = dig(body, "spec.type", ""), said_of(body)
        if op == "ADDED":
            return "fault", f"{type_}: {plainly(began, body)}", about
        known = about[2] in self._over
        if op == "DELETED":
            self._over.pop(about[2], None)
        elif not is_done(body):
            return None
        else:
            self._over[about[2]] = None
        return ("fault", f"{type_} is over: {plainly(ended, body)}", about) if ended and not known else None

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
