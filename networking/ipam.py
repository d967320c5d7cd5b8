"""Addresses and ports for Services (Kubernetes: Service ClusterIP allocation)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.reconcile.view import View


def allocate(new: Body | None, old: Body | None, view: View) -> Body | Status | None:
    """The Service with its cluster IP and node ports."""
    return new


STEP = Step("ServiceIPAM", ("services",), ("CREATE", "UPDATE"), allocate)
