"""From an address that no rule changes any more to who listens there (Kubernetes: pod networking, CNI)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from ipaddress import IPv4Address, IPv4Network

from clusters.kernel import Outcome
from clusters.kinds.body import Body, Key, dig, key_of
from clusters.kinds.node import CLUSTER_CIDR
from clusters.reconcile.faults import severed
from networking import policy
from networking.network import device, machines, proxying, weather
from networking.network.fitness import fit_nodes
from networking.network.rules import Refused, match_node_port, translate
from networking.network.trip import (
    FROM_OUTSIDE,
    NO_ROUTE,
    NO_TLS,
    OTHER_NODE,
    SAME_NODE,
    TIMEOUT,
    Trip,
    is_up,
    sandbox_of,
)
from networking.policy import Party, Verdict

PODS = IPv4Network(CLUSTER_CIDR)


def deliver(trip: Trip, address: str, port: int) -> Outcome:
    """To a machine, a pod, or nobody."""
    machine = trip.index.machines.get(address)
    if machine is not None:
        return to_machine(trip, machine, address, port)
    box = trip.index.pod_at(address)
    if box is None:
        return to_nobody(trip, address)
    return to_pod(trip, pod_of(trip, box), box["metadata"]["namespace"], address, port)


def to_machine(trip: Trip, machine: str, address: str, port: int) -> Outcome:
    """Its own rules for node ports come first, then who listens on it."""
    if not is_up(trip.view, machine):
        return trip.fail(NO_ROUTE, "node", machine, "has no power")
    refused = policy.leaving(trip.view, leaver(trip), Party(address, None, machine), port, trip.transport)
    if not refused.allowed:
        return stopped(trip, refused, machine, port)
    if cut := severed(trip.view, trip.node, machine):
        return lost(trip, cut, trip.node, machine)
    if (late := weather.delay(trip, None, machine)) is None:
        return trip.fail(TIMEOUT, "node", machine, "packets are lost on the way")
    trip.takes += late
    trip.has_left = trip.source is not None and machine != trip.node
    trip.hop("node", machine, f"{address}:{port}")
    if trip.request.protocol == "icmp":
        return arrived(trip, machine, Outcome(ok=True))
    found = match_node_port(trip.view, machine, port, trip.transport)
    if found is not None:
        endpoint = translate(trip, machine, found)
        if isinstance(endpoint, Refused):
            return trip.fail(endpoint.reason, "service", str(endpoint.service), endpoint.why)
        trip.node = machine
        return deliver(trip, endpoint.address, endpoint.port)
    forwarded = machines.host_port(trip, machine, port)
    if forwarded is not None:
        pod, container_port = forwarded
        trip.node = machine
        return to_pod(trip, pod, machine, dig(pod, "status.podIP", ""), container_port)
    return arrived(trip, machine, machines.answer(trip, machine, address, port))


def to_pod(trip: Trip, pod: Body, node: str, address: str, port: int) -> Outcome:
    """Past the policies of both sides into the pod, on whatever node it is."""
    name = str(key_of(pod))
    if not is_up(trip.view, node):
        return trip.fail(NO_ROUTE, "node", node, f"has no power, and {address} was there")
    if cut := severed(trip.view, trip.node, node):
        return lost(trip, cut, trip.node, node)
    if (late := weather.delay(trip, pod, node)) is None:
        return trip.fail(TIMEOUT, "pod", name, "packets are lost on the way")
    trip.takes += late
    refused = forbidden(trip, Party(address, pod), port)
    if refused is not None:
        return stopped(trip, refused, name, port)
    if trip.request.protocol == "icmp":
        trip.hop("pod", name, f"{address} answers")
        return arrived(trip, node, Outcome(ok=True))
    controller = proxying.controller_at(trip, pod, port)
    if controller is not None:
        trip.hop("pod", name, f"{address}:{port}: connected")
        return arrived(trip, node, proxying.through(trip, pod, port, controller))
    request = replace(trip.request, port=port, client=trip.client)
    outcome = trip.view.kernel.containers.answer(trip.view, pod, request)
    found = "speaks no TLS" if outcome.reason == NO_TLS else outcome.reason or outcome.status or "connected"
    said = f"{address}:{port}: {found}"
    trip.hop("pod", name, said)
    return arrived(trip, node, outcome)


def lost(trip: Trip, cut: Body, here: str, there: str) -> Outcome:
    """A partition: whoever sends waits for an answer in vain."""
    return trip.fail(TIMEOUT, "fault", cut["metadata"]["name"], f"no packet passes between {here} and {there}")


def arrived(trip: Trip, node: str, outcome: Outcome) -> Outcome:
    """With the time that the wire takes."""
    trip.takes += FROM_OUTSIDE if trip.source is None else SAME_NODE if node == trip.node else OTHER_NODE
    return trip.done(outcome)


def forbidden(trip: Trip, target: Party, port: int) -> Verdict | None:
    """The policies' verdict, when it is no. What has left its node is not asked again whether it may."""
    found = Verdict(True)
    if not trip.has_left:
        found = policy.leaving(trip.view, leaver(trip), target, port, trip.transport)
    if found.allowed:
        found = policy.entering(trip.view, comer(trip), target, port, trip.transport)
    return None if found.allowed else found


