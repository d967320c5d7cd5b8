"""The conditions that kube-scheduler writes into pods."""

from __future__ import annotations

from clusters.kinds.body import Body


def scheduled(pod: Body, status: str, **more: str) -> Body:
    """PodScheduled, with the generation of the pod that was looked at."""
    generation = pod["metadata"].get("generation")
    seen = {"observedGeneration": generation} if generation else {}
    return {"type": "PodScheduled", "status": status, "lastProbeTime": None, **seen, **more}


def preempted(by: str) -> Body:
    """DisruptionTarget: said of a pod before it is deleted (Kubernetes: Pod disruption conditions)."""
    told = f"{by}: preempting to accommodate a higher priority pod"
    return {"type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler", "message": told}
