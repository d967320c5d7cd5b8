"""The shape of what an object's page says in plain words. Pure data; a template draws it."""

from __future__ import annotations

from dataclasses import dataclass

from clusters.kinds.body import Body
from playground.timeline.line import Name

Ref = Name  # on an object's page as in the feed: a name that leads to the object
Words = tuple["str | Ref", ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a label and what stands behind it."""

    label: str
    words: Words
    mono: bool = False


@dataclass(frozen=True, slots=True)
class Ink:
    """One thing in three inks: what is wanted, what is believed, what is true. "" where an ink has nothing to say."""

    what: str
    wanted: str
    believed: str
    true: str

    @property
    def differs(self) -> bool:
        said = [ink for ink in (self.wanted, self.believed, self.true) if ink]
        return any(ink != said[0] for ink in said)


@dataclass(frozen=True, slots=True)
class Cell:
    """A field of a table; `tone` is a state's word for its colour, "" for none."""

    words: Words
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A small table. `empty` is said where there are no rows, `below` under them. `grid`: each row is headed, too."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    below: str = ""
    grid: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """What an object is and how it fares."""

    says: Words
    inks: tuple[Ink, ...] = ()
    facts: tuple[Fact, ...] = ()
    tables: tuple[Table, ...] = ()


def cell(text: object, tone: str = "") -> Cell:
    return Cell((str(text),), tone)


def linked(plural: str, namespace: str, name: str) -> Cell:
    return Cell((Ref(plural, namespace, name),))


def fact(label: str, *words: str | Ref, mono: bool = False) -> Fact:
    return Fact(label, words, mono)


def counted(number: int, one: str, many: str = "") -> str:
    """`1 pod`, `3 pods`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def pod_ref(pod: Body) -> Ref:
    return Ref("pods", pod["metadata"]["namespace"], pod["metadata"]["name"])
