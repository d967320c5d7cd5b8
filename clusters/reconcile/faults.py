"""Which faults hold, and whom they hit: kept warm, so that asking costs nothing while there are none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from clusters.kinds.body import Body, Key, dig, key_of
from clusters.kinds.fault import by_name, entry_of
from clusters.reconcile.clock import Time, rfc3339

if TYPE_CHECKING:
    from clusters.reconcile.view import View

Place = tuple[str, ...]  # ("node", name), ("pod", namespace, name); (): everything


class Active:
    """`view.derived(Active)`: the faults that are neither over nor about to go, by type and by whom they hit."""

    resources = ("faults",)

    def __init__(self) -> None:
        self._of: defaultdict[str, dict[Key, Body]] = defaultdict(dict)
        self._at: dict[tuple[str, Place], dict[Key, Body]] = {}
        self.places: dict[Place, int] = {}  # how many faults hit it

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if old is not None and is_active(old):
            self._of[old["spec"]["type"]].pop(key_of(old), None)
            for place in places(old):
                self._leave(old, place)
        if new is not None and is_active(new):
            self._of[new["spec"]["type"]][key_of(new)] = new
            for place in places(new):
                self._at.setdefault((new["spec"]["type"], place), {})[key_of(new)] = new
                self.places[place] = self.places.get(place, 0) + 1

    def _leave(self, fault: Body, place: Place) -> None:
        held = self._at.get((fault["spec"]["type"], place), {})
        if held.pop(key_of(fault), None) is not None:
            self.places[place] -= 1
            if not self.places[place]:
                del self.places[place]
        if not held:
            self._at.pop((fault["spec"]["type"], place), None)

    def of(self, type_: str) -> Sequence[Body]:
        """All of this type, in order."""
        held = self._of.get(type_)
        return [held[key] for key in sorted(held)] if held else ()

    def hit(self, type_: str, place: Place) -> Body | None:
        """The first of this type that hits this place, or everything."""
        if not self._of.get(type_):
            return None
        held = {**self._at.get((type_, place), {}), **self._at.get((type_, ()), {})}
        return held[min(held)] if held else None


def is_active(fault: Body) -> bool:
    return dig(fault, "status.phase") != "Done" and not fault["metadata"].get("deletionTimestamp")


def places(fault: Body) -> list[Place]:
    """Whom it hits: as it is stated by name, or as its controller found out. A moment that has fired is past."""
    spec = fault["spec"]
    if by_name(spec):
        return [place_of(spec.get("target") or {})]
    entries = dig(fault, "status.hit") or ()
    return list(dict.fromkeys(place_of(entry) for entry in entries if "at" not in entry))


def place_of(target: Mapping[str, object]) -> Place:
    if target.get("pod"):
        return ("pod", str(target.get("namespace") or "default"), str(target["pod"]))
    return ("node", str(target["node"])) if target.get("node") else ()


def hits(fault: Body, type_: str, target: Mapping[str, str]) -> bool:
    """Whether the Fault is of this type, hits this, and is neither over nor about to go."""
    if fault["spec"].get("type") != type_ or not is_active(fault):
        return False
    return any(place in ((), place_of(target)) for place in places(fault))


def is_ill(view: View, *found: Place) -> bool:
    """Whether any fault hits one of these places."""
    active: Active = view.derived(Active)
    return any(place in active.places for place in found)


def struck(fault: Body, entry: Mapping[str, str], now: Time, *, missed: bool = False) -> Body:
    """The status of a moment that has fired at this entry (or found nobody there), Done when it was the last."""
    if by_name(fault["spec"]):
        return {"phase": "Done", "hit": [] if missed else [dict(entry)]}
    status, place = fault["status"], place_of(entry)
    fired = [] if missed else [{**entry, "at": rfc3339(now)}]
    left = [one for one in status["hit"] if "at" in one or place_of(one) != place]
    phase = "Active" if any("at" not in one for one in left) else "Done"
    return {**status, "phase": phase, "hit": [*left, *fired]}


def nodes_hit(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The nodes that a fault is about, before and after its change; every one where it is about all."""
    found = [place for body in (old, new) if body is not None for place in _touched(body)]
    if () in found:
        return [key_of(machine) for machine in view.list("machines")]
    return [Key("", place[1]) for place in dict.fromkeys(found) if place[0] == "node"]


def pods_hit(new: Body | None, old: Body | None, view: View) -> Iterator[Key]:
    """The pods that a fault is about, and those on nodes that it is about."""
    for place in dict.fromkeys(place for body in (old, new) if body is not None for place in _touched(body)):
        if place and place[0] == "pod":
            yield Key(place[1], place[2])
        elif place:
            yield from (key_of(pod) for pod in view.on_node(place[1]))


def _touched(fault: Body) -> list[Place]:
    entries = [place_of(entry) for entry in dig(fault, "status.hit") or ()]
    return [*places(fault), *entries]


def severed(view: View, one: str, other: str) -> Body | None:
    """The NodePartition because of which no packet passes between two machines."""
    if one != other:
        active: Active = view.derived(Active)
        for fault in active.of("NodePartition"):
            ours = [entry["node"] for entry in dig(fault, "status.hit") or ()]
            theirs = dig(fault, "status.others") or ()
            if (one in ours and other in theirs) or (other in ours and one in theirs):
                return fault
    return None


def is_cut_off(view: View, node: str) -> bool:
    """Whether no API server can be reached from the machine."""
    active: Active = view.derived(Active)
    if not active.of("NodePartition"):
        return False
    servers = [entry_of(machine)["node"] for machine in view.list("machines") if machine.get("role") == "control-plane"]
    return bool(servers) and node not in servers and all(severed(view, node, server) for server in servers)
