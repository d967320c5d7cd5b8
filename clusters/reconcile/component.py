"""The record of one component of the control plane or a node, and how changes find its keys (client-go: handlers)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from clusters.kinds.body import Body, Key, controller_of, key_of
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status
from clusters.reconcile.view import View
from clusters.reconcile.writes import Write

# A yielded Create, Update or Delete is answered with the object as written, or the Status that refused it.
Reconcile = Callable[[Key, View], Generator[Write, Body | Status | None, None]]
# (new, old, view) -> the keys to look at; new is None after a deletion, old is None for what was not known before
Mapper = Callable[[Body | None, Body | None, View], Iterable[Key]]


class Cache(Protocol):
    """Derived data that is kept warm: told every change of its `resources`, and rebuilt from all of these objects."""

    @property
    def resources(self) -> tuple[str, ...]: ...

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None: ...


def itself(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The object's own key."""
    changed = new or old
    return (key_of(changed),) if changed else ()


def by_owner(kind: str) -> Mapper:
    """The controlling owner of this kind, before and after the change."""

    def owners(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
        key, before = _owner_key(new, kind), _owner_key(old, kind)
        if before is None or before == key:
            return (key,) if key else ()
        return (key, before) if key else (before,)

    return owners


def _owner_key(body: Body | None, kind: str) -> Key | None:
    owner = controller_of(body) if body else None
    if body is None or owner is None or owner["kind"] != kind:
        return None
    return Key(body["metadata"].get("namespace") or "", owner["name"])


@dataclass(frozen=True, slots=True)
class Controller:
    """`name` is the actor in the log; `primary` the resource whose keys it reconciles; `watches` what else wakes it."""

    name: str
    primary: str
    watches: Mapping[str, Mapper] = field(default_factory=dict)
    mapper: Mapper = itself  # from a change of the primary resource to keys; most look at the object itself
    cache: Callable[[], Cache] | None = None
    actor: Callable[[Key, View], str] | None = None  # where the name depends on the key: kubelet/worker-2
    source: str = ""  # source.component of its events where that is not the name: "kubelet"
    everywhere: Callable[[Kind], Mapper] | None = None  # for each served kind beside those: what its changes wake


@dataclass(frozen=True, slots=True)
class Component:
    """One line of a parts list: the record, its reconcile, and the kube-system component whose death stops it."""

    controller: Controller
    reconcile: Reconcile
    runs_in: str = ""  # "kube-scheduler", "kube-controller-manager"; "": a machine's own, never stopped from here
    turn: int = 50  # where it stands in a round: machines and nodes first (10), pods' kubelets last (90)
    patient: bool = False  # looks once nobody else has anything to do at that moment: many changes are one to it
