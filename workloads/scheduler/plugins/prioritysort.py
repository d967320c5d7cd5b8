"""PrioritySort: the more important pod first, then the one that has waited longer (Kubernetes: Pod Priority)."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body
from workloads.scheduler.framework import QueueSort


class PrioritySort(QueueSort):
    name = "PrioritySort"

    def rank(self, pod: Body, since: int) -> Any:
        return (-(pod["spec"].get("priority") or 0), since)
