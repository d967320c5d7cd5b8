"""What a packet's way needs at hand: who has an address, which Services have rules for it (`view.derived(Index)`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from clusters.kinds.body import Body, Key, dig, key_of, labels_of

P = TypeVar("P", bound=Hashable)
Places = Callable[[Body], Iterable[P]]
SERVICE_NAME = "kubernetes.io/service-name"
INGRESS = ("ingress", "bigip")  # in the names of all Ingress controllers' images


class Index:
    """Kept by every change, rebuilt from all objects."""

    resources: tuple[str, ...] = ("sandboxes", "machines", "proxyrules", "endpointslices", "services")

    def __init__(self) -> None:
        self.machines: dict[str, str] = {}  # address -> name
        self._pods: defaultdict[str, dict[Key, Body]] = defaultdict(dict)  # address -> sandboxes, not the host's
        self._hosts: defaultdict[str, dict[Key, Body]] = defaultdict(dict)  # node -> sandboxes in its own network
        self._services: defaultdict[str, dict[Key, Body]] = defaultdict(dict)  # address -> proxy rules
        self._ports: defaultdict[int, dict[Key, Body]] = defaultdict(dict)  # node port -> proxy rules
        self._controllers: dict[Key, Body] = {}  # sandboxes of Ingress controllers
        self._slices: defaultdict[Key, dict[Key, Body]] = defaultdict(dict)  # Service -> its slices
        self._cluster: defaultdict[str, dict[Key, Body]] = defaultdict(dict)  # cluster IP -> Services
        self._balanced: defaultdict[str, dict[Key, Body]] = defaultdict(dict)  # a load balancer's address -> Services

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if resource == "sandboxes":
            _move(old, new, _pod_places, self._pods)
            _move(old, new, _host_places, self._hosts)
            self._ingress_controller(old, new)
        elif resource == "machines":
            if old is not None and old.get("ip"):
                self.machines.pop(old["ip"], None)
            if new is not None and new.get("ip"):
                self.machines[new["ip"]] = new["metadata"]["name"]
        elif resource == "proxyrules":
            _move(old, new, _addresses, self._services)
            _move(old, new, _node_ports, self._ports)
        elif resource == "endpointslices":
            _move(old, new, _service, self._slices)
        elif resource == "services":
            _move(old, new, _cluster_ips, self._cluster)
            _move(old, new, balanced, self._balanced)

    def _ingress_controller(self, old: Body | None, new: Body | None) -> None:
        if old is not None:
            self._controllers.pop(key_of(old), None)
        if new is not None and is_controller(new):
            self._controllers[key_of(new)] = new

    def controllers(self) -> Sequence[Body]:
        """Sandboxes in which an Ingress controller may run, in order."""
        return _in_order(self._controllers)

    def pod_at(self, address: str) -> Body | None:
        """The sandbox that has this address; the youngest, should two nodes have given it away."""
        held = self._pods.get(address)
        return max(held.values(), key=lambda box: box["since"]) if held else None

    def hosts_on(self, node: str) -> Sequence[Body]:
        """Sandboxes that share the node's own address, in order."""
        return _in_order(self._hosts.get(node))

    def rules_at(self, address: str) -> Sequence[Body]:
        """Rules of Services that have, or had, this address."""
        return _in_order(self._services.get(address))

    def rules_on_port(self, port: int) -> Sequence[Body]:
        """Rules of Services that have, or had, this node port or health check's port."""
        return _in_order(self._ports.get(port))

    def slices_of(self, service: Key) -> Sequence[Body]:
        return _in_order(self._slices.get(service))

    def service_at(self, cluster_ip: str) -> Body | None:
        """The Service with this cluster IP, for the way back from addresses to names."""
        return next(iter(_in_order(self._cluster.get(cluster_ip))), None)

    def balanced_at(self, address: str) -> Sequence[Body]:
        """Services to which a load balancer's address belongs."""
        return _in_order(self._balanced.get(address))


def _move(old: Body | None, new: Body | None, places: Places[P], shelf: defaultdict[P, dict[Key, Body]]) -> None:
    """From where it stood to where it stands."""
    for place in places(old) if old is not None else ():
        shelf[place].pop(key_of(old or {}), None)
        if not shelf[place]:
            del shelf[place]
    if new is not None:
        for place in places(new):
            shelf[place][key_of(new)] = new


def _in_order(held: dict[Key, Body] | None) -> Sequence[Body]:
    if not held:
        return ()
    return [held[key] for key in sorted(held)] if len(held) > 1 else list(held.values())


def _pod_places(box: Body) -> Iterable[str]:
    return (box["ip"],) if box.get("ip") and not box.get("host") and not box.get("over") else ()


def _host_places(box: Body) -> Iterable[str]:
    return (box["metadata"]["namespace"],) if box.get("host") and not box.get("over") else ()


def is_controller(box: Body) -> bool:
    """Whether one of its images is an Ingress controller's."""
    return any(word in name for name in _images(box) for word in INGRESS)


def _images(box: Body) -> Iterator[str]:
    return (
        box["containers"][name].get("image") or "" for name in box.get("running") or () if name in box["containers"]
    )


def _addresses(rules: Body) -> Iterable[str]:
    return dict.fromkeys(one for version in _told(rules) for one in (*version["ips"], *version["outside"]))


def _node_ports(rules: Body) -> Iterable[int]:
    told = list(_told(rules))
    own = (port["node"] for version in told for port in version["ports"] if port.get("node"))
    return dict.fromkeys([*own, *(version["health"] for version in told if version.get("health"))])


def _told(rules: Body) -> Iterator[Body]:
    return (version["rules"] for version in rules["versions"] if version["rules"])


def _service(slice_: Body) -> Iterable[Key]:
    name = labels_of(slice_).get(SERVICE_NAME)
    return (Key(key_of(slice_).namespace, name),) if name else ()


def _cluster_ips(service: Body) -> Iterable[str]:
    return [one for one in dig(service, "spec.clusterIPs") or () if one != "None"]


def balanced(service: Body) -> list[str]:
    """The addresses that a load balancer serves for it."""
    return [one["ip"] for one in dig(service, "status.loadBalancer.ingress") or () if one.get("ip")]
