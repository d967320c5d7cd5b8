"""The components and admission steps of workloads, in the order in which they run."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.reconcile.component import Component

COMPONENTS: tuple[Component, ...] = ()
ADMISSION: tuple[Step, ...] = ()
