"""The Endpoints controller: all addresses behind a Service in one object, for old clients (Kubernetes: Endpoints)."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import orjson

from clusters.kinds.body import Body, Key, dig, is_deleting, key_of, labels_of, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import rfc3339_micro
from clusters.reconcile.component import Controller, itself
from clusters.reconcile.conditions import is_true
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, LookAgain, Update, Write
from networking.backends import (
    HEADLESS,
    TRIGGERED,
    Backends,
    address_of,
    ports_for,
    selector_of,
    services_of,
    wait_until,
)

MOST = 1000
OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity"
MANAGED_BY, MANAGER = "endpoints.kubernetes.io/managed-by", "endpoint-controller"

CONTROLLER = Controller(
    "endpoints-controller",
    primary="services",
    watches={"pods": services_of, "endpoints": itself},
    cache=Backends,
    source="endpoint-controller",
)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """One Endpoints object for each Service with a selector, of the same name."""
    service, known = view.get("services", key), view.get("endpoints", key)
    if service is None or is_deleting(service):
        if known is not None and labels_of(known).get(MANAGED_BY) == MANAGER:
            yield Delete("endpoints", known, because=known, why="Its Service is gone.")
        return
    if not selector_of(service):
        return
    later = wait_until([known] if known else [], view.cache.count(service, view), view.now)
    if later is not None:
        yield LookAgain(later)
        return
    yield from _write(service, known, _subsets(service, view.cache.pods(service, view)), view)


def _write(
    service: Body, known: Body | None, found: tuple[list[Body], bool], view: View
) -> Generator[Write, Body | Status | None, None]:
    subsets, over = found
    labels = _labels(service)
    if known and (known.get("subsets") or []) == subsets and labels == labels_of(known):
        return
    noted = {TRIGGERED: rfc3339_micro(view.now), **({OVER_CAPACITY: "truncated"} if over else {})}
    key = key_of(service)
    home: Body = known["metadata"] if known else {"name": key.name, "namespace": key.namespace}
    others = {name: value for name, value in (home.get("annotations") or {}).items() if name != OVER_CAPACITY}
    metadata = {**home, "labels": labels, "annotations": {**others, **noted}}
    body: Body = {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata}
    body = {**body, "subsets": subsets} if subsets else body
    yield Update("endpoints", body) if known else Create("endpoints", body)


def _subsets(service: Body, pods: Sequence[Body]) -> tuple[list[Body], bool]:
    """Addresses by their ports, and whether there were too many to name all."""
    groups: dict[bytes, Body] = {}
    count = 0
    for pod in sorted(
        (pod for pod in pods if address_of(pod)), key=lambda pod: (not _is_ready(service, pod), key_of(pod))
    ):
        if is_deleting(pod) and not service["spec"].get("publishNotReadyAddresses"):
            continue
        count += 1
        if count > MOST:
            break
        ports = [_port(port) for port in ports_for(service, pod)]
        group = groups.setdefault(orjson.dumps(ports, option=orjson.OPT_SORT_KEYS), {"ports": ports})
        side = "addresses" if _is_ready(service, pod) else "notReadyAddresses"
        group.setdefault(side, []).append(_address(pod))
    return [_ordered(groups[mark]) for mark in sorted(groups)], count > MOST


def _port(port: Body) -> Body:
    """Where a slice says that a port has no name, Endpoints leave it out."""
    return {name: value for name, value in port.items() if value}


def _is_ready(service: Body, pod: Body) -> bool:
    return bool(service["spec"].get("publishNotReadyAddresses")) or is_true(pod, "Ready")


def _address(pod: Body) -> Body:
    key, node = key_of(pod), pod["spec"].get("nodeName")
    reference = {"kind": "Pod", "name": key.name, "namespace": key.namespace, "uid": uid_of(pod)}
    return {"ip": address_of(pod), **({"nodeName": node} if node else {}), "targetRef": reference}


def _ordered(group: Body) -> Body:
    """Addresses first, ports last, as the real one prints them; no port at all is no list."""
    sides: Body = {side: group[side] for side in ("addresses", "notReadyAddresses") if side in group}
    ordered = {side: sorted(found, key=lambda address: str(address["ip"])) for side, found in sides.items()}
    return {**ordered, "ports": group["ports"]} if group["ports"] else ordered


def _labels(service: Body) -> dict[str, str]:
    headless = {HEADLESS: ""} if dig(service, "spec.clusterIP") == "None" else {}
    return {**labels_of(service), **headless, MANAGED_BY: MANAGER}
