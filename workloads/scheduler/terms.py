"""Which pods somebody means: a label selector in some namespaces (PodAffinityTerm, a spread constraint's selector)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import orjson

from clusters.kinds.body import Body, dig
from clusters.kinds.selectors import matches

if TYPE_CHECKING:
    from workloads.scheduler.podinfo import PodInfo

NEEDS, AVOIDS, LIKES = "needs", "avoids", "likes"  # required affinity, required anti-affinity, preferred ones
REQUIRED, PREFERRED = (
    "requiredDuringSchedulingIgnoredDuringExecution",
    "preferredDuringSchedulingIgnoredDuringExecution",
)


class Term:
    """Two of the same meaning are equal. `alive`: pods that are about to go do not count; `owner`: its pods alone."""

    __slots__ = ("_hash", "_key", "alive", "chooser", "namespaces", "owner", "selector")

    def __init__(
        self,
        namespaces: Sequence[str],
        selector: Body | None,
        *,
        chooser: Body | None = None,
        alive: bool = False,
        owner: str = "",
    ) -> None:
        """`chooser` selects more namespaces by their labels; a `selector` of None matches nothing."""
        self.namespaces, self.selector, self.chooser = tuple(sorted(namespaces)), selector, chooser
        self.alive, self.owner = alive, owner
        said = orjson.dumps([selector, chooser], option=orjson.OPT_SORT_KEYS)
        self._key = (self.namespaces, alive, owner, said)
        self._hash = hash(self._key)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Term) and self._key == other._key

    @property
    def chooses_namespaces(self) -> bool:
        return self.chooser is not None

    def reaches(self, namespace: str, labels: Mapping[str, str]) -> bool:
        """Whether pods of this namespace, which has these labels, can be meant."""
        return namespace in self.namespaces or (self.chooser is not None and matches(self.chooser, labels))

    def matches(self, pod: PodInfo, namespace_labels: Mapping[str, str]) -> bool:
        if (self.alive and pod.is_going) or not self.reaches(pod.key.namespace, namespace_labels):
            return False
        return pod.workload == self.owner if self.owner else matches(self.selector, pod.labels)


class Held(NamedTuple):
    """A term with what a pod wants of the pods that it means: to be in one domain of `topology` with them, or not."""

    wish: str
    topology: str
    weight: int  # below zero: away from them
    term: Term


def held_terms(spec: Body, namespace: str, labels: Mapping[str, str]) -> Sequence[Held]:
    """All that a pod says of other pods (Kubernetes: Inter-pod affinity and anti-affinity)."""
    affinity = spec.get("affinity") or {}
    near, apart = affinity.get("podAffinity") or {}, affinity.get("podAntiAffinity") or {}
    if not near and not apart:
        return ()
    return (
        *_required(NEEDS, near, 1, namespace, labels),
        *_required(AVOIDS, apart, -1, namespace, labels),
        *_preferred(near, 1, namespace, labels),
        *_preferred(apart, -1, namespace, labels),
    )


def selector_for(one: Body, labels: Mapping[str, str]) -> Body | None:
    """The labelSelector together with what matchLabelKeys and mismatchLabelKeys take from the pod's own labels."""
    selector: Body | None = one.get("labelSelector")
    more = [
        {"key": key, "operator": operator, "values": [labels[key]]}
        for field, operator in (("matchLabelKeys", "In"), ("mismatchLabelKeys", "NotIn"))
        for key in one.get(field) or ()
        if key in labels
    ]
    if selector is None or not more:
        return selector
    return {**selector, "matchExpressions": [*(selector.get("matchExpressions") or ()), *more]}


def _required(wish: str, stated: Body, sign: int, namespace: str, labels: Mapping[str, str]) -> Iterator[Held]:
    for one in stated.get(REQUIRED) or ():
        yield Held(wish, one["topologyKey"], sign, _term(one, namespace, labels))


def _preferred(stated: Body, sign: int, namespace: str, labels: Mapping[str, str]) -> Iterator[Held]:
    for one in stated.get(PREFERRED) or ():
        inner = one["podAffinityTerm"]
        yield Held(LIKES, inner["topologyKey"], sign * one["weight"], _term(inner, namespace, labels))


def _term(one: Body, namespace: str, labels: Mapping[str, str]) -> Term:
    """Neither namespaces nor a selector for them: the pod's own namespace."""
    named, chooser = one.get("namespaces") or (), dig(one, "namespaceSelector")
    own = () if named or chooser is not None else (namespace,)
    return Term((*named, *own), selector_for(one, labels), chooser=chooser)
