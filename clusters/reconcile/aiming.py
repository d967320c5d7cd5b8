"""Whom a Fault hits: by name, label, zone, chance or count, the same for the controller and for the page that asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from clusters.faults import FAULTS
from clusters.kinds.body import Body, labels_of
from clusters.kinds.fault import entry_of, narrowed
from clusters.kinds.labelselector import shown
from clusters.kinds.selectors import matches
from clusters.reconcile.sparing import all_spared, node_spared, pod_spared

Listing = Callable[[str], Sequence[Body]]
ZONE = "topology.kubernetes.io/zone"
CONTROL_PLANE = "node-role.kubernetes.io/control-plane"


class Aim(NamedTuple):
    """`missed`: why it hits nobody; "" where it hits somebody."""

    hit: list[Body]
    missed: str
    others: list[str]  # the other side of a partition


def aimed(spec: Body, seed: str, listing: Listing, known: Sequence[Body] = ()) -> Aim:
    """Everybody of the target. `known`: whom it hits already, who come first where there is a `count`."""
    type_, target = FAULTS[spec["type"]], spec.get("target") or {}
    if type_.part:
        return _parts(type_.part, listing)
    if not type_.hits:
        return Aim([], "", [])
    if not target or (type_.target == "network" and not narrowed(target)):
        return Aim([], "", [])
    wants_pods = type_.hits == "pods" and not (target.get("node") or target.get("zone"))
    powers = powers_of(listing) if type_.moment else {}
    spared, meant = (pod_spared, _fits_pod) if wants_pods else (node_spared, _fits_node)
    matching = [one for one in listing("pods" if wants_pods else "nodes") if meant(one, target)]
    found = [entry_of(one) for one in matching if not spared(one, spec, powers)]
    if not found:
        whys = [why for one in matching if (why := spared(one, spec, powers))]
        return Aim([], all_spared(whys, type_.hits) or _why_nobody(target, pods=wants_pods), [])
    found = _chosen(found, target, seed, [_bare(one) for one in known])
    if not found:
        return Aim([], f"With a chance of {target.get('chance')} % none was hit.", [])
    return _cut(spec, found, listing) if type_.type == "NodePartition" else Aim(found, "", [])


def powers_of(listing: Listing) -> dict[str, str]:
    """Whether the machines run, by the names of their nodes."""
    return {machine["metadata"]["name"]: machine.get("power", "") for machine in listing("machines")}


def _cut(spec: Body, found: list[Body], listing: Listing) -> Aim:
    """A partition with its other side; where nobody is there, nothing is cut."""
    others = _others(spec, found, listing)
    if others:
        return Aim(found, "", others)
    own = "the control plane is not cut off from itself" if not spec.get("from") else "spec.from means no other node"
    return Aim([], f"Nobody is on the other side: {own}.", [])


def _parts(part: str, listing: Listing) -> Aim:
    named = [pod for pod in listing("pods") if labels_of(pod).get("component") == part]
    found = [entry_of(pod) for pod in named if pod["metadata"]["namespace"] == "kube-system"]
    return Aim(found, "" if found else f"No pod of {part} is there.", [])


def _fits_pod(pod: Body, target: Body) -> bool:
    metadata, namespace = pod["metadata"], target.get("namespace") or "default"
    if metadata["namespace"] != namespace or target.get("pod") not in (None, metadata["name"]):
        return False
    return "selector" not in target or matches(target["selector"], labels_of(pod))


def _fits_node(node: Body, target: Body) -> bool:
    labels = labels_of(node)
    if target.get("node") not in (None, node["metadata"]["name"]) or target.get("zone") not in (None, labels.get(ZONE)):
        return False
    if "selector" in target:
        return matches(target["selector"], labels)
    drawn = "node" not in target and "zone" not in target
    return not (drawn and CONTROL_PLANE in labels)  # chance alone never takes the control plane


def _chosen(found: list[Body], target: Body, seed: str, known: Sequence[Body]) -> list[Body]:
    """By lot: each draws once and for all, so that asking again gives the same."""
    chance, count = target.get("chance"), target.get("count")
    if chance is not None:
        found = [one for one in found if _lot(seed, one) * 100 < chance]
    if count is not None and len(found) > count:
        order = sorted(found, key=lambda one: (one not in known, _lot(seed, one)))[:count]
        found = [one for one in found if one in order]
    return found


def _lot(seed: str, entry: Body) -> float:
    """From 0 up to, not including, 1."""
    digest = blake2b(f"{seed}/{sorted(entry.items())}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def _bare(entry: Body) -> Body:
    return {name: value for name, value in entry.items() if name in ("node", "namespace", "pod")}


def _others(spec: Body, found: Sequence[Body], listing: Listing) -> list[str]:
    """The other side: what `from` says, or the control plane; nobody is cut off from himself."""
    ours, side = [one["node"] for one in found], spec.get("from") or {}
    nodes = [node for node in listing("nodes") if not side or _fits_node(node, side)]
    names = [node["metadata"]["name"] for node in nodes if side or CONTROL_PLANE in labels_of(node)]
    return [name for name in names if name not in ours]


def _why_nobody(target: Body, *, pods: bool) -> str:
    if pods:
        namespace = target.get("namespace") or "default"
        if target.get("pod"):
            return f'pods "{target["pod"]}" not found in namespace "{namespace}".'
        which = f" with {shown(target['selector'])}" if target.get("selector") else ""
        return f'No pod{which} is in namespace "{namespace}".'
    if target.get("node"):
        return f'nodes "{target["node"]}" not found.'
    if target.get("zone"):
        return f"No node has the label {ZONE}={target['zone']}."
    return f"No node has the labels {shown(target['selector'])}." if target.get("selector") else "There is no worker."
