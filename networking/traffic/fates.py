"""What can become of a request now: the real way is walked once for each turn that chance could take.

Where a rule or a load balancer chooses at random, all choices are tried, each with its share. So the ways are those of
`Network.send` itself, and their number does not depend on how many requests take them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import prod
from typing import TypeVar

from clusters.kernel import Capacity, Kernel, Lookup, Network, Outcome, Request
from clusters.kinds.body import Body, dig, key_of
from clusters.reconcile.chance import Chance
from clusters.reconcile.view import View
from clusters.reconcile.writes import Write

T = TypeVar("T")
Aiming = Callable[[View], tuple[str, Request, Outcome | None]]  # host, request; an outcome: it knows no address
COUNTED = ("http", "tcp", "grpc")
MOST = 64  # ways that are looked at; of more a sample
AGAIN = 8  # where chance has no fixed number of turns (a wire that loses packets), so many are drawn


@dataclass(frozen=True, slots=True)
class Leg:
    """One stretch: who asked (None: outside), the pod that was reached at the end, and what it said."""

    source: Body | None
    pod: Body | None
    port: int
    outcome: Outcome
    service: str = ""
    capacity: Capacity | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """`share` of all requests end like this. The last leg is the client's own, those before it were made for it.

    `lookups`: the name servers that were asked on the way, each as often as it was.
    """

    share: float
    outcome: Outcome
    legs: tuple[Leg, ...]
    lookups: tuple[Leg, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What was answered in one moment, for the next who asks the same. Names come with who was asked for them."""

    answers: dict[tuple[str, int, str, str, str, str], Outcome] = field(default_factory=dict)
    names: dict[tuple[str, str, str, str], tuple[Lookup, tuple[Leg, ...]]] = field(default_factory=dict)


class Turns:
    """Chance with a script: it takes the turns that it is told, and says how many there were."""

    def __init__(self, chance: Chance, script: Sequence[int] = (), shift: int | None = None) -> None:
        self._chance, self._script, self._shift = chance, script, shift
        self.sizes: list[int] = []
        self.taken: list[int] = []
        self.drew = False

    def pick(self, choices: Sequence[T]) -> T:
        at, size = len(self.sizes), len(choices)
        if at < len(self._script):
            turn = self._script[at]
        elif self._shift is not None:
            turn = self._shift % size if size > 1 and max(self.sizes, default=1) == 1 else self._chance.bits() % size
        else:
            turn = 0
        self.sizes.append(size)
        self.taken.append(turn)
        return choices[turn]

    def bits(self) -> int:
        self.drew = True
        return self._chance.bits()

    def fraction(self) -> float:
        self.drew = True
        return self._chance.fraction()

    def suffix(self, length: int = 5) -> str:
        return self._chance.suffix(length)

    def uid(self) -> str:
        return self._chance.uid()


