"""The kinds of what runs."""

from __future__ import annotations

from clusters.kinds.kind import Kind
from workloads.kinds.controllerrevision import CONTROLLERREVISION
from workloads.kinds.cronjob import CRONJOB
from workloads.kinds.daemonset import DAEMONSET
from workloads.kinds.deployment import DEPLOYMENT
from workloads.kinds.horizontalpodautoscaler import HORIZONTALPODAUTOSCALER
from workloads.kinds.job import JOB
from workloads.kinds.pod import POD
from workloads.kinds.poddisruptionbudget import PODDISRUPTIONBUDGET
from workloads.kinds.priorityclass import PRIORITYCLASS
from workloads.kinds.recommendations import RECOMMENDATIONS
from workloads.kinds.replicaset import REPLICASET
from workloads.kinds.replicationcontroller import REPLICATIONCONTROLLER
from workloads.kinds.sandbox import SANDBOX
from workloads.kinds.statefulset import STATEFULSET

KINDS: tuple[Kind, ...] = (
    POD,
    REPLICASET,
    DEPLOYMENT,
    STATEFULSET,
    DAEMONSET,
    REPLICATIONCONTROLLER,
    CONTROLLERREVISION,
    JOB,
    CRONJOB,
    HORIZONTALPODAUTOSCALER,
    PODDISRUPTIONBUDGET,
    PRIORITYCLASS,
    SANDBOX,
    RECOMMENDATIONS,
)
