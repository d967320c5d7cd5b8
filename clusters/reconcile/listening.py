"""Who hears of a change: the caches that are told, the components that are woken (client-go: shared informers)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clusters.reconcile.component import Cache, Component, Mapper
from clusters.reconcile.world import World

# components are named by their place in the world's list
Told = Mapping[str, Sequence[tuple[int, Cache]]]
Woken = Mapping[str, Sequence[tuple[int, Mapper]]]


class Listeners:
    """By resource, found out once in a loop's life: every write asks for them."""

    def __init__(self, world: World) -> None:
        self.caches: Sequence[Cache | None] = [_new_cache(component) for component in world.components]
        self.told: Told = _told(self.caches)
        self.woken: Woken = _woken(world)
        self._components = world.components

    def watched_by(self, index: int) -> Iterator[tuple[str, Mapper]]:
        """What a component watches: its primary resource first."""
        primary = self._components[index].controller.primary
        for resource in sorted(self.woken, key=lambda resource: resource != primary):
            for listening, mapper in self.woken[resource]:
                if listening == index:
                    yield resource, mapper


def _new_cache(component: Component) -> Cache | None:
    return component.controller.cache() if component.controller.cache else None


def _told(caches: Sequence[Cache | None]) -> Told:
    found: dict[str, list[tuple[int, Cache]]] = {}
    for index, cache in enumerate(caches):
        for resource in cache.resources if cache else ():
            found.setdefault(resource, []).append((index, cache))  # type: ignore[arg-type]
    return found


def _woken(world: World) -> Woken:
    found: dict[str, list[tuple[int, Mapper]]] = {}
    served = [kind for kind in world.kinds.values() if kind.served]
    for index, component in enumerate(world.components):
        controller = component.controller
        everywhere = {kind.plural: controller.everywhere(kind) for kind in served} if controller.everywhere else {}
        stated = {controller.primary: controller.mapper} | dict(controller.watches)
        for resource, mapper in (everywhere | stated).items():
            found.setdefault(resource, []).append((index, mapper))
    return found
