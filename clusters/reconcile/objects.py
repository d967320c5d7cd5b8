"""All objects of one cluster in memory, with the indexes that views need (client-go: informers and indexers)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sortedcontainers import SortedDict

from clusters.kinds.body import Body, Key


class Objects:
    """Bodies by resource and key. Nothing here copies: who holds a body must not change it."""

    def __init__(self) -> None:
        self._by_resource: defaultdict[str, SortedDict[Key, Body]] = defaultdict(SortedDict)
        self._by_owner: defaultdict[str, dict[tuple[str, Key], Body]] = defaultdict(dict)
        self._by_node: defaultdict[str, dict[Key, Body]] = defaultdict(dict)
        self._events: defaultdict[str, dict[Key, Body]] = defaultdict(dict)
        self._derived: dict[Callable[[], Any], Any] = {}
        self._told: defaultdict[str, list[Any]] = defaultdict(list)  # resource -> what is derived from it

    def put(self, resource: str, key: Key, body: Body | None) -> Body | None:
        """Set or, with None, remove; gives what was there before."""
        shelf = self._by_resource[resource]
        old: Body | None = shelf.get(key)
        if body is None:
            shelf.pop(key, None)
        else:
            shelf[key] = body
        self._index(resource, key, old, body)
        for kept in self._told.get(resource, ()):
            kept.changed(resource, body, old)
        return old

    def get(self, resource: str, key: Key) -> Body | None:
        found: Body | None = self._by_resource[resource].get(key)
        return found

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]:
        shelf = self._by_resource[resource]
        if not shelf:
            return []
        if namespace is None:
            return list(map(shelf.__getitem__, shelf))  # its view of values is a generator: twice as slow
        return [shelf[key] for key in self._keys_in(resource, namespace)]

    def count(self, resource: str, namespace: str | None = None) -> int:
        if namespace is None:
            return len(self._by_resource[resource])
        return sum(1 for _ in self._keys_in(resource, namespace))

    def dependents(self, uid: str) -> Sequence[tuple[str, Body]]:
        """(resource, object) with an owner reference to this uid, in order of resource and key."""
        held = self._by_owner.get(uid)
        return [(resource, body) for (resource, _), body in sorted(held.items(), key=_place)] if held else []

    def on_node(self, node: str) -> Sequence[Body]:
        """Pods bound to this node, in order of their keys."""
        held = self._by_node.get(node)
        return [held[key] for key in sorted(held)] if held else []

    def events_about(self, uid: str) -> Sequence[Body]:
        """Events whose involvedObject has this uid, oldest first."""
        return list(self._events[uid].values()) if uid in self._events else ()

    def derived(self, make: Callable[[], Any]) -> Any:
        """The Cache that `make` builds: of all objects when first asked for, then told every change."""
        found = self._derived.get(make)
        if found is None:
            found = make()
            for resource in found.resources:
                for body in self._by_resource[resource].values():
                    found.changed(resource, body, None)
                self._told[resource].append(found)
            self._derived[make] = found
        return found

    def everything(self) -> Iterator[tuple[str, Key, Body]]:
        """(resource, key, object) in order."""
        for resource in sorted(self._by_resource):
            for key, body in self._by_resource[resource].items():
                yield resource, key, body

    def _keys_in(self, resource: str, namespace: str) -> Iterator[Key]:
        keys: Iterator[Key] = self._by_resource[resource].irange(Key(namespace, ""), Key(namespace, "\U0010ffff"))
        return keys

    def _index(self, resource: str, key: Key, old: Body | None, new: Body | None) -> None:
        before, after = _owners(old), _owners(new)
        for uid in before:
            if uid not in after:
                self._by_owner[uid].pop((resource, key), None)
        for uid in after:
            self._by_owner[uid][(resource, key)] = new  # type: ignore[assignment]
        if resource == "pods":
            self._seat(key, old, new)
        elif resource == "events":
            self._file(key, old, new)

    def _seat(self, key: Key, old: Body | None, new: Body | None) -> None:
        before = old["spec"].get("nodeName") if old else None
        after = new["spec"].get("nodeName") if new else None
        if before and before != after:
            self._by_node[before].pop(key, None)
        if after and new:
            self._by_node[after][key] = new

    def _file(self, key: Key, old: Body | None, new: Body | None) -> None:
        uid = ((new or old or {}).get("involvedObject") or {}).get("uid", "")
        if new:
            self._events[uid][key] = new
        elif self._events[uid].pop(key, None) and not self._events[uid]:
            del self._events[uid]


def _owners(body: Body | None) -> Sequence[str]:
    references = body["metadata"].get("ownerReferences") if body else None
    return [reference["uid"] for reference in references] if references else ()


def _place(item: tuple[tuple[str, Key], Body]) -> tuple[str, Key]:
    return item[0]
