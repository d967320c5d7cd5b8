"""Who may talk to whom (Kubernetes: NetworkPolicy): sets of allowances that add up, for pods that any of them picks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network
from typing import Protocol

from clusters.kinds.body import Body, Key, dig, key_of, labels_of
from clusters.kinds.selectors import matches

INGRESS, EGRESS = "Ingress", "Egress"


class Objects(Protocol):
    """What is looked at: a component's view, or what a page reads."""

    def get(self, resource: str, key: Key) -> Body | None: ...
    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]: ...


@dataclass(frozen=True, slots=True)
class Party:
    """One end of a connection: a pod, a machine, or what only an address is known of."""

    address: str
    pod: Body | None = None
    node: str = ""  # where it is no pod: the machine with this address

    @property
    def is_isolated_by_nobody(self) -> bool:
        """Policies are not for what shares its node's network, nor for what is no pod."""
        return self.pod is None or bool(self.pod["spec"].get("hostNetwork"))


@dataclass(frozen=True, slots=True)
class Verdict:
    """`policies`: those that allow it, or, when not allowed, those that pick the pod and do not."""

    allowed: bool
    direction: str = ""  # which side refused
    policies: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True)
class Talk:
    """A line of "who may talk to whom": from one pod to another, on these ports; none named: on all."""

    source: Key
    target: Key
    ports: tuple[str, ...]


def verdict(view: Objects, source: Party, target: Party, port: int, protocol: str = "TCP") -> Verdict:
    """Both must allow it: the source's policies on its way out, the target's on the way in."""
    out = leaving(view, source, target, port, protocol)
    return entering(view, source, target, port, protocol) if out.allowed else out


def leaving(view: Objects, source: Party, target: Party, port: int, protocol: str) -> Verdict:
    """The source's side. A pod always reaches itself and its own node."""
    is_own = source.address == target.address or (target.pod is None and target.node == home(source) != "")
    return Verdict(True) if is_own else _one_way(view, EGRESS, source, target, port, protocol)


def entering(view: Objects, source: Party, target: Party, port: int, protocol: str) -> Verdict:
    """The target's side. A node always reaches its own pods: the kubelet's probes."""
    is_own = source.address == target.address or (source.pod is None and source.node == home(target) != "")
    return Verdict(True) if is_own else _one_way(view, INGRESS, target, source, port, protocol)


def home(party: Party) -> str:
    """The node of a pod."""
    return str(party.pod["spec"].get("nodeName") or "") if party.pod else party.node


def _one_way(view: Objects, direction: str, own: Party, other: Party, port: int, protocol: str) -> Verdict:
    picked = policies_for(view, own, direction)
    if not picked:
        return Verdict(True)
    listener = other if direction == EGRESS else own
    allowing = [
        policy for policy in picked if any(_lets(view, policy, rule, other, listener, port, protocol)
                                           for rule in rules_of(policy, direction))
    ]  # fmt: skip
    keys = tuple(key_of(policy) for policy in allowing or picked)
    return Verdict(True, "", keys) if allowing else Verdict(False, direction, keys)


def policies_for(view: Objects, party: Party, direction: str) -> list[Body]:
    """The policies of this direction that pick the pod; none: everything is allowed."""
    if party.is_isolated_by_nobody or party.pod is None:
        return []
    there = view.list("networkpolicies", key_of(party.pod).namespace)
    return [
        one for one in there if direction in types_of(one) and matches(one["spec"]["podSelector"], labels_of(party.pod))
    ]


def types_of(policy: Body) -> Sequence[str]:
    """`policyTypes`, which defaults fill in."""
    return policy["spec"].get("policyTypes") or (INGRESS,)


def rules_of(policy: Body, direction: str) -> Iterable[Body]:
    return policy["spec"].get(direction.lower()) or ()


def _lets(view: Objects, policy: Body, rule: Body, other: Party, listener: Party, port: int, protocol: str) -> bool:
    peers = rule.get("from") or rule.get("to")
    if peers and not any(is_peer(view, peer, policy, other) for peer in peers):
        return False
    ports = rule.get("ports")
    return not ports or any(_is_port(one, listener, port, protocol) for one in ports)


