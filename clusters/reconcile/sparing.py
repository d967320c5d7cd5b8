"""Why a fault spares somebody of its target: nothing there runs, or it has not what would be broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from clusters.faults import FAULTS
from clusters.kinds.body import Body, Key, dig

OVER = ("Succeeded", "Failed")
PROBED = ("ProbeFailure", "ProbeFlapping")
Powers = Mapping[str, str]  # of the machines, by node; asked for by what fires once: it finds somebody running or never


class Spared(NamedTuple):
    """Why, in a sentence about one, and about all who are spared for the same reason."""

    one: str
    several: str


GONE = "have ended or are being deleted"


def pod_spared(pod: Body, spec: Body, powers: Powers) -> Spared | None:
    """None where it can be hit."""
    name = pod["metadata"]["name"]
    if dig(pod, "status.phase") in OVER or pod["metadata"].get("deletionTimestamp"):
        return Spared(f'pod "{name}" has ended or is being deleted: it has no container left to break.', GONE)
    wanted = dig(spec, "target.container") or pod["spec"]["containers"][0]["name"]
    container = next((one for one in _containers(pod) if one["name"] == wanted), None)
    if container is None:
        return Spared(f'container "{wanted}" is not in pod "{name}".', f'have no container "{wanted}"')
    probe = spec.get("probe") or "readiness"
    if spec["type"] in PROBED and not container.get(f"{probe}Probe"):
        return Spared(f'container "{wanted}" of pod "{name}" has no {probe} probe.', f"have no {probe} probe")
    return _not_running(pod, wanted, powers) if FAULTS[spec["type"]].moment else None


def node_spared(node: Body, spec: Body, powers: Powers) -> Spared | None:
    """None where it can be hit. A state is waited for: it holds when the machine is back."""
    name = node["metadata"]["name"]
    is_away = FAULTS[spec["type"]].moment and powers.get(name) not in ("on", "frozen")
    return Spared(f"{name} is not running.", "are not running") if is_away else None


def all_spared(spared: Sequence[Spared], sort: str) -> str:
    """Of all who are meant; "" where there is nobody. Who is on his way out is no matter where others are there."""
    if len(spared) < 2:
        return "".join(one.one for one in spared)
    whys = list(dict.fromkeys(one.several for one in spared))
    told = [why for why in whys if why != GONE] or whys
    return f"All {sort} that are meant {' or '.join(told)}."


def deployment_spared(deployment: Body | None, key: Key) -> str:
    """Why a bad rollout has nothing to roll; "" where it has."""
    if deployment is None:
        return f'deployments.apps "{key.name}" not found in namespace "{key.namespace}".'
    if deployment["spec"].get("replicas", 1) == 0:
        return f"{key.name} is scaled to 0: no pod would pull the image."
    return f"{key.name} is paused: it rolls nothing out." if deployment["spec"].get("paused") else ""


def _not_running(pod: Body, container: str, powers: Powers) -> Spared | None:
    name, node = pod["metadata"]["name"], pod["spec"].get("nodeName")
    if not node:
        return Spared(f'pod "{name}" is on no node.', "are on no node")
    if powers.get(node) != "on":
        return Spared(f"{node} is not running.", "are on machines that are not running")
    if any("running" in (one.get("state") or {}) for one in _states(pod) if one["name"] == container):
        return None
    return Spared(f'container "{container}" of pod "{name}" is not running.', "have no such container that runs")


def _containers(pod: Body) -> Iterator[Body]:
    for group in ("containers", "initContainers", "ephemeralContainers"):
        yield from pod["spec"].get(group) or ()


def _states(pod: Body) -> Iterator[Body]:
    for group in ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"):
        yield from dig(pod, f"status.{group}") or ()
