"""The shape of an answer: a short chain of causes, and the figures behind it. Pure data; a template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from clusters.reconcile.clock import Time, rfc3339
from playground.reasons.glossary import Term, term
from playground.timeline.line import Name

MOST = 5


@dataclass(frozen=True, slots=True)
class Spelt:
    """A word in which some letters are marked: those by which it differs from another."""

    parts: tuple[tuple[str, bool], ...]  # (letters, are they the difference)

    def __str__(self) -> str:
        return "".join(letters for letters, _ in self.parts)


@dataclass(frozen=True, slots=True)
class Code:
    """A field, a label, a command: as one would type it."""

    code: str

    def __str__(self) -> str:
        return self.code


Words = tuple["str | Name | Spelt | Code", ...]


@dataclass(frozen=True, slots=True)
class Link:
    """One cause. `revision` and `at` say when, `lookup` what to look up in the glossary, `field` where to mend it."""

    words: Words
    revision: int = 0
    at: Time = 0
    lookup: str = ""
    tone: str = ""
    actor: str = ""
    field: str = ""

    @property
    def clock(self) -> str:
        return rfc3339(self.at)[11:19] if self.at else ""

    @property
    def term(self) -> Term | None:
        return term(self.lookup) if self.lookup else None

    def __str__(self) -> str:
        return "".join(str(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of a table: what it is, its value, and whether it is the one that matters."""

    label: str
    words: Words
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The arithmetic behind an answer. `due`: cluster time at which something happens (a ring counts down to it)."""

    title: str
    rows: tuple[Row, ...]
    due: Time = 0
    lasts: Time = 0  # the whole wait that ends at `due`


@dataclass(frozen=True, slots=True)
class Answer:
    """A question, its chain from what one sees to what began it, and figures."""

    question: str
    links: tuple[Link, ...]
    figures: tuple[Figures, ...] = ()
    urgent: bool = False  # something is wrong, or held up
    slug: str = ""


def figures(title: str, *rows: tuple[str, object] | tuple[str, object, str], due: Time = 0, lasts: Time = 0) -> Figures:
    made = (Row(row[0], _words(row[1]), row[2] if len(row) > 2 else "") for row in rows)
    return Figures(title, tuple(made), due, lasts)


def _words(value: object) -> Words:
    return value if isinstance(value, tuple) else (value if isinstance(value, Name | Spelt | Code) else str(value),)


def _dated(links: Sequence[Link]) -> tuple[Link, ...]:
    """A field has stood there since the write at which the chain ends, where no other moment of it is known.

    What else has no moment of its own has that of what it explains, or of what explains it.
    """
    root = links[-1]
    wrote = root if not root.tone else Link(())  # a deletion or a fault wrote no field
    dated: list[Link] = []
    for place, link in enumerate(links):
        near = (wrote if link.field else Link(()), *reversed(dated), *links[place:])
        of = next((one for one in near if one.at), link)
        dated.append(link if link.at else replace(link, at=of.at, revision=of.revision))
    return tuple(dated)


def answer(question: str, links: Sequence[Link], *more: Figures | None, urgent: bool = True) -> Answer:
    """Of a chain that is too long the middle is left out: what one sees and what began it stay."""
    chain = _dated(links)
    if len(chain) > MOST:
        chain = (*chain[: MOST - 2], *chain[-2:])
    return Answer(question, chain, tuple(one for one in more if one is not None), urgent)
