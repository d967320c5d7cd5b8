"""The pods that no node would take, and what may help them (internal/queue: the unschedulable pods)."""

from __future__ import annotations

from collections.abc import Iterable

from clusters.kinds.body import Key
from workloads.scheduler.framework import Change


class Waiting:
    """Only a hint: who is not in it is looked at anew. Pods that are alike are tried one after the other.

    What refuses the first of them refuses all; when it gets a node, or is refused for new reasons, the next is tried.
    """

    def __init__(self) -> None:
        self._helps: dict[Key, frozenset[Change]] = {}
        self._kin: dict[Key, bytes] = {}

    def __bool__(self) -> bool:
        return bool(self._helps)

    def add(self, key: Key, kin: bytes, helps: frozenset[Change]) -> None:
        """`kin`: the same for pods on which all plugins judge alike."""
        self._helps[key], self._kin[key] = helps, kin

    def drop(self, key: Key) -> None:
        self._helps.pop(key, None)
        self._kin.pop(key, None)

    def helped(self, changes: Iterable[Change]) -> list[Key]:
        """The first of each kin that one of these changes may help."""
        happened = frozenset(changes)
        if not happened:
            return []
        first: dict[bytes, Key] = {}
        for key, helps in self._helps.items():
            if not helps.isdisjoint(happened):
                kin = self._kin[key]
                first[kin] = min(first.get(kin, key), key)
        return sorted(first.values())

    def after(self, key: Key, kin: bytes) -> list[Key]:
        """The next one that is like this."""
        later = [other for other, theirs in self._kin.items() if theirs == kin and other > key]
        return [min(later)] if later else []
