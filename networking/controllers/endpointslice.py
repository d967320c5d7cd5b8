"""The EndpointSlice controller: the addresses behind each Service, a hundred to a slice (Kubernetes: EndpointSlice)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

import orjson

from clusters.kinds.body import Body, Key, dig, is_deleting, key_of, labels_of, owner_reference, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import rfc3339_micro
from clusters.reconcile.component import Controller
from clusters.reconcile.conditions import is_true
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, LookAgain, Update, Write
from networking.backends import (
    HEADLESS,
    TRIGGERED,
    ZONE,
    Backends,
    address_of,
    ports_for,
    selector_of,
    services_of,
    services_on,
    wait_until,
)

MOST = 100  # --max-endpoints-per-slice
SERVICE_NAME = "kubernetes.io/service-name"
MANAGED_BY, MANAGER = "endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io"
Endpoints = dict[str, Body]  # by the pod's uid


def service_of(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The Service whose slice somebody changed."""
    slice_ = new or old
    if slice_ is None or labels_of(slice_).get(MANAGED_BY) != MANAGER:
        return ()
    return (Key(key_of(slice_).namespace, labels_of(slice_).get(SERVICE_NAME) or ""),)


CONTROLLER = Controller(
    "endpointslice-controller",
    primary="services",
    watches={"pods": services_of, "nodes": services_on, "endpointslices": service_of},
    cache=Backends,
)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """Compare the slices with the Service's pods; a deleted Service's slices are the garbage collector's."""
    service = view.get("services", key)
    if service is None or is_deleting(service) or not selector_of(service):
        return
    slices = _own_slices(service, view)
    later = wait_until(slices, view.cache.count(service, view), view.now)
    if later is not None:
        yield LookAgain(later)
        return
    pods = view.cache.pods(service, view)
    yield from _pack(service, _by_ports(service, pods, view), slices, view)


def _own_slices(service: Body, view: View) -> list[Body]:
    found = [body for resource, body in view.dependents(uid_of(service)) if resource == "endpointslices"]
    return [body for body in found if labels_of(body).get(MANAGED_BY) == MANAGER and not is_deleting(body)]


def _by_ports(service: Body, pods: Sequence[Body], view: View) -> dict[bytes, tuple[list[Body], Endpoints]]:
    """Endpoints grouped by their ports: a named port may have other numbers in other pods."""
    groups: dict[bytes, tuple[list[Body], Endpoints]] = {}
    for pod in pods:
        if address_of(pod):
            ports = ports_for(service, pod)
            group = groups.setdefault(_mark(ports), (ports, {}))
            group[1][uid_of(pod)] = endpoint(service, pod, view)
    return groups


def endpoint(service: Body, pod: Body, view: View) -> Body:
    """One pod as a Service's endpoint."""
    key, node = key_of(pod), pod["spec"].get("nodeName") or ""
    made: Body = {"addresses": [address_of(pod)], "conditions": _conditions(service, pod)}
    if pod["spec"].get("hostname") and pod["spec"].get("subdomain") == service["metadata"]["name"]:
        made["hostname"] = pod["spec"]["hostname"]
    if node:
        made["nodeName"] = node
    made["targetRef"] = {"kind": "Pod", "name": key.name, "namespace": key.namespace, "uid": uid_of(pod)}
    zone = labels_of(view.get("nodes", Key("", node)) or {"metadata": {}}).get(ZONE)
    made = {**made, "zone": zone} if zone else made
    hints = _hints(service["spec"].get("trafficDistribution"), zone, node) if made["conditions"]["ready"] else None
    return {**made, "hints": hints} if hints else made


def _hints(distribution: str | None, zone: str | None, node: str) -> Body | None:
    """For whom the endpoint is meant, as far as proxies can choose (KEP-4444, KEP-3015)."""
    if not distribution:
        return None
    zones = {"forZones": [{"name": zone}]} if zone else {}
    nodes = {"forNodes": [{"name": node}]} if distribution == "PreferSameNode" and node else {}
    return {**zones, **nodes}


def _conditions(service: Body, pod: Body) -> Body:
    serving, terminating = is_true(pod, "Ready"), is_deleting(pod)
    ready = bool(service["spec"].get("publishNotReadyAddresses")) or (serving and not terminating)
    return {"ready": ready, "serving": serving, "terminating": terminating}


