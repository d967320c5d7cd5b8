"""Who may talk to whom, told by groups: pods that no policy tells apart are judged once (Kubernetes: NetworkPolicy)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from clusters.kinds.body import Body, dig, key_of, labels_of
from clusters.kinds.node import CLUSTER_CIDR
from networking.policy import Objects, Party, inside, open_ports, party

WORLD = "203.0.113.1"  # an address of the world outside


@dataclass(frozen=True, slots=True)
class Leave:
    """What one group may do towards another. `ports`: () is all, None none; `some`: not all members alike."""

    ports: tuple[str, ...] | None
    some: bool = False


class Judge:
    """All policies at one moment. Answers are kept: pods with the same labels and named ports are alike."""

    def __init__(self, view: Objects) -> None:
        self._view = view
        self._blocks = tuple(dict.fromkeys(block for one in view.list("networkpolicies") for block in blocks(one)))
        self._known: dict[tuple[Hashable, Hashable], tuple[str, ...] | None] = {}

    def world(self) -> list[Party]:
        """Addresses outside that policies may tell apart."""
        found = [WORLD, *(str(IPv4Network(block, strict=False)[0]) for block in self._blocks)]
        return [Party(address) for address in dict.fromkeys(found) if not inside(CLUSTER_CIDR, address)]

    def leave(self, sources: Sequence[Party], targets: Sequence[Party]) -> Leave | None:
        """None where there are no two."""
        found: list[tuple[str, ...] | None] = []
        for source, own in self._kinds(sources):
            for target, other in self._kinds(targets):
                if own == other and len(sources) == len(targets) == 1 and source.address == target.address:
                    continue
                if (own, other) not in self._known:
                    self._known[own, other] = open_ports(self._view, source, target)
                found.append(self._known[own, other])
        if not found:
            return None
        some = any(one != found[0] for one in found)
        return Leave(found[0] if not some else most(found), some)

    def _kinds(self, parties: Sequence[Party]) -> list[tuple[Party, Hashable]]:
        """One of each kind."""
        held: dict[Hashable, Party] = {}
        for one in parties:
            held.setdefault(self._kind(one), one)
        return [(one, kind) for kind, one in held.items()]

    def _kind(self, one: Party) -> Hashable:
        blocks = tuple(inside(block, one.address) for block in self._blocks)
        if one.pod is None:
            return blocks
        labels = tuple(sorted(labels_of(one.pod).items()))
        return key_of(one.pod).namespace, labels, tuple(named_ports(one.pod)), blocks


def members(pods: Sequence[Body]) -> list[Party]:
    """Those that policies are for: in the pod network, with an address, and not over."""
    return [
        party(pod)
        for pod in pods
        if dig(pod, "status.podIP")
        and not dig(pod, "spec.hostNetwork")
        and dig(pod, "status.phase") not in ("Succeeded", "Failed")
    ]


def most(found: Sequence[tuple[str, ...] | None]) -> tuple[str, ...] | None:
    """What at least some may."""
    if () in found:
        return ()
    return tuple(dict.fromkeys(port for one in found for port in one or ())) or None


def named_ports(pod: Body) -> Iterator[tuple[str, int, str]]:
    for container in dig(pod, "spec.containers") or ():
        for one in container.get("ports") or ():
            if one.get("name"):
                yield one["name"], one["containerPort"], one.get("protocol") or "TCP"


def blocks(policy: Body) -> Iterator[str]:
    """All ranges of addresses that it names."""
    for side in ("ingress", "egress"):
        for rule in policy["spec"].get(side) or ():
            for peer in (*(rule.get("from") or ()), *(rule.get("to") or ())):
                block = peer.get("ipBlock") or {}
                yield from (one for one in (block.get("cidr"), *(block.get("except") or ())) if one and ":" not in one)