def leaver(trip: Trip) -> Party:
    """Who sends, as its own node knows it."""
    return Party(own_address(trip), trip.source)


def comer(trip: Trip) -> Party:
    """Who sends, as the other side sees it: behind another address nobody knows the pod."""
    pod = trip.source if trip.source is not None and trip.client == own_address(trip) else None
    if pod is not None and pod["spec"].get("hostNetwork"):
        pod = None
    return Party(trip.client, pod, trip.index.machines.get(trip.client, ""))


def own_address(trip: Trip) -> str:
    box = sandbox_of(trip.view, trip.source) if trip.source else None
    return str(box["ip"]) if box else trip.client


def stopped(trip: Trip, found: Verdict, name: str, port: int) -> Outcome:
    """A policy drops the packet, and nobody hears of it."""
    names = ", ".join(str(key) for key in found.policies)
    way = "to" if found.direction == policy.EGRESS else "into"
    return trip.fail(TIMEOUT, "policy", names, f"{found.direction.lower()} {way} {name} port {port} is not allowed")


def to_nobody(trip: Trip, address: str) -> Outcome:
    """A pod's address that nobody has is asked for in vain on its node; anything else is the outside world."""
    refused = policy.leaving(trip.view, leaver(trip), Party(address), trip.request.port, trip.transport)
    if not refused.allowed:
        return stopped(trip, refused, address, trip.request.port)
    own = device.ingresses_at(trip.view, address)
    if own:
        trip.client = str(dig(trip.view.get("machines", Key("", trip.node)), "ip", trip.client))  # masqueraded
        return to_device(trip, address, own)
    node = node_of_range(trip, address)
    if node and is_up(trip.view, node):
        return trip.fail(NO_ROUTE, "node", node, f"nobody there has {address}")
    if node:
        return trip.fail(NO_ROUTE, "node", node, "has no power")
    what = "no node's rules have it" if IPv4Address(address) in PODS else "the world outside is not simulated"
    return trip.fail(TIMEOUT, "address", address, what)


def to_device(trip: Trip, address: str, found: Sequence[Body]) -> Outcome:
    """Through the device to a node that is fit, at its port."""

    def send(node: str, port: int) -> Outcome:
        return deliver(trip, str(dig(trip.view.get("machines", Key("", node)), "ip", node)), port)

    return device.answer(trip, address, found, partial(fit_nodes, trip.view), send)


def node_of_range(trip: Trip, address: str) -> str:
    """The node whose pod range has the address."""
    if IPv4Address(address) not in PODS:
        return ""
    for node in trip.view.list("nodes"):
        cidr = dig(node, "spec.podCIDR")
        if cidr and IPv4Address(address) in IPv4Network(cidr, strict=False):
            return str(node["metadata"]["name"])
    return ""


def pod_of(trip: Trip, box: Body) -> Body:
    """The pod of a sandbox; what the API has forgotten still answers as what its machine knows of it."""
    key = Key(box["pod"]["namespace"], box["pod"]["name"])
    pod = trip.view.get("pods", key)
    if pod is not None and pod["metadata"]["uid"] == box["uid"]:
        return pod
    metadata = {"namespace": key.namespace, "name": key.name, "uid": box["metadata"]["name"]}
    spec = {"nodeName": box["metadata"]["namespace"], "containers": []}
    return {"metadata": metadata, "spec": spec, "status": {"podIP": box["ip"]}}
