"""Who sends, and to what address: the clients of one Traffic and the request that each of them makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import sqrt

from clusters.kernel import Outcome, Request
from clusters.kinds.body import Body, Key, dig, is_deleting, key_of, labels_of, uid_of
from clusters.kinds.selectors import matches
from clusters.reconcile.chance import Chance
from clusters.reconcile.view import View
from networking.kinds.traffic import NODES, OUTSIDE, address_of
from networking.network.fitness import fit_nodes
from networking.network.trip import BAD_ADDRESS, Trip

AT_ONCE = 8  # senders that are looked at in one moment; the others have their turn
DNS = Key("kube-system", "kube-dns")
WORLD = "203.0.113."  # the documentation's own range: whoever is somewhere out there (RFC 5737)


@dataclass(frozen=True, slots=True)
class Source:
    """`pod` None: outside. `id` is what the picture knows it by: a pod's or node's uid, or "outside"."""

    id: str
    name: str
    pod: Body | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a source sends to; `lost`: it does not even know an address."""

    host: str
    request: Request
    lost: Outcome | None = None


def senders(traffic: Body, view: View, turn: int) -> Sequence[Source]:
    """Those whose turn it is; nobody where none of them runs."""
    sender = traffic["spec"]["from"]
    if sender["where"] == OUTSIDE:
        return (Source("outside", "outside"),)
    found = list(on_nodes(traffic, view) if sender["where"] == NODES else in_pods(traffic, view))
    if len(found) <= AT_ONCE:
        return found
    first = turn * AT_ONCE % len(found)
    return [*found[first:], *found[:first]][:AT_ONCE]


def in_pods(traffic: Body, view: View) -> Iterator[Source]:
    sender = traffic["spec"]["from"]
    home = sender.get("namespace") or key_of(traffic).namespace
    for pod in view.list("pods", home):
        runs = dig(pod, "status.phase") == "Running" and dig(pod, "status.podIP") and not is_deleting(pod)
        if runs and matches(sender.get("selector"), labels_of(pod)):
            yield Source(uid_of(pod), str(key_of(pod)), pod)


def on_nodes(traffic: Body, view: View) -> Iterator[Source]:
    """A program on each worker, in its machine's network; it knows the cluster's names (ClusterFirstWithHostNet)."""
    service = view.get("services", DNS)
    server = dig(service, "spec.clusterIP") or "10.96.0.10"
    home = key_of(traffic).namespace
    search = " ".join((f"{home}.svc.cluster.local", "svc.cluster.local", "cluster.local"))
    resolv = f"nameserver {server}\nsearch {search}\noptions ndots:5\n"
    machines = [one for one in view.list("machines") if one.get("power") == "on" and one.get("ip")]
    for machine in [one for one in machines if one.get("role") == "worker"] or machines:
        name = machine["metadata"]["name"]
        node = view.get("nodes", Key("", name))
        metadata = {"namespace": home, "name": f"client-on-{name}", "uid": f"{uid_of(traffic)}-{name}", "labels": {}}
        spec = {"nodeName": name, "hostNetwork": True, "containers": []}
        box = {"ip": machine["ip"], "resolv": resolv}
        client = {"metadata": metadata, "spec": spec, "status": {"podIP": machine["ip"]}, "sandbox": box}
        yield Source(uid_of(node) if node else name, f"a program on {name}", client)


def aim(traffic: Body, source: Source, view: View, client: int) -> Aim:
    """`client`: which of the clients outside it is."""
    spec = traffic["spec"]
    target = spec["target"]
    own = "" if source.pod is not None else address_outside(client)
    request = Request("http", 80, spec["method"], spec["path"], client=own)
    if target.get("service"):
        return to_service(traffic, source, view, request)
    if target.get("ingress"):
        return to_ingress(target["ingress"], view, request)
    parts = address_of(target["url"])
    assert parts is not None
    scheme, host, port, path = parts
    path = path if spec["path"] == "/" else spec["path"]
    return Aim(host, Request("http", port, spec["method"], path, host=host, client=own, tls=scheme == "https"))