def is_peer(view: Objects, peer: Body, policy: Body, other: Party) -> bool:
    """Whether a rule's `from` or `to` means this party."""
    if peer.get("ipBlock"):
        block = peer["ipBlock"]
        excepted = block.get("except") or ()
        return inside(block["cidr"], other.address) and not any(inside(one, other.address) for one in excepted)
    if other.pod is None or other.is_isolated_by_nobody:
        return False
    own, namespace = key_of(policy).namespace, key_of(other.pod).namespace
    if peer.get("namespaceSelector") is None:
        if namespace != own:
            return False
    else:
        found = view.get("namespaces", Key("", namespace))
        if found is None or not matches(peer["namespaceSelector"], labels_of(found)):
            return False
    return peer.get("podSelector") is None or matches(peer["podSelector"], labels_of(other.pod))


def _is_port(wanted: Body, listener: Party, port: int, protocol: str) -> bool:
    if (wanted.get("protocol") or "TCP") != protocol:
        return False
    named = wanted.get("port")
    if named is None:
        return True
    if isinstance(named, str):
        return port in _named(listener, named, protocol)
    return bool(named <= port <= (wanted.get("endPort") or named))


def _named(listener: Party, name: str, protocol: str) -> list[int]:
    """The numbers that a port's name has in the pod that listens."""
    spec = listener.pod["spec"] if listener.pod else {}
    return [
        one["containerPort"]
        for container in (*(spec.get("containers") or ()), *(spec.get("initContainers") or ()))
        for one in container.get("ports") or ()
        if one.get("name") == name and (one.get("protocol") or "TCP") == protocol
    ]


def inside(cidr: str, address: str) -> bool:
    """Whether the range has the address."""
    try:
        return IPv4Address(address) in _network(cidr)
    except ValueError:
        return False


@lru_cache(maxsize=4096)
def _network(cidr: str) -> IPv4Network:
    return IPv4Network(cidr, strict=False)


def who_may_talk(view: Objects, namespace: str | None = None) -> Iterator[Talk]:
    """Every pair of pods (of a namespace, or of all) of which one may open a connection to the other, in order."""
    pods = [
        pod for pod in view.list("pods", namespace) if dig(pod, "status.podIP") and not dig(pod, "spec.hostNetwork")
    ]
    for source in pods:
        for target in pods:
            if source is not target:
                ports = open_ports(view, party(source), party(target))
                if ports is not None:
                    yield Talk(key_of(source), key_of(target), ports)


def party(pod: Body) -> Party:
    """A pod as one end of a connection."""
    return Party(dig(pod, "status.podIP", ""), pod)


Span = tuple[str, int, int]  # protocol, first and last port
EVERY = (1, 65535)


def open_ports(view: Objects, source: Party, target: Party) -> tuple[str, ...] | None:
    """The ports on which it may: () is any, None none at all."""
    out = _spans(view, EGRESS, source, target, target)
    in_ = _spans(view, INGRESS, target, source, target)
    if out is None and in_ is None:
        return ()
    if out is None or in_ is None:
        return tuple(dict.fromkeys(_shown(span) for span in out or in_ or ())) or None
    both = [
        (one[0], max(one[1], other[1]), min(one[2], other[2])) for one in out for other in in_ if one[0] == other[0]
    ]
    return tuple(dict.fromkeys(_shown(span) for span in both if span[1] <= span[2])) or None


def _spans(view: Objects, direction: str, own: Party, other: Party, listener: Party) -> list[Span] | None:
    """What one side's policies allow; None: everything."""
    picked = policies_for(view, own, direction)
    if not picked:
        return None
    found: list[Span] = []
    for policy in picked:
        for rule in rules_of(policy, direction):
            peers = rule.get("from") or rule.get("to")
            if peers and not any(is_peer(view, peer, policy, other) for peer in peers):
                continue
            if not rule.get("ports"):
                return None
            found += [span for port in rule["ports"] for span in _of_port(port, listener)]
    return found


def _of_port(port: Body, listener: Party) -> list[Span]:
    protocol, number = port.get("protocol") or "TCP", port.get("port")
    if number is None:
        return [(protocol, *EVERY)]
    if isinstance(number, str):
        return [(protocol, one, one) for one in _named(listener, number, protocol)]
    return [(protocol, number, port.get("endPort") or number)]


def _shown(span: Span) -> str:
    protocol, first, last = span
    if (first, last) == EVERY:
        return protocol
    return f"{first}/{protocol}" if first == last else f"{first}-{last}/{protocol}"
