"""Completion indexes as a Job writes them down: `1,3-5,7` (Kubernetes: Indexed Jobs, completedIndexes)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from clusters.kinds.body import Body, annotations_of, labels_of
from clusters.kinds.number import whole_number

LABEL = "batch.kubernetes.io/job-completion-index"  # an annotation and a label of the pod
_RANGE = re.compile(r"(\d+)(?:-(\d+))?")


class NotIndexes(ValueError):
    """The text does not name indexes; the sentence says why."""


def index_of(pod: Body) -> int | None:
    """Which completion this pod works on; None where it does not say."""
    stated = annotations_of(pod).get(LABEL) or labels_of(pod).get(LABEL) or ""
    found = whole_number(stated)
    return found if found is not None and found >= 0 else None


def parsed(text: str, completions: int) -> list[range]:
    """The ranges, ascending. Raises NotIndexes for what is not ordered, overlaps or is beyond the last index."""
    found: list[range] = []
    for part in text.split(",") if text else ():
        shape = _RANGE.fullmatch(part)
        if not shape:
            raise NotIndexes(f'cannot convert string to integer for index: "{part.partition("-")[0]}"')
        first, last = int(shape[1]), int(shape[2] or shape[1])
        if last >= completions or first >= completions:
            raise NotIndexes(f'too large index: "{shape[2] or shape[1]}"')
        if last < first or (shape[2] and last == first):
            raise NotIndexes(f"non-increasing order, previous: {first}, current: {last}")
        if found and first < found[-1].stop:
            raise NotIndexes(f"non-increasing order, previous: {found[-1].stop - 1}, current: {first}")
        found.append(range(first, last + 1))
    return found


def known(text: str, completions: int) -> set[int]:
    """The indexes of a Job's own status: only to ask whether one is in it. What is out of range now is left out."""
    found: set[int] = set()
    for part in text.split(",") if text else ():
        shape = _RANGE.fullmatch(part)
        if shape:
            found.update(range(int(shape[1]), min(int(shape[2] or shape[1]) + 1, completions)))
    return found


def shown(indexes: Iterable[int]) -> str:
    """Three and more in a row as a range, as two numbers with a dash; two in a row with a comma."""
    parts: list[str] = []
    for run in _runs(sorted(indexes)):
        first, last = run[0], run[-1]
        parts.append(str(first) if first == last else f"{first}{'-' if last - first > 1 else ','}{last}")
    return ",".join(parts)


def _runs(ordered: Sequence[int]) -> list[list[int]]:
    found: list[list[int]] = []
    for index in ordered:
        if found and index == found[-1][-1] + 1:
            found[-1].append(index)
        else:
            found.append([index])
    return found
