"""What a component may ask for. Each write names the object that made it necessary (the change log's cause)."""

from __future__ import annotations

from dataclasses import dataclass

from clusters.kinds.body import Body, put
from clusters.reconcile.clock import Time


@dataclass(frozen=True, slots=True)
class Create:
    """A new object. Yielding it answers with the object as it was admitted, or with the Status that refused it."""

    resource: str
    body: Body
    because: Body | None = None
    why: str = ""  # one sentence for the log: "1 of 3 replicas was missing."


@dataclass(frozen=True, slots=True)
class Update:
    """The whole object as it shall be. `subresource` "status" may write status only, "" everything but status."""

    resource: str
    body: Body
    because: Body | None = None
    why: str = ""
    subresource: str = ""


def SetStatus(resource: str, body: Body, status: Body, because: Body | None = None, why: str = "") -> Update:  # noqa: N802
    """An update of the object's status alone."""
    return Update(resource, put(body, "status", status), because, why, "status")


@dataclass(frozen=True, slots=True)
class Delete:
    """A deletion as the API does it: with grace, finalizers and a propagation policy. `grace` 0 removes at once."""

    resource: str
    body: Body
    because: Body | None = None
    why: str = ""
    grace: int | None = None  # seconds
    propagation: str = ""  # "Background", "Foreground", "Orphan"; "": the kind's own default


@dataclass(frozen=True, slots=True)
class Emit:
    """An Event about an object. The same one again counts up (`count`, `lastTimestamp`) instead of standing twice."""

    about: Body
    type: str  # "Normal" or "Warning"
    reason: str
    message: str
    because: Body | None = None
    field_path: str = ""  # involvedObject.fieldPath, e.g. spec.containers{web}
    component: str = ""  # source.component; "": the actor's


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Reconcile this key again at that time, unless something makes it due sooner. One timer a key: the soonest."""

    at: Time


@dataclass(frozen=True, slots=True)
class Output:
    """What a container wrote: lines of its log. Output, not state: it takes no revision."""

    owner: str  # the pod's uid
    container: str
    restart: int
    lines: tuple[tuple[Time, str, str], ...]  # (when, "stdout" or "stderr", one line or a part of one)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to whoever waits outside, sent once everything written before it is durable."""

    to: str
    data: Body


Write = Create | Update | Delete | Emit | LookAgain | Output | Reply