class Scout:
    """A View whose chance is scripted and whose kernel tells who was asked on the way."""

    def __init__(self, view: View, known: Known | None = None) -> None:
        self._known = known or Known()
        self.now, self.timings, self.limits, self.kinds = view.now, view.timings, view.limits, view.kinds
        self.cache = view.cache
        self.get, self.list, self.count = view.get, view.list, view.count
        self.owned, self.dependents, self.on_node = view.owned, view.dependents, view.on_node
        self.derived, self.hit_by = view.derived, view.hit_by
        self._kernel, self._chance = view.kernel, view.random
        self.kernel = Kernel(self, self, view.kernel.metrics)
        self.random: Chance = self._chance
        self.legs: list[Leg] = []
        self.lookups: list[Leg] = []
        self._open: list[tuple[Body | None, list[tuple[Body, int, Outcome]]]] = []

    # the kernel's two sides, listened to

    def send(self, view: View, source: Body | None, host: str, request: Request) -> Outcome:
        return self.walked(source, lambda: self._kernel.network.send(view, source, host, request))

    def lookup(self, view: View, source: Body | None, name: str, type_: str = "A", server: str = "") -> Lookup:
        """A sender asks for a name once in a moment, of one name server by chance: who asks it is no way of its own."""
        asked = (sender(source), name, type_, server)
        if asked in self._known.names:
            found, legs = self._known.names[asked]
            self.lookups.extend(legs)
            return found
        before, ways, turns = len(self.lookups), self.random, Turns(self._chance, (), self._chance.bits())
        self.random = turns  # type: ignore[assignment]
        found = self._kernel.network.lookup(view, source, name, type_, server)
        self.random = ways
        if not turns.drew:
            self._known.names[asked] = found, tuple(self.lookups[before:])
        elif isinstance(ways, Turns):
            ways.drew = True
        return found

    def answer(self, view: View, pod: Body, request: Request) -> Outcome:
        asked = (pod["metadata"]["uid"], request.port, request.protocol, request.method, request.path, request.host)
        outcome, before = self._known.answers.get(asked), len(self.legs)
        if outcome is None:
            outcome = self._kernel.containers.answer(view, pod, request)
            if request.method in ("GET", "HEAD") and request.protocol == "http" and len(self.legs) == before:
                self._known.answers[asked] = outcome  # in one moment the same question has the same answer
        if request.protocol == "dns" and request.method != "STORE" and outcome.ok:
            capacity = self._kernel.containers.capacity(self, pod, request.port)
            self.lookups.append(Leg(None, pod, request.port, outcome, capacity=capacity))
        if self._open and request.protocol in COUNTED:
            self._open[-1][1].append((pod, request.port, outcome))
        return outcome

    def capacity(self, view: View, pod: Body, port: int) -> Capacity | None:
        return self._kernel.containers.capacity(view, pod, port)

    def charge(self, view: View, pod: Body, container: str, spent: int) -> Sequence[Write]:
        return self._kernel.containers.charge(view, pod, container, spent)

    def walked(self, source: Body | None, go: Callable[[], Outcome]) -> Outcome:
        """One stretch, and those that whoever was reached made in between."""
        reached: list[tuple[Body, int, Outcome]] = []
        self._open.append((source, reached))
        outcome = go()
        self._open.pop()
        last = reached[-1:]  # a server that is asked about itself is not two
        heard = [one for one in reached[:-1] if one[2].ok and one[0] is not last[0][0]] + last
        service = next((hop.name for hop in outcome.hops if hop.what == "service"), "")
        if not heard:
            self.legs.append(Leg(source, None, 0, outcome, service))
        for place, (pod, port, said) in enumerate(heard):  # who ended first was asked by who ended last
            asker, through = (source, service) if place == len(heard) - 1 else (heard[-1][0], "")
            capacity = self._kernel.containers.capacity(self, pod, port) if said.ok else None
            self.legs.append(Leg(asker, pod, port, said, through, capacity))
        return outcome

    # one walk

    def walk(self, turns: Turns, source: Body | None, aim: Aiming) -> Fate:
        self.random, self.legs, self.lookups, self._open = turns, [], [], []  # type: ignore[assignment]
        host, request, lost = aim(self)
        outcome = self.walked(source, lambda: lost or self._kernel.network.send(self, source, host, request))
        return Fate(prod(1.0 / size for size in turns.sizes), outcome, tuple(self.legs), tuple(self.lookups))


def sender(source: Body | None) -> str:
    """A pod, or a program on a machine."""
    if source is None:
        return ""
    return f"{dig(source, 'metadata.uid', '')} {key_of(source)} {dig(source, 'spec.nodeName', '')}"


def fates(
    view: View, source: Body | None, aim: Aiming, shift: int, known: Known | None = None, count: int = MOST
) -> list[Fate]:
    """All that can become of it, with shares that add up to one; of very many ways a sample, another each time.

    `known`: what was answered in this moment, for the next who asks. `count`: so many go there, so that no more ways
    than that are looked at.
    """
    scout = Scout(view, known)
    first = Turns(view.random)
    found = scout.walk(first, source, aim)
    most = max(1, min(MOST, count))
    if prod(first.sizes) > most:
        return list(_sample(scout, source, aim, most, shift * most))
    if first.drew and prod(first.sizes) == 1:
        return list(_sample(scout, source, aim, AGAIN, 0))
    return [found, *_others(scout, source, aim, first)]


def one_fate(view: View, source: Body | None, aim: Aiming) -> Fate:
    """Of a single request, by chance."""
    return next(_sample(Scout(view), source, aim, 1, view.random.bits()))


def _others(scout: Scout, source: Body | None, aim: Aiming, first: Turns) -> Iterator[Fate]:
    scripts = list(_next_to(first, 0))
    for _ in range(MOST):
        if not scripts:
            return
        script = scripts.pop(0)
        turns = Turns(scout._chance, script)
        yield scout.walk(turns, source, aim)
        scripts += _next_to(turns, len(script))


def _next_to(turns: Turns, known: int) -> Iterator[tuple[int, ...]]:
    """The turns beside those that were taken beyond the script."""
    for at in range(known, len(turns.sizes)):
        for other in range(1, turns.sizes[at]):
            yield (*turns.taken[:at], other)


def _sample(scout: Scout, source: Body | None, aim: Aiming, count: int, shift: int) -> Iterator[Fate]:
    for number in range(count):
        found = scout.walk(Turns(scout._chance, (), shift + number), source, aim)
        yield replace(found, share=1.0 / count)


__all__ = ["Aiming", "Fate", "Leg", "Network", "Scout", "fates", "one_fate"]