def to_service(traffic: Body, source: Source, view: View, request: Request) -> Aim:
    target = traffic["spec"]["target"]
    key = Key(target.get("namespace") or key_of(traffic).namespace, target["service"])
    service = view.get("services", key)
    name = f"{key.name}.{key.namespace}.svc.cluster.local"
    port = port_of(service, target.get("port"))
    if port is None:
        number = target["port"] if isinstance(target.get("port"), int) else 80
        port = {"port": number}
    sent = Request("http", port["port"], request.method, request.path, host=name, client=request.client)
    cluster_ip = str(dig(service, "spec.clusterIP") or "")
    has_address = cluster_ip not in ("", "None")
    if source.pod is not None:  # programs on a machine take the address itself: its own resolver knows no Services
        on_machine = bool(source.pod["spec"].get("hostNetwork")) and has_address
        return Aim(cluster_ip if on_machine else name, sent)
    return from_world(service, port, cluster_ip if has_address else name, sent, view)


def from_world(service: Body | None, port: Body, otherwise: str, sent: Request, view: View) -> Aim:
    """A load balancer's address, or else a node's port; anything else means nothing out there."""
    balanced = next((one["ip"] for one in dig(service, "status.loadBalancer.ingress") or () if one.get("ip")), None)
    if balanced:
        return Aim(balanced, sent)
    nodes = fit_nodes(view, service) if service is not None and port.get("nodePort") else []
    if nodes:
        node = view.random.pick(nodes)
        address = dig(view.get("machines", Key("", node)), "ip") or node
        at_port = Request("http", port["nodePort"], sent.method, sent.path, host=sent.host, client=sent.client)
        return Aim(address, at_port)
    return Aim(otherwise, sent)


def to_ingress(host: str, view: View, request: Request) -> Aim:
    """The name leads to the address that the Ingress says it has; by https where it has a certificate for it."""
    sent = replace(request, host=host)
    for ingress in view.list("ingresses"):
        if any(_named(rule.get("host") or "", host) for rule in dig(ingress, "spec.rules") or ()):
            if any(_named(name, host) for tls in dig(ingress, "spec.tls") or () for name in tls.get("hosts") or ()):
                sent = replace(sent, port=443, tls=True)
            for one in dig(ingress, "status.loadBalancer.ingress") or ():
                return Aim(one.get("ip") or one.get("hostname") or "", sent)
    trip = Trip(view, None, sent)
    return Aim(host, sent, trip.fail(BAD_ADDRESS, "dns", host, "no Ingress with this host has an address"))


def _named(rule: str, host: str) -> bool:
    if rule.startswith("*."):
        return host.partition(".")[2] == rule[2:]
    return rule == host


def port_of(service: Body | None, wanted: object) -> Body | None:
    """The Service's port of this number or name; its first where none is wanted."""
    ports: Sequence[Body] = dig(service, "spec.ports") or ()
    if wanted is None:
        return ports[0] if ports else None
    return next((one for one in ports if wanted in (one["port"], one.get("name"), str(one["port"]))), None)


def address_outside(client: int) -> str:
    """Each client has one of its own, as far as they go."""
    return f"{WORLD}{client % 254 + 1}"


def split(count: int, parts: int, first: int) -> list[int]:
    """As even as can be; who gets one more changes with `first`."""
    whole, rest = divmod(count, parts)
    return [whole + (1 if (index - first) % parts < rest else 0) for index in range(parts)]


def binomial(count: int, share: float, chance: Chance) -> int:
    """How many of so many have this luck, in a time that does not depend on how many they are."""
    if share >= 1.0 or count <= 0:
        return max(count, 0)
    spread = count * share * (1.0 - share)
    if spread > 25.0:  # near enough to a bell: the sum of twelve draws is one (Irwin-Hall)
        bell = sum(chance.fraction() for _ in range(12)) - 6.0
        return min(count, max(0, round(count * share + bell * sqrt(spread))))
    if count <= 32:
        return sum(chance.fraction() < share for _ in range(count))
    return _counted(count, share, chance.fraction())


def _counted(count: int, share: float, luck: float) -> int:
    """By the distribution's own sum; spread is small, so it is short."""
    if share > 0.5:
        return count - _counted(count, 1.0 - share, 1.0 - luck)
    term = (1.0 - share) ** count
    total, found = term, 0
    while luck > total and found < count:
        term *= (count - found) / (found + 1) * share / (1.0 - share)
        found += 1
        total += term
    return found
