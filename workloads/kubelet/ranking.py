"""Who goes first when a node runs short (Kubernetes: Pod selection for kubelet eviction; the kernel's oom_score)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from clusters.kinds.body import Body, dig
from workloads.kubelet.measuring import disk_of, memory_of
from workloads.kubelet.resources import whole

CRITICAL = 2_000_000_000  # system-cluster-critical: the kubelet never evicts such a pod


class Tenant(NamedTuple):
    """A pod on the node with its sandbox."""

    pod: Body
    box: Body


def ranked(tenants: Sequence[Tenant], resource: str) -> list[Tenant]:
    """Those that use more than they asked for, then the lowest priority, then who uses most beyond its request."""

    if resource == "pids":  # nobody asks for process numbers: the priority alone decides
        return sorted((one for one in tenants if priority(one.pod) < CRITICAL), key=lambda one: priority(one.pod))

    def order(tenant: Tenant) -> tuple[bool, int, int]:
        beyond = used(tenant.box, resource) - requested(tenant.pod, resource)
        return beyond <= 0, priority(tenant.pod), -beyond

    return sorted((one for one in tenants if priority(one.pod) < CRITICAL), key=order)


def priority(pod: Body) -> int:
    return int(pod["spec"].get("priority") or 0)


def used(box: Body, resource: str) -> int:
    return memory_of(box) if resource == "memory" else disk_of(box)


def requested(pod: Body, resource: str) -> int:
    """What all its containers ask for."""
    return sum(_request(container, resource) for container in pod["spec"]["containers"])


def _request(container: Body, resource: str) -> int:
    return whole((dig(container, "resources.requests") or {}).get(resource, "0"))


def greedy(tenant: Tenant, resource: str) -> str:
    """A sentence for each container that uses more than it asked for."""
    said = ""
    for name, held in tenant.box.get("holds", {}).items():
        spec: Body = next((one for one in tenant.pod["spec"]["containers"] if one["name"] == name), {})
        using, asked = held[0 if resource == "memory" else 1], _request(spec, resource)
        if using > asked:
            request = (dig(spec, "resources.requests") or {}).get(resource, "0")
            said += f"Container {name} was using {amount(using)}, request is {request}, "
            said += f"has larger consumption of {resource}. "
    return said


def amount(size: int) -> str:
    """As the kubelet writes bytes: `7987200Ki`."""
    return f"{size // 1024}Ki" if size >= 1024 else str(size)


def first_to_die(tenants: Sequence[Tenant], capacity: int) -> tuple[Tenant, str] | None:
    """(pod, container) with the highest oom_score."""
    found = [
        (held[0] * 1000 // capacity + _adjusted(one.pod, name, capacity), index, name)
        for index, one in enumerate(tenants)
        for name, held in one.box.get("holds", {}).items()
    ]
    if not found:
        return None
    _, index, name = max(found, key=lambda entry: (entry[0], -entry[1]))
    return tenants[index], name


def _adjusted(pod: Body, name: str, capacity: int) -> int:
    """oom_score_adj, by class of service (kubelet: qos policy)."""
    class_ = dig(pod, "status.qosClass")
    if class_ == "Guaranteed" or priority(pod) >= CRITICAL:
        return -997
    if class_ == "BestEffort":
        return 1000
    spec: Body = next((one for one in pod["spec"]["containers"] if one["name"] == name), {})
    return min(max(1000 - 1000 * _request(spec, "memory") // capacity, 3), 999)
