"""How many pods of each sort stand on each node, kept up to date: what spreading and affinity count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workloads.scheduler.podinfo import PodInfo
from workloads.scheduler.terms import Held, Term

MOST_TERMS = 64  # that are counted at once; the one not asked for longest is forgotten
MOST_MOVES = 10_000
Counts = dict[str, int]  # pods by the name of their node; none that is zero


@dataclass(slots=True)
class Tally:
    """The pods that match one term, by node; `moves` tells who counted before what has come and gone since."""

    counts: Counts
    moves: list[tuple[str, int]] = field(default_factory=list)

    def move(self, node: str, by: int) -> None:
        count_up(self.counts, node, by)
        self.moves.append((node, by))


class Tallies:
    """Counts pods by any Term that was ever asked for, and the terms which the pods themselves hold."""

    def __init__(self) -> None:
        self.namespaces: dict[str, Mapping[str, str]] = {}  # their labels
        self.held: dict[Held, Counts] = {}
        self._pods: dict[tuple[str, str], dict[PodInfo, None]] = {}  # by namespace and node
        self._counted: dict[Term, Tally] = {}

    def add(self, pod: PodInfo, node: str) -> None:
        self._pods.setdefault((pod.key.namespace, node), {})[pod] = None
        self._count(pod, node, 1)

    def remove(self, pod: PodInfo, node: str) -> None:
        place = (pod.key.namespace, node)
        here = self._pods.get(place)
        if here is None or here.pop(pod, pod) is not None:
            return
        if not here:
            del self._pods[place]
        self._count(pod, node, -1)

    def set_namespace(self, name: str, labels: Mapping[str, str] | None) -> None:
        """Terms that choose namespaces by their labels are counted anew when these change."""
        if self.namespaces.get(name) == labels:
            return
        if labels is None:
            self.namespaces.pop(name, None)
        else:
            self.namespaces[name] = labels
        self._counted = {term: tally for term, tally in self._counted.items() if not term.chooses_namespaces}

    def matching(self, term: Term) -> Mapping[str, int]:
        """The pods that match the term, by node."""
        return self.tally(term).counts

    def tally(self, term: Term) -> Tally:
        """The same as long as it is asked for often enough; a new one begins with no moves."""
        tally = self._counted.pop(term, None)
        if tally is None or len(tally.moves) > MOST_MOVES:
            tally = Tally(self._counts_of(term) if tally is None else tally.counts)
            if len(self._counted) >= MOST_TERMS:
                del self._counted[next(iter(self._counted))]
        self._counted[term] = tally  # the newest last
        return tally

    def matching_all(self, terms: Sequence[Term]) -> Mapping[str, int]:
        """The pods that match each of the terms, by node."""
        if len(terms) == 1:
            return self.matching(terms[0])
        counts: Counts = {}
        for (_, node), pods in self._pods.items():
            found = sum(all(self.matches(term, pod) for term in terms) for pod in pods)
            if found:
                counts[node] = counts.get(node, 0) + found
        return counts

    def matches(self, term: Term, pod: PodInfo) -> bool:
        return term.matches(pod, self.namespaces.get(pod.key.namespace) or {})

    def _counts_of(self, term: Term) -> Counts:
        counts: Counts = {}
        for (namespace, node), pods in self._pods.items():
            labels = self.namespaces.get(namespace) or {}
            if term.reaches(namespace, labels):
                found = sum(term.matches(pod, labels) for pod in pods)
                if found:
                    counts[node] = counts.get(node, 0) + found
        return counts

    def _count(self, pod: PodInfo, node: str, by: int) -> None:
        labels = self.namespaces.get(pod.key.namespace) or {}
        for term, tally in self._counted.items():
            if term.matches(pod, labels):
                tally.move(node, by)
        for held in pod.terms:
            counts = self.held.setdefault(held, {})
            count_up(counts, node, by)
            if not counts:
                del self.held[held]


def count_up(counts: Counts, name: str, by: int) -> None:
    """Nothing is kept that is zero."""
    total = counts.get(name, 0) + by
    if total:
        counts[name] = total
    else:
        counts.pop(name, None)
