"""The order of a merged list: what the writer named, in the writer's order, among what only the server has."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any


def interleaved(items: Mapping[Hashable, Any], server: Sequence[Hashable], wanted: Sequence[Hashable]) -> list[Any]:
    """The items by the order of `wanted`; those that only the server has stay where they stood against the others."""
    places = {key: place for place, key in enumerate(server)}
    named = dict.fromkeys(wanted)
    ours = [key for key in named if key in items]
    theirs = [key for key in items if key not in named]
    found = []
    while ours or theirs:
        if ours and (not theirs or _stood_before(ours[0], theirs[0], places)):
            found.append(ours.pop(0))
        else:
            found.append(theirs.pop(0))
    return [items[key] for key in found]


def _stood_before(one: Hashable, other: Hashable, places: Mapping[Hashable, int]) -> bool:
    return one in places and other in places and places[one] < places[other]
