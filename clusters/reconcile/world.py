"""What a loop is made of and what it waits for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from clusters.admission.step import Step
from clusters.kernel import Kernel
from clusters.kinds.kind import Kind
from clusters.reconcile.clock import Time
from clusters.reconcile.component import Component
from clusters.reconcile.message import Handler
from clusters.reconcile.timings import Timings


@dataclass(frozen=True, slots=True)
class World:
    """What does not change while a loop lives: the parts lists and the cluster's own settings."""

    kinds: Mapping[str, Kind]
    components: Sequence[Component]
    steps: Sequence[Step]
    timings: Timings
    seed: str
    kernel: Kernel
    limits: Mapping[str, int] = field(default_factory=dict)
    handlers: Mapping[str, Handler] = field(default_factory=dict)


class Due(NamedTuple):  # made for every change: a frozen dataclass takes three times as long
    """Why a key stands in the heap: the time and round at which it is looked at, and the revision that asked."""

    time: Time
    round: int
    cause: int
