"""The ReplicationController's controller: a ReplicaSet's with a plain selector (Kubernetes: ReplicationController)."""

from __future__ import annotations

from clusters.kinds.body import Key
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from workloads.replicas.claim import Writes, its_pods
from workloads.replicas.counting import keep

PLURAL = "replicationcontrollers"
CONTROLLER = Controller(
    "replication-controller", primary=PLURAL, watches={"pods": its_pods("ReplicationController", PLURAL)}
)


def reconcile(key: Key, view: View) -> Writes:
    """Claim pods, create or delete what is missing or too many, report."""
    yield from keep(PLURAL, key, view)
