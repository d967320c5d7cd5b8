"""Endpoints made by hand as EndpointSlices, for that is where proxies look (Kubernetes: endpointslicemirroring)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

from clusters.kinds.body import Body, Key, annotations_of, is_deleting, key_of, labels_of, owner_reference
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Update, Write
from networking.backends import selector_of
from networking.index import SERVICE_NAME, Index

MOST_IN_SLICE, MOST_OF_SUBSET = 100, 1000  # maxEndpointsPerSlice, --mirroring-max-endpoints-per-subset
MANAGED_BY, MANAGER = "endpointslice.kubernetes.io/managed-by", "endpointslicemirroring-controller.k8s.io"
SKIP, LEADER = "endpointslice.kubernetes.io/skip-mirror", "control-plane.alpha.kubernetes.io/leader"
LEFT_OUT = ("endpoints.kubernetes.io/last-change-trigger-time", "kubectl.kubernetes.io/last-applied-configuration")


def of_service(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A slice of ours that somebody changed."""
    slice_ = new or old
    if slice_ is None or labels_of(slice_).get(MANAGED_BY) != MANAGER:
        return ()
    return (Key(key_of(slice_).namespace, labels_of(slice_).get(SERVICE_NAME) or ""),)


def by_hand(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A Service whose endpoints are not, or no longer, looked after by a controller."""
    service = new or old
    if service is None or (selector_of(new) and (old is None or selector_of(old))):
        return ()
    return (key_of(service),)


CONTROLLER = Controller(
    "endpointslice-mirroring-controller",
    primary="endpoints",
    watches={"services": by_hand, "endpointslices": of_service},
)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """As many slices as it takes, each with the ports of one subset."""
    endpoints, service = view.get("endpoints", key), view.get("services", key)
    slices = [one for one in view.derived(Index).slices_of(key) if labels_of(one).get(MANAGED_BY) == MANAGER]
    if endpoints is None or is_deleting(endpoints) or not is_mirrored(endpoints, service):
        for one in slices:
            yield Delete("endpointslices", one, because=one, why="There are no Endpoints that it would mirror.")
        return
    wanted = list(mirrored(endpoints))
    for one, body in zip(slices, wanted, strict=False):
        metadata = {**one["metadata"], "labels": labels(endpoints), "annotations": kept_annotations(endpoints)}
        new = {**one, **body, "metadata": metadata}
        if new != one:
            yield Update("endpointslices", new, because=endpoints)
    for body in wanted[len(slices) :]:
        yield Create("endpointslices", created(endpoints, body), because=endpoints, why="Endpoints made by hand.")
    for one in slices[len(wanted) :]:
        yield Delete("endpointslices", one, because=endpoints, why="The Endpoints have no such subset any more.")


def is_mirrored(endpoints: Body, service: Body | None) -> bool:
    if service is None or selector_of(service) or service["spec"]["type"] == "ExternalName":
        return False
    return labels_of(endpoints).get(SKIP) != "true" and LEADER not in annotations_of(endpoints)


def mirrored(endpoints: Body) -> Iterator[Body]:
    """{"endpoints", "ports"} of each slice."""
    for subset in endpoints.get("subsets") or ():
        ports = [{"name": "", **port} for port in subset.get("ports") or ()]
        found = [_endpoint(one, ready=True) for one in subset.get("addresses") or ()]
        found += [_endpoint(one, ready=False) for one in subset.get("notReadyAddresses") or ()]
        found = found[:MOST_OF_SUBSET]
        for start in range(0, len(found), MOST_IN_SLICE):
            yield {"endpoints": found[start : start + MOST_IN_SLICE], "ports": ports}


def _endpoint(address: Body, *, ready: bool) -> Body:
    kept = {name: address[name] for name in ("hostname", "nodeName", "targetRef") if address.get(name)}
    return {"addresses": [address["ip"]], "conditions": {"ready": ready}, **kept}


def created(endpoints: Body, body: Body) -> Body:
    key = key_of(endpoints)
    metadata = {
        "generateName": f"{key.name}-",
        "namespace": key.namespace,
        "labels": labels(endpoints),
        "annotations": kept_annotations(endpoints),
        "ownerReferences": [owner_reference(endpoints)],
    }
    kind = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice"}
    return {**kind, "metadata": metadata, "addressType": "IPv4", **body}


def labels(endpoints: Body) -> dict[str, str]:
    return {**labels_of(endpoints), SERVICE_NAME: endpoints["metadata"]["name"], MANAGED_BY: MANAGER}


def kept_annotations(endpoints: Body) -> dict[str, str]:
    return {name: value for name, value in annotations_of(endpoints).items() if name not in LEFT_OUT}
