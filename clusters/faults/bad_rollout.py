"""BadRollout: a Deployment gets an image that does not exist (Kubernetes: rolling update, rollout undo)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

BAD_ROLLOUT = FaultType(
    "BadRollout",
    target="deployment",
    group="Images and rollouts",
    title="A bad rollout",
    happens="Somebody sets the Deployment’s image to a tag that does not exist.",
    look_for="A new ReplicaSet whose pods cannot pull; maxUnavailable keeps most of the old pods, so users feel "
    "little; after the progress deadline the rollout is called failed.",
    heals="Delete the fault: the image that was there before is set again, as kubectl rollout undo would.",
)
