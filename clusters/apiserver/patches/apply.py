"""Server-side apply: `application/apply-patch+yaml` (Kubernetes: Server-Side Apply; structured-merge-diff: merge)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from clusters.apiserver.ownership.fieldset import ITEM, Path, inner, is_granular, is_key, leaves, shown, step_of
from clusters.apiserver.ownership.managers import APPLY, BEFORE, UPDATE, Manager, Writer, managers_of, with_managers
from clusters.apiserver.patches.ordering import interleaved
from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.kinds.schema import Shape
from clusters.reconcile.clock import rfc3339


def apply_configuration(
    shape: Shape, live: Body | None, wanted: Body, writer: Writer, *, force: bool, taken_over: Iterable[Path] = ()
) -> Body:
    """The object after the writer's whole intent was applied. Raises Conflict where others own what it changes.

    `taken_over`: fields that it may take without force (client-side apply's, when kubectl goes over to server-side).
    """
    if wanted["metadata"].get("managedFields") is not None:
        raise Status.bad_request("metadata.managedFields must be nil")
    intent = frozenset(leaves(shape, wanted))
    mine = Manager(writer.name, APPLY, wanted["apiVersion"], writer.subresource, intent, rfc3339(writer.now))
    if live is None:
        return with_managers(wanted, [mine])
    known = managers_of(live) or [_first(shape, live)]
    last = next((manager for manager in known if manager.is_same(mine)), None)
    others = [manager for manager in known if not manager.is_same(mine)]
    merged = _merged(shape, live, wanted)
    taken = _changed(leaves(shape, live), leaves(shape, merged))
    conflicts = [(m, path) for m in others for path in sorted(m.paths & taken)]
    standing = [(manager, path) for manager, path in conflicts if path not in frozenset(taken_over)]
    if standing and not force:
        raise _conflict(standing)
    others = [replace(manager, paths=manager.paths - taken) for manager in others]
    gone = (last.paths if last else frozenset()) - intent
    merged = _pruned(shape, merged, gone, [intent, *(manager.paths for manager in others)])
    if last is not None and last.paths == intent and _same(merged, live):
        return live
    return with_managers(merged, [*others, mine])


def last_applied(shape: Shape, live: Body, configuration: Body) -> set[Path]:
    """The fields of a last applied configuration that nobody has changed since (fieldmanager: lastAppliedManager)."""
    present = leaves(shape, live)
    return {path for path, value in leaves(shape, configuration).items() if path in present and present[path] == value}


def _same(merged: Body, live: Body) -> bool:
    return {**merged, "metadata": {**merged["metadata"], "managedFields": None}} == {
        **live,
        "metadata": {**live["metadata"], "managedFields": None},
    }


def _first(shape: Shape, live: Body) -> Manager:
    return Manager(BEFORE, UPDATE, live["apiVersion"], "", frozenset(leaves(shape, live)), "")


def _changed(before: dict[Path, Any], after: dict[Path, Any]) -> set[Path]:
    return {
        path
        for path, value in after.items()
        if value is not ITEM and (path not in before or before[path] is ITEM or before[path] != value)
    }


def _merged(shape: Shape, live: Any, wanted: Any) -> Any:
    if not is_granular(shape) or type(live) is not type(wanted):
        return wanted
    if isinstance(wanted, dict):
        parts = {name: _merged(inner(shape, f"f:{name}"), live.get(name), part) for name, part in wanted.items()}
        return {**live, **parts}
    items: dict[Hashable, Any] = {step_of(shape, item): item for item in live}
    server = list(items)
    for item in wanted:
        step = step_of(shape, item)
        items[step] = _merged(shape.items or Shape(), items[step], item) if step in items else item
    return interleaved(items, server, [step_of(shape, item) for item in wanted])


def _pruned(shape: Shape, body: Body, gone: Iterable[Path], kept: Sequence[Iterable[Path]]) -> Body:
    """Without the fields that the writer applied before, does not any more, and that nobody else owns."""
    standing = {path[:depth] for paths in kept for path in paths for depth in range(1, len(path) + 1)}
    for path in sorted(gone, key=len):
        if path not in standing and not is_key(path):
            body = _removed(shape, body, path, standing, ())
    return body


def _removed(shape: Shape, value: Any, path: Path, standing: set[Path], at: Path) -> Any:
    """A copy without what stands at the path; an object or list that becomes empty goes too, unless it is owned."""
    step, rest = path[0], path[1:]
    below, place = inner(shape, step), (*at, step)
    if isinstance(value, dict):
        name = step[2:]
        if name not in value:
            return value
        left = _removed(below, value[name], rest, standing, place) if rest else None
        if left or (rest and (place in standing or left == value[name])):
            return {**value, name: left}
        return {known: part for known, part in value.items() if known != name}
    if not isinstance(value, list) or shape.list_type not in ("map", "set"):
        return value
    if not rest:
        return [item for item in value if step_of(shape, item) != step]
    return [_removed(below, i, rest, standing, place) if step_of(shape, i) == step else i for i in value]


def _conflict(conflicts: Sequence[tuple[Manager, Path]]) -> Status:
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {manager.told()}", "field": shown(path)}
        for manager, path in conflicts
    ]
    if len(conflicts) == 1:
        manager, path = conflicts[0]
        message = f"Apply failed with 1 conflict: conflict with {manager.told()}: {shown(path)}"
        return Status(409, "Conflict", message, {"causes": causes})
    lines = []
    for name in sorted({manager.told() for manager, _ in conflicts}):
        lines.append(f"conflicts with {name}:")
        lines += [f"- {shown(path)}" for manager, path in conflicts if manager.told() == name]
    message = f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(lines)
    return Status(409, "Conflict", message, {"causes": causes})
