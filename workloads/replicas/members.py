"""The active pods of each controller, kept by owner and labels, so that one pod's change costs the same at any size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from clusters.kinds.body import Body, Key, controller_of, is_deleting, key_of, labels_of
from clusters.reconcile.conditions import is_true

FINISHED = ("Succeeded", "Failed")
Labels = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Group:
    """Active pods of one owner that carry the same labels: they match a selector all or none."""

    labels: Mapping[str, str]
    pods: dict[Key, Body] = field(default_factory=dict)
    ready: dict[Key, Body] = field(default_factory=dict)


class Members:
    """The cache. An owner is known by its uid; pods without a controller stand under their namespace."""

    resources: tuple[str, ...] = ("pods",)

    def __init__(self) -> None:
        self._groups: dict[str, dict[Labels, Group]] = {}

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if old is not None:
            self._drop(old)
        if new is not None and is_active(new):
            self._add(new)

    def of(self, uid: str) -> Sequence[Group]:
        """The groups of one owner."""
        held = self._groups.get(uid)
        return [held[labels] for labels in sorted(held)] if held else ()

    def orphans(self, namespace: str) -> Sequence[Group]:
        """Active pods of the namespace that nobody controls."""
        return self.of(_nobody_in(namespace))

    def _add(self, pod: Body) -> None:
        groups = self._groups.setdefault(_owner(pod), {})
        labels = labels_of(pod)
        group = groups.setdefault(_frozen(labels), Group(labels))
        key = key_of(pod)
        group.pods[key] = pod
        if is_true(pod, "Ready"):
            group.ready[key] = pod

    def _drop(self, pod: Body) -> None:
        owner, labels = _owner(pod), _frozen(labels_of(pod))
        group = self._groups.get(owner, {}).get(labels)
        if group is None:
            return
        key = key_of(pod)
        group.pods.pop(key, None)
        group.ready.pop(key, None)
        if not group.pods:
            del self._groups[owner][labels]
            if not self._groups[owner]:
                del self._groups[owner]


def is_active(pod: Body) -> bool:
    """Neither finished nor about to go: what a controller counts as a replica."""
    return not is_deleting(pod) and (pod.get("status") or {}).get("phase") not in FINISHED


def _owner(pod: Body) -> str:
    owner = controller_of(pod)
    return str(owner["uid"]) if owner else _nobody_in(pod["metadata"].get("namespace") or "")


def _nobody_in(namespace: str) -> str:
    return f"/{namespace}"


def _frozen(labels: Mapping[str, str]) -> Labels:
    return tuple(sorted(labels.items()))
