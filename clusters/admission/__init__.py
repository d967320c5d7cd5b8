"""Admission: every write passes these steps, in this order (Kubernetes: admission controllers)."""

from __future__ import annotations

from clusters.admission.step import Step

STEPS: tuple[Step, ...] = ()
