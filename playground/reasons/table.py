"""The scheduler's weighing as a table for people: nodes as rows, plugins as columns. Pure data; a template draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.reconcile.clock import rfc3339
from playground.reasons.decision import Weighed
from workloads.scheduler.explain import Explanation, Row
from workloads.scheduler.framework import Victims
from workloads.scheduler.profiles import DEFAULT

MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Mark:
    """One plugin's word on one node. `tone` is "yes", "no", "points" or "" (it was not asked)."""

    plugin: str
    word: str
    tone: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One node."""

    node: str
    verdict: str
    tone: str  # "chosen", "fits", "no"
    filters: Sequence[Mark]
    scores: Sequence[Mark]
    total: str

    @property
    def reasons(self) -> Sequence[Mark]:
        return [mark for mark in self.filters if mark.reason]


@dataclass(frozen=True, slots=True)
class Going:
    """A node that can be made free, and what that costs."""

    node: str
    pods: Sequence[str]
    broken: int
    highest: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Weighing:
    """All of it. `told` alone where there is nothing to show."""

    told: str
    when: str = ""
    revision: int = 0
    filters: Sequence[tuple[str, str]] = ()  # (name, what it asks)
    scores: Sequence[tuple[str, str]] = ()  # (name, its weight)
    lines: Sequence[Line] = ()
    more: str = ""
    silent: Sequence[str] = ()
    goings: Sequence[Going] = ()
    doubt: str = ""


def weighing(found: Weighed) -> Weighing:
    made = found.explanation
    if made is None:
        return Weighing(found.told)
    chosen = found.chosen or ""
    rows = sorted(
        made.rows, key=lambda row: (row.node != chosen, not row.fits, bool(row.skipped), -row.total, row.node)
    )
    left = len(rows) - MOST_ROWS
    return Weighing(
        _says(made, found),
        rfc3339(found.at)[11:19],
        found.revision,
        [(name, _spaced(name)) for name in made.checked],
        [(_spaced(name), _weight(made, name)) for name in made.rated],
        [_line(row, made, chosen) for row in rows[:MOST_ROWS]],
        f"{counted(left, 'more node')} not shown." if left > 0 else "",
        [plugin.name for plugin in DEFAULT.filters if plugin.name not in made.checked],
        _goings(made),
        _doubt(made, chosen),
    )


def counted(number: int, one: str) -> str:
    return f"{number} {one if number == 1 else one + 's'}"


def _says(made: Explanation, found: Weighed) -> str:
    fitting = [row for row in made.rows if row.fits and not row.skipped]
    if not found.chosen:
        if made.chosen:
            return f"Nothing keeps it from {made.chosen}: it is about to be tried again."
        going = made.remedy.victims
        if going is not None:
            return f"{made.message} {_leave(going)} for this more important pod."
        return made.message
    if len(fitting) == 1:
        return f"{found.chosen} was the only one of {counted(len(made.rows), 'node')} on which it may run."
    most = (
        f"{found.chosen} had the most points of the {len(fitting)} on which it may run, out of {len(made.rows)} nodes."
    )
    others = len(made.best) - 1
    if others and not _doubt(made, found.chosen):
        most += f" {counted(others, 'other')} had as many: chance decided."
    return most


def _leave(going: Victims) -> str:
    return f"On {going.node} {counted(len(going.pods), 'pod')} had to go"


def _doubt(made: Explanation, chosen: str) -> str:
    if not chosen or made.chosen == chosen:
        return ""
    return "Somebody wrote to the cluster while the scheduler decided: what it saw was slightly different from this."


def _line(row: Row, made: Explanation, chosen: str) -> Line:
    filters = [_filter(name, row) for name in made.checked]
    named = {mark.plugin for mark in filters}
    filters += [_filter(name, row) for name in row.refused if name not in named]
    scores = [
        Mark(name, str(row.scores[name]), "points") if name in row.scores else Mark(name, "–", "")
        for name in made.rated
    ]
    is_scored = row.fits and not row.skipped
    is_chosen = row.node == chosen
    verdict = "chosen" if is_chosen else "may run here" if row.fits else "no"
    return Line(
        row.node,
        row.skipped or verdict,
        "chosen" if is_chosen else "fits" if row.fits else "no",
        filters,
        scores,
        str(row.total) if is_scored else "–",
    )


def _filter(name: str, row: Row) -> Mark:
    reasons = row.refused.get(name)
    return Mark(name, "no", "no", ", ".join(reasons)) if reasons else Mark(name, "yes", "yes")


def _weight(made: Explanation, name: str) -> str:
    weight = made.weights.get(name, 1)
    return f"× {weight}" if weight != 1 else ""


def _goings(made: Explanation) -> Sequence[Going]:
    best = made.remedy.victims
    return [_going(one, best) for one in made.remedy.candidates]


def _going(victims: Victims, best: Victims | None) -> Going:
    highest = max((pod.priority for pod in victims.pods), default=0)
    names = [str(pod.key) for pod in victims.pods]
    return Going(victims.node, names, victims.violations, highest, best is not None and best.node == victims.node)


def _spaced(name: str) -> str:
    """`NodeResourcesFit` with places where a line may break."""
    return "".join(f"\u200b{letter}" if letter.isupper() else letter for letter in name).lstrip("\u200b")