def _pack(
    service: Body, groups: Mapping[bytes, tuple[list[Body], Endpoints]], slices: Sequence[Body], view: View
) -> Iterator[Write]:
    """What stays keeps its slice; what is new fills the gaps, then new slices."""
    held = [(_mark(one.get("ports") or []), one) for one in slices]
    unused = [one for mark, one in held if mark not in groups]
    for mark in sorted(groups):
        ports, wanted = groups[mark]
        mine = [one for other, one in held if other == mark]
        missing = dict(wanted)
        kept = [[missing.pop(uid) for uid in _pods_in(one) if uid in missing] for one in mine]
        left = list(missing.values())
        for one, endpoints in zip(mine, kept, strict=True):
            room = max(MOST - len(endpoints), 0)
            filled, left = [*endpoints, *left[:room]], left[room:]
            yield from _write(service, one, ports, filled, view)
        for start in range(0, len(left), MOST):
            some = left[start : start + MOST]
            # a slice that nobody needs any more is filled anew rather than removed
            if unused:
                yield from _write(service, unused.pop(0), ports, some, view)
            else:
                yield _new(service, ports, some, view)
    if not groups:  # an empty slice says that there is nothing, rather than that nobody looked
        if unused:
            yield from _write(service, unused.pop(0), [], [], view, keep=True)
        else:
            yield _new(service, [], [], view)
    for one in unused:
        yield Delete("endpointslices", one, because=service, why="No pod of the Service has these ports.")


def _write(
    service: Body, slice_: Body, ports: list[Body], endpoints: list[Body], view: View, *, keep: bool = False
) -> Iterator[Write]:
    if not endpoints and not keep:
        yield Delete("endpointslices", slice_, because=service, why="It had no endpoints left.")
        return
    labels = _labels(service)
    same = (slice_.get("endpoints") or []) == endpoints and (slice_.get("ports") or []) == ports
    if same and labels == labels_of(slice_):
        return
    annotations = {**(slice_["metadata"].get("annotations") or {}), TRIGGERED: rfc3339_micro(view.now)}
    metadata = {**slice_["metadata"], "labels": labels, "annotations": annotations}
    why = changed(slice_.get("endpoints") or (), endpoints)
    yield Update("endpointslices", {**slice_, "metadata": metadata, "endpoints": endpoints, "ports": ports}, why=why)


def changed(old: Sequence[Body], new: Sequence[Body]) -> str:
    """For the log: of whom the Service has heard something new."""
    was, now = ({dig(one, "targetRef.name", ""): dig(one, "conditions.ready") for one in some} for some in (old, new))
    ready = [name for name, is_ready in now.items() if is_ready and not was.get(name)]
    lost = [name for name, is_ready in was.items() if is_ready and not now.get(name)]
    parts = [_counted(names, word) for names, word in ((ready, "ready"), (lost, "not ready any more")) if names]
    return f"{' and '.join(parts)}." if parts else ""


def _counted(names: Sequence[str], word: str) -> str:
    return f"{names[0]} is {word}" if len(names) == 1 else f"{len(names)} pods are {word}"


def _new(service: Body, ports: list[Body], endpoints: list[Body], view: View) -> Create:
    key = key_of(service)
    metadata = {
        "generateName": f"{key.name}-",
        "namespace": key.namespace,
        "labels": _labels(service),
        "annotations": {TRIGGERED: rfc3339_micro(view.now)},
        "ownerReferences": [owner_reference(service)],
    }
    made = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": metadata, "addressType": "IPv4"}
    return Create("endpointslices", {**made, "endpoints": endpoints, "ports": ports})


def _labels(service: Body) -> dict[str, str]:
    own = {SERVICE_NAME: service["metadata"]["name"], MANAGED_BY: MANAGER}
    headless = {HEADLESS: ""} if dig(service, "spec.clusterIP") == "None" else {}
    return {**labels_of(service), **headless, **own}


def _pods_in(slice_: Body) -> list[str]:
    return [dig(one, "targetRef.uid", "") for one in slice_.get("endpoints") or ()]


def _mark(ports: Sequence[Body]) -> bytes:
    return orjson.dumps(sorted(ports, key=lambda port: (port["name"], port["port"])), option=orjson.OPT_SORT_KEYS)
