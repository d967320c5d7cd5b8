"""The pods behind each Service: which they are, and what changes of a pod matter to it (endpoint util)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from clusters.kinds.body import Body, Key, is_deleting, key_of, labels_of
from clusters.kinds.selectors import matches_labels
from clusters.reconcile.clock import MILLISECOND, Time, parse
from clusters.reconcile.conditions import is_true
from clusters.reconcile.view import View

FINISHED = ("Succeeded", "Failed")
TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time"
HEADLESS = "service.kubernetes.io/headless"
ZONE = "topology.kubernetes.io/zone"
# so many endpoints are written at once; more are gathered for a millisecond each (--endpoint-updates-batch-period)
AT_ONCE = 100


class Backends:
    """The cache: pods by the Service that selects them. A Service's pods are collected when first asked for."""

    resources: tuple[str, ...] = ("pods", "services")

    def __init__(self) -> None:
        self._selectors: dict[str, dict[Key, Mapping[str, str]]] = {}
        self._pods: dict[Key, dict[Key, Body]] = {}

    def changed(self, resource: str, new: Body | None, old: Body | None) -> None:
        if resource == "pods":
            self._pod_changed(new, old)
        elif resource == "services":
            self._service_changed(new, old)

    def selecting(self, pod: Body) -> list[Key]:
        """The Services of the pod's namespace that select it."""
        labels = labels_of(pod)
        selectors = self._selectors.get(key_of(pod).namespace) or {}
        return [key for key, selector in selectors.items() if matches_labels(selector, labels)]

    def pods(self, service: Body, view: View) -> list[Body]:
        """The pods that the Service selects, in order of their keys."""
        held = self._held(service, view)
        return [held[one] for one in sorted(held)]

    def count(self, service: Body, view: View) -> int:
        """How many they are."""
        return len(self._held(service, view))

    def _held(self, service: Body, view: View) -> dict[Key, Body]:
        key, selector = key_of(service), service["spec"]["selector"]
        if key not in self._pods:
            there = view.list("pods", key.namespace)
            self._pods[key] = {key_of(pod): pod for pod in there if matches_labels(selector, labels_of(pod))}
        return self._pods[key]

    def _pod_changed(self, new: Body | None, old: Body | None) -> None:
        pod = new or old
        assert pod is not None
        key, labels = key_of(pod), labels_of(pod)
        for service, selector in (self._selectors.get(key.namespace) or {}).items():
            held = self._pods.get(service)
            if held is None:
                continue
            if new is not None and matches_labels(selector, labels):
                held[key] = new
            else:
                held.pop(key, None)

    def _service_changed(self, new: Body | None, old: Body | None) -> None:
        service = new or old
        assert service is not None
        key, selector = key_of(service), selector_of(new)
        selectors = self._selectors.setdefault(key.namespace, {})
        if selectors.get(key) != selector:
            self._pods.pop(key, None)
        if selector:
            selectors[key] = selector
        else:
            selectors.pop(key, None)


def selector_of(service: Body | None) -> Mapping[str, str]:
    """Empty where somebody else looks after the endpoints."""
    if service is None or service["spec"].get("type") == "ExternalName":
        return {}
    return service["spec"].get("selector") or {}


def services_of(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """From a pod's change to the Services that have to follow it."""
    if new is not None and old is not None and _matters(new) == _matters(old):
        return ()
    found = []
    for pod in (old, new):
        if pod is not None:
            found += [key for key in view.cache.selecting(pod) if key not in found]
    return found


def services_on(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """From a node that changed its zone to the Services with pods there."""
    if new is None or old is None or labels_of(new).get(ZONE) == labels_of(old).get(ZONE):
        return ()
    pods = view.on_node(new["metadata"]["name"])
    return list(dict.fromkeys(key for pod in pods for key in view.cache.selecting(pod)))


def _matters(pod: Body) -> tuple[object, ...]:
    status = pod.get("status") or {}
    ip = status.get("podIP")
    gone = status.get("phase") in FINISHED
    # one without address is in no Service, whatever else changes
    return (ip, gone, is_true(pod, "Ready"), is_deleting(pod), labels_of(pod)) if ip else (None, labels_of(pod))


def address_of(pod: Body) -> str:
    """The pod's address, "" when it has none or has finished."""
    status = pod.get("status") or {}
    return "" if status.get("phase") in FINISHED else status.get("podIP") or ""


def ports_for(service: Body, pod: Body) -> list[Body]:
    """The Service's ports as this pod has them; a name that it does not know is left out (FindPort)."""
    found = []
    for port in service["spec"].get("ports") or ():
        number = _number(port, pod)
        if number is not None:
            told = {"name": port.get("name") or "", "port": number, "protocol": port.get("protocol") or "TCP"}
            found.append({**told, **({"appProtocol": port["appProtocol"]} if port.get("appProtocol") else {})})
    return found


def _number(port: Body, pod: Body) -> int | None:
    target = port.get("targetPort") or port["port"]
    if isinstance(target, int):
        return target
    for container in _listening(pod):
        for one in container.get("ports") or ():
            if one.get("name") == target and (one.get("protocol") or "TCP") == (port.get("protocol") or "TCP"):
                return int(one["containerPort"])
    return None


def _listening(pod: Body) -> Sequence[Body]:
    inits = pod["spec"].get("initContainers") or ()
    return [*pod["spec"]["containers"], *(one for one in inits if one.get("restartPolicy") == "Always")]


def wait_until(written: Iterable[Body], count: int, now: Time) -> Time | None:
    """When the next write of so many endpoints may be, None: now."""
    stamps = [(body["metadata"].get("annotations") or {}).get(TRIGGERED) for body in written]
    latest = max((parse(stamp) for stamp in stamps if stamp), default=0)
    if latest == now:  # what happens in one moment is written once more, not once for each pod
        return now + MILLISECOND
    if count <= AT_ONCE:
        return None
    due = latest + count * MILLISECOND
    return due if latest < now < due else None
