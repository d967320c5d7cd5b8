"""What the kubelets hold at hand of all sandboxes: whose they are, and what each node has given away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from clusters.kinds.body import Body, Key, key_of
from clusters.reconcile.clock import Time
from workloads.kubelet.addresses import Addresses


class Shares:
    """What one node's sandboxes have taken of it."""

    def __init__(self) -> None:
        self.addresses = Addresses()
        self.cpu = self.memory = self.pods = 0
        self.ports: dict[str, int] = {}  # "protocol/port" -> how many hold it
        self.pulls: dict[Key, Body] = {}  # sandbox -> its pull under way: image, until
        self.sandboxes: dict[Key, Body] = {}
        self.deferred: dict[Key, Key] = {}  # sandbox -> the pod whose resize waits for room

    def add(self, key: Key, sandbox: Body, sign: int) -> None:
        if sandbox.get("over"):
            return
        uses = sandbox.get("uses")
        if uses:
            self.cpu, self.memory = self.cpu + sign * uses["cpu"], self.memory + sign * uses["memory"]
            self.pods += sign
            for port in uses.get("ports") or ():
                self.ports[port] = self.ports.get(port, 0) + sign
        if sandbox.get("ip") and not sandbox.get("host"):
            (self.addresses.take if sign > 0 else self.addresses.give_back)(sandbox["ip"])
        if sandbox.get("pulling"):
            if sign > 0:
                self.pulls[key] = sandbox["pulling"]
            else:
                self.pulls.pop(key, None)


class Index:
    """The kubelets' cache: kept by every change of a sandbox, rebuilt from all of them."""

    resources = ("sandboxes",)

    def __init__(self) -> None:
        self._by_pod: defaultdict[Key, dict[Key, Body]] = defaultdict(dict)
        self.nodes: defaultdict[str, Shares] = defaultdict(Shares)
        self._mounting: defaultdict[tuple[str, Key], dict[Key, Key]] = defaultdict(dict)  # sandbox -> its pod
        self._holding: defaultdict[Key, dict[Key, Body]] = defaultdict(dict)  # disk -> the sandboxes that have it
        self._quiet: dict[Key, tuple[Body, Body, Time | None]] = {}

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if new is not None:  # before the old one goes, so that nothing is free in between
            key = key_of(new)
            shares = self.nodes[key.namespace]
            shares.add(key, new, 1)
            shares.sandboxes[key] = new
            if (new.get("resize") or {}).get("reason") == "Deferred":
                shares.deferred[key] = pod_of(new)
            else:
                shares.deferred.pop(key, None)
            self._by_pod[pod_of(new)][key] = new
            for reference in new.get("refs") or ():
                self._mounting[named(reference, new)][key] = pod_of(new)
            self._hold(new, key)
        if old is not None:
            key = key_of(old)
            self.nodes[key.namespace].add(key, old, -1)
            if new is None:
                self.nodes[key.namespace].sandboxes.pop(key, None)
                self.nodes[key.namespace].deferred.pop(key, None)
                self._forget(old, key)
                self._quiet.pop(pod_of(old), None)
            elif new.get("pulling"):
                self.nodes[key.namespace].pulls[key] = new["pulling"]

    def _forget(self, box: Body, key: Key) -> None:
        for reference in box.get("refs") or ():
            self._mounting[named(reference, box)].pop(key, None)
        self._release(box, key)
        held = self._by_pod[pod_of(box)]
        held.pop(key, None)
        if not held:
            del self._by_pod[pod_of(box)]

    def of_pod(self, pod: Key) -> Sequence[Body]:
        """The sandboxes that carry this pod's name, in order of their keys: more than one while an old one ends."""
        held = self._by_pod.get(pod)
        if not held:
            return ()
        return [held[key] for key in sorted(held)] if len(held) > 1 else list(held.values())

    def mounting(self, resource: str, key: Key) -> Sequence[Key]:
        """The pods with this ConfigMap or Secret among their volumes, in order."""
        return sorted(self._mounting.get((resource, key), {}).values())

    def holding(self, disk: Key) -> Sequence[Body]:
        """The sandboxes whose pods have this disk among their volumes, in order."""
        held = self._holding.get(disk, {})
        return [held[key] for key in sorted(held)]

    def pods_holding(self, disk: Key) -> Sequence[Key]:
        return sorted(pod_of(box) for box in self._holding.get(disk, {}).values())

    def _hold(self, box: Body, key: Key) -> None:
        if box.get("over"):
            self._release(box, key)
            return
        for place in (box.get("volumes") or {}).values():
            self._holding[Key(place["node"], place["disk"])][key] = box

    def _release(self, box: Body, key: Key) -> None:
        for place in (box.get("volumes") or {}).values():
            self._holding[Key(place["node"], place["disk"])].pop(key, None)

    def on_node(self, node: str) -> Iterable[Body]:
        return list(self.nodes[node].sandboxes.values()) if node in self.nodes else ()

    def remember(self, pod: Body, sandbox: Body, due: Time | None) -> None:
        """With exactly these two objects there is nothing to do before `due`."""
        self._quiet[key_of(pod)] = pod, sandbox, due

    def quiet_until(self, key: Key, pod: Body, sandbox: Body | None, now: Time) -> tuple[bool, Time | None]:
        """Whether that was found before of these very objects, and until when it holds."""
        known = self._quiet.get(key)
        if known is None or known[0] is not pod or known[1] is not sandbox:
            return False, None
        return known[2] is None or now < known[2], known[2]


def named(reference: str, sandbox: Body) -> tuple[str, Key]:
    """`configmaps/name` in the namespace of the sandbox's pod."""
    resource, _, name = reference.partition("/")
    return resource, Key(sandbox["pod"]["namespace"], name)


def pod_of(sandbox: Body) -> Key:
    """The key of the pod that a sandbox was made for."""
    return Key(sandbox["pod"]["namespace"], sandbox["pod"]["name"])
