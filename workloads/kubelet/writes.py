"""The shapes of the kubelet's generators: they yield writes, and some of them an answer to who asked."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.reconcile.writes import Write

T = TypeVar("T")
Writes = Generator[Write, Body | Status | None, None]
Told = Generator[Write, Body | Status | None, T]
