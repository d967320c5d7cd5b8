"""The View of whoever is at work in a loop."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clusters.kinds.body import Body, Key
from clusters.reconcile.chance import Chance
from clusters.reconcile.clock import Time
from clusters.reconcile.component import Cache, Component
from clusters.reconcile.faults import Active, place_of
from clusters.reconcile.objects import Objects
from clusters.reconcile.world import Due, World

NEVER = Due(0, 0, 0)


class LiveView:
    """The View of a running component: the loop's objects, and the time and chance of the key in hand."""

    def __init__(self, world: World, objects: Objects) -> None:
        self._seed = world.seed
        self._objects = objects
        self.timings = world.timings
        self.limits = world.limits
        self.kinds = world.kinds
        self.kernel = world.kernel
        self.get = objects.get
        self.list = objects.list
        self.count = objects.count
        self.dependents = objects.dependents
        self.on_node = objects.on_node
        self.derived = objects.derived
        self.cache: Any = None
        self._active: Active = objects.derived(Active)
        self.now: Time = 0
        self._chance: Chance | None = None
        self._due = NEVER
        self._held: Cache | None = None  # the cache of who is at work

    def begin(self, component: Component, key: Key, due: Due, cache: Cache | None) -> None:
        """Stand in this component's shoes."""
        self._component, self._key, self._due = component, key, due
        self._chance = None
        self.now, self.cache = due.time, cache
        self._held = cache

    def listen(self, due: Due) -> None:
        """Somebody maps a change to keys, which asks for neither actor nor chance; `cache` is set for each mapper."""
        self.now = due.time

    def resume(self) -> None:
        """Back to the component that is at work."""
        self.cache = self._held
        self.now = self._due.time

    @property
    def actor(self) -> str:
        name = self._component.controller.actor
        return name(self._key, self) if name else self._component.controller.name

    @property
    def random(self) -> Chance:
        if self._chance is None:
            name = self._component.controller.name
            self._chance = Chance(f"{self._seed}/{name}/{self._key}/{self._due.time}/{self._due.round}")
        return self._chance

    def owned(self, owner: Body, resource: str) -> Sequence[Body]:
        uid = owner["metadata"]["uid"]
        found = self._objects.dependents(uid)
        return [body for kind, body in found if kind == resource and controls(uid, body)]

    def hit_by(self, fault: str, **target: str) -> Body | None:
        return self._active.hit(fault, place_of(target))


def controls(uid: str, body: Body) -> bool:
    """Whether the object's controller reference names this uid."""
    owners = body["metadata"].get("ownerReferences") or ()
    return any(owner["uid"] == uid and owner.get("controller") for owner in owners)
