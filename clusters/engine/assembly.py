"""Joins what the apps list: the one place that imports them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from clusters.admission.step import Step
from clusters.kernel import Kernel
from clusters.kinds.kind import Kind
from clusters.reconcile.component import Component
from clusters.reconcile.message import Handler
from clusters.reconcile.timings import PROFILES
from clusters.reconcile.world import World

APPS = ("clusters", "workloads", "networking")


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its plural."""
    return {kind.plural: kind for kind in _joined("kinds", "KINDS")}


@cache
def components() -> Sequence[Component]:
    """Every component in the order in which they run within a round (by turn, then as listed)."""
    return sorted(_joined("components", "COMPONENTS"), key=lambda component: component.turn)


@cache
def steps() -> Sequence[Step]:
    """Every admission step in order."""
    return tuple(_joined("components", "ADMISSION"))


@cache
def handlers() -> Mapping[str, Handler]:
    """Who takes the messages from outside, by name."""
    return {handler.name: handler for handler in _joined("components", "HANDLERS")}


@cache
def kernel() -> Kernel:
    """What workloads and networking offer to each other and to everybody above."""
    runs, reaches = import_module("workloads.components"), import_module("networking.components")
    return Kernel(runs.CONTAINERS, reaches.NETWORK, runs.METRICS)


def world(timings: str, seed: str, limits: Mapping[str, int]) -> World:
    """What a cluster's loop needs to know."""
    return World(kinds(), components(), steps(), PROFILES[timings], seed, kernel(), limits, handlers())


def _joined(module: str, name: str) -> list[Any]:
    return [one for app in APPS for one in getattr(import_module(f"{app}.{module}"), name)]
