"""One step of admission (Kubernetes: admission controllers): a pure judgement on a write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.reconcile.view import View


@dataclass(frozen=True, slots=True)
class Step:
    """`admit(new, old, view)` gives the object as it may be written, or the refusal. `resources` ("*",) means all."""

    name: str
    resources: tuple[str, ...]
    operations: tuple[str, ...]  # "CREATE", "UPDATE", "DELETE" (new is None)
    admit: Callable[[Body | None, Body | None, View], Body | Status | None]
