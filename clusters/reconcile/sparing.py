"""Why a fault spares somebody of its target: nothing there runs, or it has not what would be broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clusters.faults import FAULTS
from clusters.kinds.body import Body, Key, dig

OVER = ("Succeeded", "Failed")
PROBED = ("ProbeFailure", "ProbeFlapping")
Powers = Mapping[str, str]  # of the machines, by node; asked for by what fires once: it finds somebody running or never


def pod_spared(pod: Body, spec: Body, powers: Powers) -> str:
    """In a sentence; "" where it can be hit."""
    name = pod["metadata"]["name"]
    if dig(pod, "status.phase") in OVER or pod["metadata"].get("deletionTimestamp"):
        return f'pod "{name}" has ended or is being deleted: it has no container left to break.'
    wanted = dig(spec, "target.container") or pod["spec"]["containers"][0]["name"]
    container = next((one for one in _containers(pod) if one["name"] == wanted), None)
    if container is None:
        return f'container "{wanted}" is not in pod "{name}".'
    probe = spec.get("probe") or "readiness"
    if spec["type"] in PROBED and not container.get(f"{probe}Probe"):
        return f'container "{wanted}" of pod "{name}" has no {probe} probe.'
    return _not_running(pod, wanted, powers) if FAULTS[spec["type"]].moment else ""


def node_spared(node: Body, spec: Body, powers: Powers) -> str:
    """In a sentence; "" where it can be hit. A state is waited for: it holds when the machine is back."""
    name = node["metadata"]["name"]
    is_away = FAULTS[spec["type"]].moment and powers.get(name) not in ("on", "frozen")
    return f"{name} is not running." if is_away else ""


def deployment_spared(deployment: Body | None, key: Key) -> str:
    """Why a bad rollout has nothing to roll; "" where it has."""
    if deployment is None:
        return f'deployments.apps "{key.name}" not found in namespace "{key.namespace}".'
    if deployment["spec"].get("replicas", 1) == 0:
        return f"{key.name} is scaled to 0: no pod would pull the image."
    return f"{key.name} is paused: it rolls nothing out." if deployment["spec"].get("paused") else ""


def _not_running(pod: Body, container: str, powers: Powers) -> str:
    name, node = pod["metadata"]["name"], pod["spec"].get("nodeName")
    if not node:
        return f'pod "{name}" is on no node.'
    if powers.get(node) != "on":
        return f"{node} is not running."
    states = [one.get("state") or {} for one in _states(pod) if one["name"] == container]
    return "" if any("running" in one for one in states) else f'container "{container}" of pod "{name}" is not running.'


def _containers(pod: Body) -> Iterator[Body]:
    for group in ("containers", "initContainers", "ephemeralContainers"):
        yield from pod["spec"].get(group) or ()


def _states(pod: Body) -> Iterator[Body]:
    for group in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        yield from dig(pod, f"status.{group}") or ()
