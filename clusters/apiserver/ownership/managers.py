"""The entries of `metadata.managedFields`: who owns what after an update (fieldmanager: Update)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from clusters.apiserver.ownership.fieldset import ITEM, Path, decoded, encoded, leaves
from clusters.kinds.body import Body, put, without
from clusters.kinds.schema import Shape
from clusters.reconcile.clock import Time, rfc3339

UPDATE, APPLY = "Update", "Apply"
BEFORE = "before-first-apply"


@dataclass(frozen=True, slots=True)
class Manager:
    """One entry. Two entries of the same name differ by operation or subresource."""

    name: str
    operation: str
    api_version: str
    subresource: str
    paths: frozenset[Path]
    time: str

    def is_same(self, other: Manager) -> bool:
        return (self.name, self.operation, self.subresource) == (other.name, other.operation, other.subresource)

    def body(self) -> Body:
        entry = {"manager": self.name, "operation": self.operation, "apiVersion": self.api_version}
        fields = {"time": self.time, "fieldsType": "FieldsV1", "fieldsV1": encoded(self.paths)}
        return entry | fields | ({"subresource": self.subresource} if self.subresource else {})

    def told(self) -> str:
        """As a conflict names it."""
        within = f' with subresource "{self.subresource}"' if self.subresource else ""
        using = f" using {self.api_version}" if self.operation == UPDATE else ""
        return f'"{self.name}"{within}{using}'


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes now: the field manager's name, through which subresource, and when."""

    name: str
    subresource: str
    now: Time


def managers_of(body: Body) -> list[Manager]:
    """What stands in the object."""
    return [_read(entry) for entry in body["metadata"].get("managedFields") or () if entry.get("manager")]


def with_managers(body: Body, managers: Sequence[Manager]) -> Body:
    """The object with these entries, those without fields left out."""
    standing = sorted((m for m in managers if m.paths), key=lambda m: (m.operation != APPLY, m.time, m.name))
    if not standing:
        return without(body, "metadata.managedFields")
    return put(body, "metadata.managedFields", [manager.body() for manager in standing])


def owned_after_update(shape: Shape, old: Body | None, new: Body, writer: Writer) -> Body:
    """The new object, its `managedFields` saying that the writer owns what it has changed.

    A writer may change the entries themselves (kubectl does, when it goes over to server-side apply); an empty
    list of them, or one empty entry, forgets all owners.
    """
    given = new["metadata"].get("managedFields")
    if old is not None and given is not None and given != old["metadata"].get("managedFields"):
        if not [entry for entry in given if entry]:
            return without(new, "metadata.managedFields")
        base = managers_of(new)
    else:
        base = managers_of(old) if old else []
    before, after = leaves(shape, old) if old else {}, leaves(shape, new)
    changed = {path for path, value in after.items() if path not in before or _differs(before[path], value)}
    removed = {path for path in before if path not in after}
    if old is not None and not changed and not removed:
        kept = given if given is not None else old["metadata"].get("managedFields")
        return put(new, "metadata.managedFields", kept) if kept else without(new, "metadata.managedFields")
    mine = Manager(writer.name, UPDATE, new["apiVersion"], writer.subresource, frozenset(), rfc3339(writer.now))
    known = next((manager for manager in base if manager.is_same(mine)), mine)
    others = [replace(m, paths=m.paths - changed - removed) for m in base if not m.is_same(mine)]
    owned = replace(mine, paths=(known.paths - removed) | changed)
    return with_managers(new, [*others, owned])


def _differs(one: Any, other: Any) -> bool:
    return False if one is ITEM and other is ITEM else bool(one != other)


def _read(entry: Body) -> Manager:
    paths = frozenset(decoded(entry.get("fieldsV1") or {}))
    version, operation = entry.get("apiVersion") or "", entry.get("operation") or UPDATE
    return Manager(entry["manager"], operation, version, entry.get("subresource") or "", paths, entry.get("time") or "")
