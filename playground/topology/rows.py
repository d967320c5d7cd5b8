"""An object as the picture needs it: a compact row, or None for what is not drawn. Pure; what is absent is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from clusters.kinds import node as node_kind
from clusters.kinds.body import Body, controller_of, dig, is_deleting, labels_of, uid_of
from clusters.kinds.fault import aim, word
from clusters.kinds.number import MOST, whole_number
from clusters.kinds.quantity import cpu_millis
from clusters.reconcile.clock import MILLISECOND, parse
from workloads.kinds import podstate
from workloads.kinds.job import word as job_word

Row = dict[str, Any]
REVISION = "deployment.kubernetes.io/revision"
ZONE = "topology.kubernetes.io/zone"
SERVICE_NAME = "kubernetes.io/service-name"
NO_EXECUTE = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
STARTING = (None, "ContainerCreating", "PodInitializing")
BACK_OFF = re.compile(r"back-off ((?:\d+h)?(?:\d+m)?(?:[\d.]+s)?)\b")
UNITS = {"h": 3_600_000, "m": 60_000, "s": 1_000}


def pod_row(pod: Body) -> Row:
    """kubectl's columns, and what the figure's shape and its words need beside them."""
    found = podstate.state(pod)
    owner = controller_of(pod)
    waiting = _worst_container(pod)
    return _compact(
        pod,
        state=found.word,
        ready=f"{found.ready}/{found.total}",
        ok=_condition(pod, "Ready").get("status") == "True" or None,
        lost=_lost_readiness(pod) or None,
        node=pod["spec"].get("nodeName"),
        owner=owner["uid"] if owner else None,
        system=pod["metadata"].get("namespace") == "kube-system" or None,
        restarts=found.restarts or None,
        deleting=is_deleting(pod) or None,
        cpu=_requested_cpu(pod["spec"]) or None,
        tol=_tolerated_seconds(pod["spec"]),
        message=_why_not(pod, waiting),
        exit=dig(waiting, "lastState.terminated.exitCode", dig(waiting, "state.terminated.exitCode")),
        **_back_off(waiting),
    )


def node_row(node: Body) -> Row:
    """What the cluster believes of a machine; its power and heartbeat are joined in by the board."""
    state, _, cordoned = node_kind.word(node).partition(",")
    roles = node_kind.roles(node)
    taints = node["spec"].get("taints") or ()
    evicting = [t for t in taints if t["key"] in NO_EXECUTE and t["effect"] == "NoExecute" and t.get("timeAdded")]
    return _compact(
        node,
        state=state,
        cordoned=bool(cordoned) or None,
        roles=None if roles == "<none>" else roles.split(","),
        zone=labels_of(node).get(ZONE),
        cpu=_millicores(dig(node, "status.allocatable.cpu")),
        taints=[f"{t['key']}:{t['effect']}" for t in taints] or None,
        noExecute=min((_millis(t["timeAdded"]) for t in evicting), default=None),
    )


def replicaset_row(rs: Body) -> Row:
    return _compact(rs, **_replicas(rs), owner=_owner(rs), rev=_revision(rs))


def deployment_row(deployment: Body) -> Row:
    stuck = _condition(deployment, "Progressing").get("reason") == "ProgressDeadlineExceeded"
    return _compact(
        deployment,
        **_replicas(deployment),
        updated=dig(deployment, "status.updatedReplicas") or None,
        rev=_revision(deployment),
        paused=deployment["spec"].get("paused") or None,
        stuck=stuck or None,
    )


def keeper_row(body: Body) -> Row:
    """What keeps pods without replica sets between: a StatefulSet, a ReplicationController."""
    return _compact(body, **_replicas(body), owner=_owner(body))


def daemonset_row(ds: Body) -> Row:
    """It wants one on each node that is eligible."""
    wanted = {"desired": dig(ds, "status.desiredNumberScheduled") or 0}
    return _compact(ds, **wanted, readyCount=dig(ds, "status.numberReady") or 0)


def job_row(job: Body) -> Row:
    """How much of it is done; `state` is kubectl's word."""
    wanted = job["spec"].get("completions")
    done = {"desired": 1 if wanted is None else wanted, "readyCount": dig(job, "status.succeeded") or 0}
    return _compact(job, **done, owner=_owner(job), state=job_word(job))


def cronjob_row(cronjob: Body) -> Row:
    suspended = cronjob["spec"].get("suspend") or None
    return _compact(cronjob, schedule=cronjob["spec"].get("schedule"), paused=suspended)


def service_row(service: Body) -> Row:
    """Its endpoints are joined in by the board, from its EndpointSlices."""
    spec = service["spec"]
    ports = [_port(port) for port in spec.get("ports") or ()]
    return _compact(
        service, type=spec.get("type"), ip=spec.get("clusterIP"), ports=ports or None, selector=spec.get("selector")
    )


def fault_row(fault: Body) -> Row:
    return _compact(fault, state=word(fault), type=dig(fault, "spec.type"), target=aim(fault, 0))


ROWS: Mapping[str, Callable[[Body], Row]] = {
    "nodes": node_row,
    "pods": pod_row,
    "replicasets": replicaset_row,
    "deployments": deployment_row,
    "statefulsets": keeper_row,
    "daemonsets": daemonset_row,
    "replicationcontrollers": keeper_row,
    "jobs": job_row,
    "cronjobs": cronjob_row,
    "services": service_row,
    "faults": fault_row,
}


