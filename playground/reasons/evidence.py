"""What an answer may look at: objects as they are now, the log by object and by revision, a container's last words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from clusters.kinds.body import Body, is_deleting, uid_of
from clusters.reconcile.clock import Time


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the log: the object after the change, who made it, and the revision that made it necessary."""

    revision: int
    op: str
    resource: str
    namespace: str
    name: str
    actor: str
    cause: int  # 0: nothing made it necessary
    why: str
    at: Time
    body: Body

    @property
    def place(self) -> tuple[str, str, str]:
        return self.resource, self.namespace, self.name


class Evidence(Protocol):
    """A cluster as the reasons see it; the store, or in a test a Sim."""

    @property
    def now(self) -> Time: ...
    def get(self, resource: str, namespace: str, name: str) -> Body | None: ...
    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]: ...

    def events(self, uid: str) -> Sequence[Body]:
        """The Events about this very object, in order of their names."""

    def story(self, uid: str) -> Sequence[Moment]:
        """What the log still has of this very object, the oldest first; of a long story its beginning and its end."""

    def gone(self, resource: str, namespace: str, name: str) -> Moment | None:
        """The removal of the last object that had this name."""

    def every(self, resource: str) -> Sequence[Moment]:
        """What the log still has of a kind of which there are few (faults), the oldest first."""

    def moment(self, revision: int) -> Moment | None:
        """None where it was compacted."""

    def kept(self, resource: str, namespace: str, name: str) -> Moment | None:
        """A live object's last change, which is kept with it for good; `at` is 0 where nobody knows it any more."""

    def last_line(self, pod: Body, container: str, restart: int) -> str:
        """The last line that this run of the container wrote; "" for none."""


def before(evidence: Evidence, moment: Moment) -> Body | None:
    """The same object before this moment."""
    if moment.op == "ADDED":
        return None
    story = evidence.story(uid_of(moment.body))
    return next((one.body for one in reversed(story) if one.revision < moment.revision), None)


def born(evidence: Evidence, body: Body) -> Moment | None:
    """The moment at which this very object was made, while the log has it."""
    return next((one for one in evidence.story(uid_of(body)) if one.op == "ADDED"), None)


def asked_to_go(evidence: Evidence, body: Body) -> Moment | None:
    """The moment at which its deletion was asked for."""
    return next((one for one in evidence.story(uid_of(body)) if is_deleting(one.body) or one.op == "DELETED"), None)
