"""One thing that happened: a change as the log has it, with the object before it, and the sentence that tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from clusters.kinds.body import Body, Key, key_of
from clusters.reconcile.clock import Time, rfc3339


@dataclass(frozen=True, slots=True)
class Name:
    """An object's name in a sentence; the page makes it lead to the object."""

    plural: str
    namespace: str
    name: str

    @property
    def path(self) -> str:
        return f"inspect/{self.plural}/{self.namespace or '_'}/{self.name}/"

    @property
    def why(self) -> str:
        return f"why/{self.plural}/{self.namespace or '_'}/{self.name}/"

    def __str__(self) -> str:
        return self.name


Sentence = tuple["str | Name", ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """`before` is None for what was made, and where nothing earlier is known."""

    op: str  # ADDED, MODIFIED, DELETED
    resource: str
    after: Body
    before: Body | None
    actor: str
    why: str = ""

    @property
    def name(self) -> Name:
        key: Key = key_of(self.after)
        return Name(self.resource, key.namespace, key.name)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence with its place in the log. `tone` is a state's word for its colour, "" for what is quiet.

    `of`: the owner of whom it is about. One that stands for many alike has the number of its `run` (its first
    revision), how many `several` it stands for, the time of the first, some of those that it is about, and how many
    `more` there are.
    """

    revision: int
    at: Time
    actor: str
    sentence: Sentence
    tone: str = ""
    of: str = ""
    run: int = 0
    since: Time = 0
    among: tuple[Name, ...] = ()
    more: int = 0
    several: int = 0

    @property
    def by_person(self) -> bool:
        return not MACHINERY.fullmatch(self.actor)

    def __str__(self) -> str:
        text = "".join(str(part) for part in self.sentence)
        return f"{self.actor} {text}" if self.led_by_actor else text

    @property
    def clock(self) -> str:
        """The time of day in the cluster."""
        return rfc3339(self.at)[11:19]

    @property
    def began(self) -> str:
        """When a run's first was, where that is another second."""
        began = rfc3339(self.since)[11:19] if self.since else ""
        return began if began != self.clock else ""

    @property
    def led_by_actor(self) -> bool:
        """A sentence that begins with a verb has the actor before it; one that begins with a name stands alone."""
        return isinstance(self.sentence[0], str) and not self.sentence[0][:1].isdigit()


MACHINERY = re.compile(
    r"system:.*|kubelet/.*|kube-proxy.*|.*-controller|.*-scheduler|.*-provisioner|.*-collector|.*-autoscaler|podium"
)


def plain(text: str) -> str:
    """A reason from the log, as it stands behind a colon: without its own full stop."""
    return text.strip().rstrip(".")


def because(text: str) -> str:
    return f": {lowered(plain(text))}" if text else ""


def lowered(text: str) -> str:
    """A sentence's first letter small, unless it begins with a name or a number."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if first == "A" or (first.isalpha() and first[1:].islower()) else text
