"""One or more containers that live and die together (Kubernetes: Pods)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status
from workloads.kinds import podstate
from workloads.kinds.podspec.changes import change_problems
from workloads.kinds.podspec.defaults import fill_in_pod_only, fill_in_spec
from workloads.kinds.podspec.ephemeral import EPHEMERAL
from workloads.kinds.podspec.problems import spec_problems
from workloads.kinds.podspec.resizing import RESIZE
from workloads.kinds.qos import qos_class

# Kubernetes: Pod Scheduling Readiness
GATED = {
    "type": "PodScheduled",
    "status": "False",
    "reason": "SchedulingGated",
    "message": "Scheduling is blocked due to non-empty scheduling gates",
}


def fill_in(pod: Body) -> None:
    spec = pod.setdefault("spec", {})
    fill_in_spec(spec)
    fill_in_pod_only(spec)
    if is_new(pod):
        pod["status"] = {"phase": "Pending", "qosClass": qos_class(spec)}
        if spec.get("schedulingGates"):
            pod["status"]["conditions"] = [dict(GATED)]


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    if old is None and new["spec"].get("ephemeralContainers"):
        yield FieldError.forbidden("spec.ephemeralContainers", "cannot be set on create")
    if old is None or new["spec"] != old["spec"]:
        yield from spec_problems(new["spec"], "spec")
    if old is not None:
        yield from change_problems(new["spec"], old["spec"])


def grace(pod: Body) -> int:
    """A pod that no kubelet has, or that is over, goes at once."""
    if not pod["spec"].get("nodeName") or dig(pod, "status.phase") in podstate.TERMINAL:
        return 0
    wanted = pod["spec"].get("terminationGracePeriodSeconds")
    return 30 if wanted is None else wanted if wanted >= 0 else 1


POD = Kind(
    "v1",
    "Pod",
    "pods",
    short=("po",),
    categories=("all",),
    subresources=(
        "status",
        "log",
        "eviction",
        "binding",
        "ephemeralcontainers",
        "resize",
        "exec",
        "attach",
        "portforward",
        "proxy",
    ),
    parts={"ephemeralcontainers": EPHEMERAL, "resize": RESIZE},
    columns=framed(
        Column("Ready", podstate.ready),
        Column("Status", podstate.status),
        Column("Restarts", podstate.restarts),
        Column("IP", lambda pod, _: dig(pod, "status.podIPs.0.ip") or dig(pod, "status.podIP", "<none>"), wide=True),
        Column("Node", lambda pod, _: dig(pod, "spec.nodeName") or "<none>", wide=True),
        Column("Nominated Node", lambda pod, _: dig(pod, "status.nominatedNodeName") or "<none>", wide=True),
        Column("Readiness Gates", podstate.gates, wide=True),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=podstate.word,
    selectable=(
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.podIPs",
        "status.nominatedNodeName",
    ),
    generation=True,
    grace=grace,
)
