"""ContainerExit: a container's main process ends (Kubernetes: restartPolicy, exit codes)."""

from __future__ import annotations

from clusters.faults.faulttype import FaultType

CONTAINER_EXIT = FaultType(
    "ContainerExit",
    target="container",
    group="Containers",
    title="End with an exit code",
    moment=True,
    options=("exitCode",),
    happens="The container’s main process ends once with the exit code that you choose; 0 means that all is well.",
    look_for="With restartPolicy Always even a clean end is restarted; with OnFailure only a code other than 0; a Job "
    "counts 0 as success.",
    heals="Nothing to heal: it fires once.",
)
