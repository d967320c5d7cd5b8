"""Whom a fault would hit, before anybody confirms it: the objects that the picture outlines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from clusters.faults import FAULTS
from clusters.kinds.body import Body, Key, dig, key_of, labels_of
from clusters.kinds.selectors import matches
from clusters.reconcile.aiming import Listing, aimed
from clusters.reconcile.sparing import deployment_spared


class Targets(NamedTuple):
    """`missed`: why it would hit nobody."""

    found: Sequence[Body]
    missed: str

    @property
    def uids(self) -> list[str]:
        return [str(body["metadata"]["uid"]) for body in self.found]

    @property
    def names(self) -> list[str]:
        return [str(body["metadata"]["name"]) for body in self.found]


def targets(fault: Body, listing: Listing) -> Targets:
    """Its pods or nodes; of a fault that hits everything, what it bites first."""
    spec = fault["spec"]
    type_ = FAULTS[spec["type"]]
    if type_.target == "deployment":
        return _of_deployment(spec.get("target") or {}, listing)
    aim = aimed(spec, str(fault["metadata"].get("name") or ""), listing)
    if aim.hit:
        wanted = [(one.get("namespace") or "", one.get("pod") or one.get("node")) for one in aim.hit]
        resource = "pods" if "pod" in aim.hit[0] else "nodes"
        return Targets([body for body in listing(resource) if tuple(key_of(body)) in wanted], "")
    if aim.missed:
        return Targets((), aim.missed)
    if type_.target == "cluster":
        return Targets([pod for pod in listing("pods") if labels_of(pod).get("k8s-app") == "kube-dns"], "")
    return Targets(listing("nodes"), "")


def _of_deployment(target: Body, listing: Listing) -> Targets:
    namespace, name = target.get("namespace") or "default", target.get("deployment") or ""
    deployment = next((one for one in listing("deployments") if tuple(key_of(one)) == (namespace, name)), None)
    missed = deployment_spared(deployment, Key(namespace, name))
    if deployment is None or missed:
        return Targets((), missed)
    selector = dig(deployment, "spec.selector")
    pods = [pod for pod in listing("pods") if pod["metadata"]["namespace"] == namespace]
    return Targets([deployment, *(pod for pod in pods if matches(selector, labels_of(pod)))], "")
