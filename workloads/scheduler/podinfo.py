"""A pod as the scheduler sees it: its requests as numbers, its host ports, its workload (framework: PodInfo)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from clusters.kinds.body import Body, controller_of, key_of, labels_of
from clusters.kinds.quantity import cpu_millis, memory_bytes

# what a container is thought to need when it says nothing, so that silent pods spread too
DEFAULT_CPU, DEFAULT_MEMORY = 100, 200 * 2**20
Requests = dict[str, int]  # cpu in thousandths, all else in whole units
Port = tuple[str, str, int]  # hostIP, protocol, hostPort


class PodInfo:
    """Computed once for each pod; bodies of one template give equal ones."""

    __slots__ = ("body", "guessed_cpu", "guessed_memory", "key", "ports", "requests", "spec", "workload")

    def __init__(self, body: Body) -> None:
        self.body, self.spec, self.key = body, body["spec"], key_of(body)
        self.requests = pod_requests(self.spec)
        self.guessed_cpu = _guessed(self.spec, self.requests, "cpu", DEFAULT_CPU)
        self.guessed_memory = _guessed(self.spec, self.requests, "memory", DEFAULT_MEMORY)
        self.ports = host_ports(self.spec)
        owner = controller_of(body)
        self.workload = str(owner["uid"]) if owner else ""

    @property
    def template(self) -> bytes:
        """The same for pods that all plugins with `by_template` judge alike."""
        amounts = [sorted(self.requests.items()), self.guessed_cpu, self.guessed_memory]
        asked = [repr(amounts), self.ports]  # sums may be beyond 64 bits
        stated = [self.spec.get(name) for name in ("tolerations", "nodeSelector", "affinity")]
        return orjson.dumps([*asked, *stated], option=orjson.OPT_SORT_KEYS)

    @property
    def kin(self) -> bytes:
        """The same for pods that all plugins judge alike."""
        spread = self.spec.get("topologySpreadConstraints")
        rest = [self.key.namespace, self.workload, labels_of(self.body), spread]
        return self.template + orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)

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
