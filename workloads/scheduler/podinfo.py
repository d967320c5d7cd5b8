"""A pod as the scheduler sees it: its requests as numbers, its host ports, its workload (framework: PodInfo)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from clusters.kinds.body import Body, controller_of, is_deleting, key_of, labels_of
from clusters.kinds.quantity import cpu_millis, memory_bytes
from workloads.scheduler.terms import held_terms

# what a container is thought to need when it says nothing, so that silent pods spread too
DEFAULT_CPU, DEFAULT_MEMORY = 100, 200 * 2**20
Requests = dict[str, int]  # cpu in thousandths, all else in whole units
Port = tuple[str, str, int]  # hostIP, protocol, hostPort
# whose pods spread over nodes and zones without being told
SPREADING = ("ReplicaSet", "ReplicationController", "StatefulSet")


class PodInfo:
    """Computed once for each pod; bodies of one template give equal ones."""

    __slots__ = (
        "body",
        "guessed_cpu",
        "guessed_memory",
        "is_going",
        "key",
        "labels",
        "ports",
        "priority",
        "requests",
        "spec",
        "terms",
        "uid",
        "workload",
    )

    def __init__(self, body: Body) -> None:
        self.body, self.spec, self.key, self.labels = body, body["spec"], key_of(body), labels_of(body)
        self.uid = str(body["metadata"].get("uid") or "")
        self.requests = pod_requests(self.spec)
        self.guessed_cpu = _guessed(self.spec, self.requests, "cpu", DEFAULT_CPU)
        self.guessed_memory = _guessed(self.spec, self.requests, "memory", DEFAULT_MEMORY)
        self.ports = host_ports(self.spec)
        self.priority: int = self.spec.get("priority") or 0
        self.is_going = is_deleting(body)
        self.terms = held_terms(self.spec, self.key.namespace, self.labels)
        owner = controller_of(body)
        self.workload = str(owner["uid"]) if owner and owner["kind"] in SPREADING else ""

    def is_same(self, body: Body, node: str) -> bool:
        """Whether this is the pod as it looks once it is bound to the node, with nothing else changed."""
        same = body["metadata"].get("uid") == self.body["metadata"].get("uid") and labels_of(body) == self.labels
        return same and is_deleting(body) == self.is_going and body["spec"] == {**self.spec, "nodeName": node}

    @property
    def template(self) -> bytes:
        """The same for pods that all plugins with `by_template` judge alike."""
        amounts = [sorted(self.requests.items()), self.guessed_cpu, self.guessed_memory]
        asked = [repr(amounts), self.ports]  # sums may be beyond 64 bits
        names = ("tolerations", "nodeSelector", "affinity", "nodeName", "schedulerName")
        stated = [self.spec.get(name) for name in names]
        return orjson.dumps([*asked, *stated], option=orjson.OPT_SORT_KEYS)

    @property
    def kin(self) -> bytes:
        """The same for pods that all plugins judge alike."""
        stated = [self.spec.get(name) for name in ("topologySpreadConstraints", "volumes", "preemptionPolicy")]
        own = [self.key.namespace, self.workload, self.labels, self.priority, self.nominated]
        return self.template + orjson.dumps([*own, *stated], option=orjson.OPT_SORT_KEYS)

    @property
    def nominated(self) -> str:
        """The node that was promised to it when others had to go for its sake."""
        return (self.body.get("status") or {}).get("nominatedNodeName") or ""

    @property
    def containers(self) -> Sequence[Body]:
        return [*self.spec["containers"], *(self.spec.get("initContainers") or ())]


def pod_requests(spec: Body, missing: Mapping[str, int] | None = None) -> Requests:
    """The most that the pod needs at once: its containers and sidecars, or an init container (PodRequests).

    `missing`: what a container that does not ask for a resource is counted with.
    """
    total: Requests = {}
    for container in spec["containers"]:
        _add(total, _requests(container, missing))
    before, peak = {}, {}  # type: Requests, Requests
    for container in spec.get("initContainers") or ():
        asked = _requests(container, missing)
        if container.get("restartPolicy") == "Always":
            _add(total, asked)
            _add(before, asked)
            _raise(peak, before)
        else:
            _raise(peak, {name: asked.get(name, 0) + before.get(name, 0) for name in {**before, **asked}})
    _raise(total, peak)
    stated = (spec.get("resources") or {}).get("requests") or {}
    total.update(numbers(stated))
    _add(total, numbers(spec.get("overhead") or {}))
    return total


def _guessed(spec: Body, requests: Requests, name: str, default: int) -> int:
    """What the pod is thought to need: silent containers count with the default."""
    if len(spec["containers"]) == 1 and not any(
        spec.get(other) for other in ("initContainers", "overhead", "resources")
    ):
        return requests.get(name, default)  # most pods
    return pod_requests(spec, {name: default}).get(name, 0)


def host_ports(spec: Body) -> Sequence[Port]:
    """Ports on the node itself, of containers and sidecars."""
    inits = spec.get("initContainers")
    holders = spec["containers"]
    if inits:
        holders = [*holders, *(container for container in inits if container.get("restartPolicy") == "Always")]
    return [
        (port.get("hostIP") or "0.0.0.0", port.get("protocol") or "TCP", port["hostPort"])
        for container in holders
        for port in container.get("ports") or ()
        if port.get("hostPort")
    ]


def numbers(stated: Mapping[str, Any]) -> Requests:
    """Quantities by resource as whole numbers."""
    return {name: cpu_millis(value) if name == "cpu" else memory_bytes(value) for name, value in stated.items()}


def _requests(container: Body, missing: Mapping[str, int] | None) -> Requests:
    stated = (container.get("resources") or {}).get("requests")
    asked = numbers(stated) if stated else {}
    return {**missing, **asked} if missing else asked


def _add(total: Requests, more: Requests) -> None:
    for name, amount in more.items():
        total[name] = total.get(name, 0) + amount


def _raise(total: Requests, least: Requests) -> None:
    for name, amount in least.items():
        total[name] = max(total.get(name, 0), amount)
