"""An object as the picture needs it: a compact row, or None for what is not drawn. Pure; what is absent is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from clusters.kinds import node as node_kind
from clusters.kinds.body import Body, controller_of, dig, is_deleting, labels_of, uid_of
from clusters.kinds.fault import aim, word
from clusters.kinds.number import whole_number
from playground.topology.amounts import claimed, mebibytes, millicores, opened, requested
from playground.topology.podcolumns import (
    NO_EXECUTE,
    back_off,
    believed,
    condition,
    grace,
    held,
    labels,
    lids,
    lost_readiness,
    millis,
    not_pulled,
    sandbox_of,
    tolerated_seconds,
    was_out_of_memory,
    why_not,
    worst_container,
)  # fmt: skip
from playground.topology.storage import claim_row, class_row, volume_row
from playground.topology.truth import periods_of
from workloads.kinds import podstate
from workloads.kinds.job import word as job_word

Row = dict[str, Any]
SYSTEM = ("kube-system", "ingress-nginx")  # what every cluster comes with
REVISION = "deployment.kubernetes.io/revision"
ZONE = "topology.kubernetes.io/zone"
SERVICE_NAME = "kubernetes.io/service-name"
MOST_NAMES = 6  # of a search list that are drawn
FLOWS = 60  # of one Traffic that are drawn, those that fail first


def pod_row(pod: Body) -> Row:
    """kubectl's columns, and what the figure's shape and its words need beside them."""
    found = podstate.state(pod)
    owner, spec = controller_of(pod), pod["spec"]
    waiting = worst_container(pod)
    return _compact(
        pod,
        state=found.word,
        ready=f"{found.ready}/{found.total}",
        ok=condition(pod, "Ready").get("status") == "True" or None,
        lost=lost_readiness(pod) or None,
        node=spec.get("nodeName"),
        owner=owner["uid"] if owner else None,
        system=pod["metadata"].get("namespace") in SYSTEM or None,
        restarts=found.restarts or None,
        deleting=is_deleting(pod) or None,
        cpu=requested(spec, "cpu", millicores) or None,
        mem=requested(spec, "memory", mebibytes) or None,
        lid=lids(spec),
        labels=labels(pod) or None,
        ports=opened(spec),
        claims=claimed(pod),
        periods=periods_of(spec) or None,
        run=believed(pod),
        box=sandbox_of(pod),
        grace=grace(pod),
        oom=was_out_of_memory(pod) or None,
        tol=tolerated_seconds(spec),
        message=why_not(pod, waiting),
        **(stopped(pod, waiting) if waiting else {}),
    )


def stopped(pod: Body, container: Body) -> Row:
    """Of the container that waits or has ended: how it ended, what it waits for, until when."""
    ended = dig(container, "lastState.terminated.exitCode", dig(container, "state.terminated.exitCode"))
    return {"pull": not_pulled(pod, container), "exit": ended, **back_off(container)}


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
        cpu=millicores(dig(node, "status.allocatable.cpu")),
        mem=mebibytes(dig(node, "status.allocatable.memory")),
        taints=[f"{t['key']}:{t['effect']}" for t in taints] or None,
        noExecute=min((millis(t["timeAdded"]) for t in evicting), default=None),
    )


def replicaset_row(rs: Body) -> Row:
    return _compact(rs, **_replicas(rs), owner=_owner(rs), rev=_revision(rs))


def deployment_row(deployment: Body) -> Row:
    stuck = condition(deployment, "Progressing").get("reason") == "ProgressDeadlineExceeded"
    return _compact(
        deployment,
        **_replicas(deployment),
        updated=dig(deployment, "status.updatedReplicas") or None,
        rev=_revision(deployment),
        paused=deployment["spec"].get("paused") or None,
        stuck=stuck or None,
        have=dig(deployment, "status.replicas") or None,
        **_rolling(deployment),
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
        service,
        type=spec.get("type"),
        ip=spec.get("clusterIP"),
        ports=ports or None,
        sockets=[_socket(port) for port in spec.get("ports") or ()] or None,
        selector=spec.get("selector"),
    )


def ingress_row(ingress: Body) -> Row:
    """Its rules, one after another: host, path, the Service and the port that it leads to."""
    spec = ingress["spec"]
    rules = [
        [rule.get("host") or "*", path.get("path") or "/", *_backend(path.get("backend") or {})]
        for rule in spec.get("rules") or ()
        for path in dig(rule, "http.paths") or ()
    ]
    other = [["*", "*", *_backend(spec["defaultBackend"])]] if spec.get("defaultBackend") else []
    given = [one.get("ip") or one.get("hostname") for one in dig(ingress, "status.loadBalancer.ingress") or ()]
    return _compact(ingress, type=spec.get("ingressClassName"), rules=[*rules, *other] or None, given=given or None)


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
    "ingresses": ingress_row,
    "persistentvolumeclaims": lambda body: _compact(body, **claim_row(body)),
    "persistentvolumes": lambda body: _compact(body, **volume_row(body)),
    "storageclasses": lambda body: _compact(body, **class_row(body)),
    "faults": fault_row,
}


def flow_rows(sighting: Body) -> list[Row]:
    """Requests of the last second, a row for each two that they go between: `from`, `to` and `via` are uids."""
    home, name = sighting["metadata"].get("namespace"), sighting["metadata"]["name"]
    # a trace is called after sender, goal and reason
    tried = {
        one["name"].rpartition("|")[0]: names
        for one in reversed(sighting.get("failures") or ())
        if (names := _tried(one))
    }
    busiest = sorted(sighting["flows"], key=lambda flow: (-flow["failing"], -flow["rate"], flow["id"]))[:FLOWS]
    return [
        {
            "id": f"flow/{sighting['uid']}/{flow['id']}",
            "kind": "Flow",
            "ns": home,
            "name": name,
            **{part: flow[part] for part in ("from", "to", "via", "rate", "ok", "failing", "reason") if flow[part]},
            **({"tried": names} if flow["failing"] and (names := tried.get(f"{flow['from']}|{flow['to']}")) else {}),
        }
        for flow in busiest
    ]


def _tried(trace: Body) -> list[list[str]] | None:
    """What was asked for, and each complete name that the resolver made of it, with the answer; None: it was found."""
    hops = trace["hops"]
    if not hops or hops[-1][0] != "dns" or not trace["reason"]:
        return None
    names = [[name, detail] for what, name, detail in hops if what == "name"]
    return [list(hops[-1][1:]), *names[:MOST_NAMES]]


def heartbeat(lease: Body) -> int | None:
    """When its kubelet was last heard, in milliseconds of cluster time."""
    renewed = dig(lease, "spec.renewTime")
    return millis(renewed) if renewed else None


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
        "held": held(metadata),
        **columns,
    }
    return {name: value for name, value in row.items() if value is not None}


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


def _socket(port: Body) -> list[Any]:
    """[port, targetPort, nodePort or 0, name, protocol]."""
    target = port.get("targetPort", port["port"])
    return [port["port"], target, port.get("nodePort") or 0, port.get("name") or "", port.get("protocol") or "TCP"]


def _backend(backend: Body) -> list[Any]:
    service = backend.get("service") or {}
    return [service.get("name") or "", dig(service, "port.number") or dig(service, "port.name") or ""]


def _rolling(deployment: Body) -> Row:
    """While it rolls: how many more and fewer than wanted there may be, and until when it must get on."""
    spec, said = deployment["spec"], condition(deployment, "Progressing")
    seen, limit = said.get("lastUpdateTime"), spec.get("progressDeadlineSeconds")
    rule = dig(spec, "strategy.rollingUpdate") or {}
    bounds = [rule.get("maxSurge", "25%"), rule.get("maxUnavailable", "25%")] if rule else None
    moving = said.get("reason") not in (None, "NewReplicaSetAvailable", "ProgressDeadlineExceeded")
    deadline = [millis(seen), millis(seen) + limit * 1000] if seen and limit and moving else None
    return {"bounds": bounds, "deadline": deadline}
