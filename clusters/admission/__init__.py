"""Admission: every write passes these steps, in this order (Kubernetes: admission controllers)."""

from __future__ import annotations

from clusters.admission import (
    defaultstorageclass,
    defaulttolerationseconds,
    limitranger,
    namespacelifecycle,
    persistentvolumeclaimresize,
    priority,
    quota,
    resourcequota,
    runtimeclass,
    serviceaccount,
    storageobjectinuseprotection,
    taintnodesbycondition,
)
from clusters.admission.step import Step

# the API server's own order; quota last, when everything else is decided
STEPS: tuple[Step, ...] = (
    namespacelifecycle.STEP,
    limitranger.STEP,
    serviceaccount.STEP,
    taintnodesbycondition.STEP,
    priority.STEP,
    runtimeclass.STEP,
    defaulttolerationseconds.STEP,
    defaultstorageclass.STEP,
    storageobjectinuseprotection.STEP,
    persistentvolumeclaimresize.STEP,
    quota.STEP,
    resourcequota.STEP,
)
