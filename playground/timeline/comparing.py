"""Two moments side by side: which objects came, which went, and what became otherwise in the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body, key_of
from clusters.models import Cluster
from clusters.store.past import lines_at, read
from clusters.store.snapshots import Living, living_at
from playground.timeline.differences import Difference, differences
from playground.timeline.line import Name

QUIET = ("leases", "events")  # renewals and words: no state that anybody compares
MOST = 200


@dataclass(frozen=True, slots=True)
class Other:
    """An object that is there at both moments, and not the same."""

    name: Name
    kind: str
    changed: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`more`: how many changed objects are not listed."""

    came: Sequence[tuple[str, Name]]
    went: Sequence[tuple[str, Name]]
    changed: Sequence[Other]
    more: int


def compare(cluster: Cluster, first: int, second: int) -> Comparison:
    """From the earlier of the two revisions to the later one."""
    early, late = sorted((first, second))
    served = [kind.plural for kind in kinds().values() if kind.served and kind.plural not in QUIET]
    before, after = living_at(cluster.pk, early, served), living_at(cluster.pk, late, served)
    old, new = _only(cluster, before, after), _only(cluster, after, before)
    came = [_told(place) for place in sorted(new) if place not in old]
    went = [_told(place) for place in sorted(old) if place not in new]
    both = [place for place in sorted(new) if place in old]
    others = [Other(_told(place)[1], _told(place)[0], differences(old[place], new[place])) for place in both[:MOST]]
    return Comparison(came, went, [one for one in others if one.changed], len(both) - len(others))


Place = tuple[str, str, str]


def _only(cluster: Cluster, one: Living, other: Living) -> dict[Place, Body]:
    """The objects whose last line is in `one` alone."""
    lines = [line for resource, found in one.items() for line in sorted(set(found) - set(other.get(resource, ())))]
    rows = lines_at(cluster.pk, lines, list(one))
    bodies = read(cluster.pk, [(resource, text) for _, resource, text in rows], inflate=False)
    return {(row[1], *key_of(body)): body for row, body in zip(rows, bodies, strict=True)}


def _told(place: Place) -> tuple[str, Name]:
    return kinds()[place[0]].kind, Name(*place)
