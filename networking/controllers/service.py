"""A cloud's load balancers: an address for each Service of type LoadBalancer (Kubernetes: cloud-controller-manager)."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from ipaddress import IPv4Address, IPv4Network

from clusters.kinds.body import Body, Key, dig, is_deleting, key_of, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Emit, LookAgain, SetStatus, Update, Write

POOL = IPv4Network("192.168.64.0/20")
CLEANUP = "service.kubernetes.io/load-balancer-cleanup"
WAIT = 5 * SECOND  # minRetryDelay
BEATS = 10  # a load balancer takes so many of kube-proxy's periods to set up: 10 s, or 2 s in a lesson

Writes = Generator[Write, Body | Status | None, None]


def one_that_went(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """An address is free again: Services that wait for one."""
    if new is not None or old is None:
        return ()
    return [
        key_of(one) for one in view.list("services") if is_wanted(one) and not dig(one, "status.loadBalancer.ingress")
    ]


CONTROLLER = Controller("service-controller", primary="services", watches={"balancers": one_that_went})


def reconcile(key: Key, view: View) -> Writes:
    """The balancer is there while the Service wants one, and gone before the Service goes."""
    service, known = view.get("services", key), view.get("balancers", key)
    if known is not None and (service is None or known["uid"] != uid_of(service)):
        yield Delete("balancers", known, why="Its Service is gone.")
        known = None
    if service is None:
        return
    if is_wanted(service):
        yield from ensure(service, known, view)
    elif known is not None or CLEANUP in finalizers(service):
        yield from clean_up(service, known)


def is_wanted(service: Body) -> bool:
    """Whether this cloud, and not another class's controller, looks after it."""
    spec = service["spec"]
    return spec["type"] == "LoadBalancer" and not spec.get("loadBalancerClass") and not is_deleting(service)


def ensure(service: Body, known: Body | None, view: View) -> Writes:
    if CLEANUP not in finalizers(service):
        answer = yield Update("services", with_finalizers(service, [*finalizers(service), CLEANUP]), because=service)
        service = answer if isinstance(answer, dict) else service
    if known is None:
        address = free_address(service, view)
        if isinstance(address, Refusal):
            yield Emit(service, "Warning", "SyncLoadBalancerFailed", f"{FAILED}: {address.why}")
            yield LookAgain(view.now + WAIT)
            return
        yield Emit(service, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer")
        known = made(service, address, view)
        yield Create("balancers", known, because=service)
    ready = known["since"] + BEATS * view.timings.proxy_sync
    if view.now < ready:
        yield LookAgain(ready)
        return
    wanted = [{"ip": known["ip"], "ipMode": "VIP"}]
    if dig(service, "status.loadBalancer.ingress") != wanted:
        status = {**(service.get("status") or {}), "loadBalancer": {"ingress": wanted}}
        yield SetStatus("services", service, status, because=service, why="Its load balancer is ready.")
        yield Emit(service, "Normal", "EnsuredLoadBalancer", "Ensured load balancer")


def clean_up(service: Body, known: Body | None) -> Writes:
    """In the cloud first, then what the Service says of it, then the finalizer."""
    yield Emit(service, "Normal", "DeletingLoadBalancer", "Deleting load balancer")
    if known is not None:
        yield Delete("balancers", known, because=service)
    if dig(service, "status.loadBalancer.ingress"):
        status = {**service["status"], "loadBalancer": {}}
        answer = yield SetStatus("services", service, status, because=service)
        service = answer if isinstance(answer, dict) else service
    yield Emit(service, "Normal", "DeletedLoadBalancer", "Deleted load balancer")
    left = [name for name in finalizers(service) if name != CLEANUP]
    yield Update("services", with_finalizers(service, left), because=service, why="Its load balancer is gone.")


class Refusal:
    """Why the cloud has no address to give."""

    def __init__(self, why: str) -> None:
        self.why = why


FAILED = "Error syncing load balancer: failed to ensure load balancer"


def free_address(service: Body, view: View) -> str | Refusal:
    """The one that it asks for (spec.loadBalancerIP), or the lowest that is free."""
    taken = {one["ip"]: True for one in view.list("balancers")}
    wanted = service["spec"].get("loadBalancerIP")
    if wanted:
        if not is_ours(wanted):
            return Refusal(f"requested IP {wanted} is not in the range of this cloud, {POOL}")
        return wanted if wanted not in taken else Refusal(f"requested IP {wanted} is in use")
    for number in range(1, POOL.num_addresses - 1):
        address = str(POOL[number])
        if address not in taken:
            return address
    return Refusal("no address is left")


def is_ours(address: str) -> bool:
    try:
        return IPv4Address(address) in POOL
    except ValueError:
        return False


def made(service: Body, address: str, view: View) -> Body:
    key = key_of(service)
    return {
        "apiVersion": "machine.podium.dev/v1",
        "kind": "Balancer",
        "metadata": {"namespace": key.namespace, "name": key.name},
        "uid": uid_of(service),
        "ip": address,
        "since": view.now,
    }


def finalizers(service: Body) -> list[str]:
    return list(service["metadata"].get("finalizers") or ())


def with_finalizers(service: Body, names: list[str]) -> Body:
    metadata = {name: value for name, value in service["metadata"].items() if name != "finalizers"}
    return {**service, "metadata": {**metadata, "finalizers": names} if names else metadata}