def heartbeat(lease: Body) -> int | None:
    """When its kubelet was last heard, in milliseconds of cluster time."""
    renewed = dig(lease, "spec.renewTime")
    return _millis(renewed) if renewed else None


def endpoints(endpointslice: Body) -> tuple[tuple[str, str], list[str], list[str]]:
    """The Service that it belongs to; the uids of its ready pods, and of those that are not."""
    metadata = endpointslice["metadata"]
    service = (metadata.get("namespace") or "", labels_of(endpointslice).get(SERVICE_NAME, ""))
    ready: list[str] = []
    others: list[str] = []
    for endpoint in endpointslice.get("endpoints") or ():
        target = endpoint.get("targetRef") or {}
        if target.get("uid"):
            (ready if dig(endpoint, "conditions.ready", True) else others).append(target["uid"])
    return service, ready, others


def _compact(body: Body, **columns: Any) -> Row:
    metadata = body["metadata"]
    row = {
        "id": uid_of(body),
        "kind": body["kind"],
        "ns": metadata.get("namespace"),
        "name": metadata["name"],
        **columns,
    }
    return {name: value for name, value in row.items() if value is not None}


def _condition(body: Body, type_: str) -> Mapping[str, Any]:
    found = (c for c in dig(body, "status.conditions") or () if c["type"] == type_)
    return next(found, {})


def _lost_readiness(pod: Body) -> bool:
    """It was ready since its containers started, and no longer is: later than a start, Ready turned False."""
    ready = _condition(pod, "Ready")
    started = [dig(c, "state.running.startedAt") for c in dig(pod, "status.containerStatuses") or ()]
    if ready.get("status") == "True" or not ready.get("lastTransitionTime") or not all(started):
        return False
    return bool(started) and parse(ready["lastTransitionTime"]) > max(parse(at) for at in started)


def _worst_container(pod: Body) -> Body:
    """The status of the container that waits or has ended; {} when all run."""
    statuses = [*(dig(pod, "status.initContainerStatuses") or ()), *(dig(pod, "status.containerStatuses") or ())]
    stopped = [c for c in statuses if not dig(c, "state.running")]
    troubled = [
        c for c in stopped if dig(c, "state.waiting.reason") not in (None, "ContainerCreating", "PodInitializing")
    ]
    return dict((troubled or stopped or [{}])[0])


def _why_not(pod: Body, waiting: Body) -> str | None:
    """The scheduler's reason, or the kubelet's."""
    scheduled = _condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        return str(scheduled.get("message") or scheduled.get("reason") or "") or None
    message = dig(waiting, "state.waiting.message") or dig(pod, "status.message")
    return str(message) if message else None


def _back_off(waiting: Body) -> Row:
    """From when until when it waits: `back-off 10s restarting failed container`."""
    said = BACK_OFF.search(dig(waiting, "state.waiting.message") or "")
    ended = dig(waiting, "lastState.terminated.finishedAt")
    if not said or not ended:
        return {}
    wait = sum(round(float(n) * UNITS[unit]) for n, unit in re.findall(r"([\d.]+)([hms])", said.group(1)))
    return {"since": _millis(ended), "retryAt": _millis(ended) + wait}


def _requested_cpu(spec: Body) -> int:
    """Millicores, as the scheduler counts them: all containers, or one init container that needs more."""
    sidecars = [c for c in spec.get("initContainers") or () if c.get("restartPolicy") == "Always"]
    going = sum(_container_cpu(c) for c in [*spec["containers"], *sidecars])
    starting = [_container_cpu(c) for c in spec.get("initContainers") or () if c.get("restartPolicy") != "Always"]
    asked = max([going, *starting]) + (_millicores(dig(spec, "overhead.cpu")) or 0)
    return min(asked, MOST)  # a frame's numbers have 64 bits


def _container_cpu(container: Body) -> int:
    return _millicores(dig(container, "resources.requests.cpu")) or 0


def _millicores(amount: Any) -> int | None:
    return None if amount is None else cpu_millis(amount)


def _tolerated_seconds(spec: Body) -> int | None:
    """How long it stays on a node that is not ready or unreachable; None: for ever, or it goes at once."""
    seconds: Sequence[int] = [
        t["tolerationSeconds"]
        for t in spec.get("tolerations") or ()
        if t.get("tolerationSeconds") is not None and t.get("key") in NO_EXECUTE
    ]
    return min(seconds) if seconds else None


def _replicas(body: Body) -> Row:
    return {"desired": body["spec"].get("replicas", 1), "readyCount": dig(body, "status.readyReplicas") or 0}


def _revision(body: Body) -> int | None:
    return whole_number((body["metadata"].get("annotations") or {}).get(REVISION, ""))


def _owner(body: Body) -> str | None:
    owner = controller_of(body)
    return owner["uid"] if owner else None


def _port(port: Body) -> str:
    target = port.get("targetPort", port["port"])
    inner = f"{port['port']}" if target == port["port"] else f"{port['port']}:{target}"
    return f"{inner} at {port['nodePort']}" if port.get("nodePort") else inner


def _millis(stamp: str) -> int:
    return parse(stamp) // MILLISECOND
