"""The ReplicaSet controller: as many active pods as `spec.replicas` says (Kubernetes: ReplicaSet)."""

from __future__ import annotations

from clusters.kinds.body import Key
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from workloads.replicas.claim import Writes, its_pods
from workloads.replicas.counting import keep

CONTROLLER = Controller(
    "replicaset-controller", primary="replicasets", watches={"pods": its_pods("ReplicaSet", "replicasets")}
)


def reconcile(key: Key, view: View) -> Writes:
    """Claim pods, create or delete what is missing or too many, report."""
    yield from keep("replicasets", key, view)
