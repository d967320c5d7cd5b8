"""A machine as the cluster believes it to be (Kubernetes: Nodes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig, labels_of
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import NotAQuantity, canonical
from clusters.kinds.status import is_new, keep_status
from clusters.kinds.taints import taint_problems
from clusters.reconcile.clock import Time

CLUSTER_CIDR = "10.244.0.0/14"  # --cluster-cidr: the pods of 1,024 nodes, 254 each
ROLE = "node-role.kubernetes.io/"


def fill_in(node: Body) -> None:
    """A kubelet that registers brings the status along."""
    spec = node["spec"] = node.get("spec") or {}
    for name in ("unschedulable", "taints"):  # what is off or empty is not written down
        if not spec.get(name):
            spec.pop(name, None)
    status = node["status"] = node.get("status") or {}
    if status.get("capacity") and "allocatable" not in status:
        status["allocatable"] = dict(status["capacity"])
    for name in ("capacity", "allocatable") if is_new(node) else ():
        for resource, amount in (status.get(name) or {}).items():
            status[name][resource] = _tidy(amount)


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain, namespaced=False)
    yield from taint_problems(new["spec"].get("taints") or (), "spec.taints")
    yield from _ranges(new["spec"])
    if old is not None:
        yield from _changes(new["spec"], old["spec"])


def word(node: Body) -> str:
    """`Ready`, `NotReady,SchedulingDisabled`: whether the cluster believes in it."""
    ready = [c["status"] for c in dig(node, "status.conditions") or () if c["type"] == "Ready"]
    found = ("Ready" if ready[0] == "True" else "NotReady") if ready else "Unknown"
    return f"{found},SchedulingDisabled" if node["spec"].get("unschedulable") else found


def roles(node: Body, _: Time = 0) -> str:
    """From the labels `node-role.kubernetes.io/<role>` and `kubernetes.io/role`."""
    labels = labels_of(node)
    found = {name[len(ROLE) :] for name in labels if name.startswith(ROLE) and name != ROLE}
    if labels.get("kubernetes.io/role"):
        found.add(labels["kubernetes.io/role"])
    return ",".join(sorted(found)) or "<none>"


def _tidy(amount: str) -> str:
    try:
        return canonical(amount)
    except NotAQuantity:
        return amount


def _ranges(spec: Body) -> Iterator[FieldError]:
    for index, cidr in enumerate(spec.get("podCIDRs") or ([spec["podCIDR"]] if spec.get("podCIDR") else ())):
        try:
            IPv4Network(cidr)
        except ValueError:
            wrong = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
            yield FieldError.invalid(f"spec.podCIDRs[{index}]", cidr, wrong)


def _changes(new: Body, old: Body) -> Iterator[FieldError]:
    for name, first in (("podCIDR", "podCIDR"), ("podCIDRs", "podCIDR"), ("providerID", "providerID")):
        if old.get(name) and new.get(name) != old[name]:
            yield FieldError.forbidden(f"spec.{name}", f'node updates may not change {first} except from "" to valid')
            return


def _address(type_: str) -> Column:
    def value(node: Body, _: Time) -> str:
        found: Sequence[Body] = dig(node, "status.addresses") or ()
        return next((one["address"] for one in found if one["type"] == type_), "<none>")

    return Column(type_.replace("IP", "-IP"), value, wide=True)


def _info(name: str, path: str) -> Column:
    return Column(name, lambda node, _: dig(node, f"status.nodeInfo.{path}") or "<unknown>", wide=True)


NODE = Kind(
    "v1",
    "Node",
    "nodes",
    namespaced=False,
    short=("no",),
    subresources=("status",),
    columns=(
        *framed(Column("Status", lambda node, _: word(node)), Column("Roles", roles)),
        Column("Version", lambda node, _: dig(node, "status.nodeInfo.kubeletVersion", "")),
        _address("InternalIP"),
        _address("ExternalIP"),
        _info("OS-Image", "osImage"),
        _info("Kernel-Version", "kernelVersion"),
        _info("Container-Runtime", "containerRuntimeVersion"),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    selectable=("spec.unschedulable",),
)
