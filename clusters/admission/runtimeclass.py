"""A pod that names a class of container runtimes gets its overhead and its nodes (Kubernetes: Runtime Class)."""

from __future__ import annotations

from clusters.admission.step import Step
from clusters.kinds.body import Body, Key, dig
from clusters.kinds.problem import Status
from clusters.reconcile.view import View


def admit(new: Body | None, _: Body | None, view: View) -> Body | Status | None:
    """Raises nothing: a refusal is a Status."""
    if new is None:
        return new
    name, spec = new["spec"].get("runtimeClassName"), new["spec"]
    found = view.get("runtimeclasses", Key("", name)) if name else None
    if name and found is None:
        return _rejected(new, f'RuntimeClass "{name}" not found')
    overhead = dig(found, "overhead.podFixed") or None
    if (spec.get("overhead") or overhead) != overhead:
        return _rejected(new, "Pod's Overhead doesn't match RuntimeClass's defined Overhead")
    if overhead:
        spec = {**spec, "overhead": overhead}
    return _scheduled({**new, "spec": spec}, (found or {}).get("scheduling") or {})


def _scheduled(pod: Body, scheduling: Body) -> Body | Status:
    """On the nodes of its class, and there tolerated."""
    spec, nodes = pod["spec"], scheduling.get("nodeSelector") or {}
    own = spec.get("nodeSelector") or {}
    for name in sorted(nodes):
        if own.get(name, nodes[name]) != nodes[name]:
            told = f"conflict: runtimeClass.scheduling.nodeSelector[{name}] = {nodes[name]}; "
            return _rejected(pod, f"{told}pod.spec.nodeSelector[{name}] = {own[name]}")
    if nodes:
        spec = {**spec, "nodeSelector": {**own, **nodes}}
    had = spec.get("tolerations") or []
    more = [one for one in scheduling.get("tolerations") or () if one not in had]
    return {**pod, "spec": {**spec, "tolerations": [*had, *more]} if more else spec}


def _rejected(pod: Body, why: str) -> Status:
    return Status.forbidden("pods", pod["metadata"].get("name") or "", f"pod rejected: {why}")


STEP = Step("RuntimeClass", ("pods",), ("CREATE",), admit)
