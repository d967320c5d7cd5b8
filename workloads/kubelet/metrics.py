"""What the kubelets measure of their containers (Kubernetes: the resource metrics pipeline)."""

from __future__ import annotations

from collections.abc import Mapping

from clusters.kernel import Metrics, Usage
from clusters.kinds.body import Body, Key
from clusters.kinds.machine import hears_api
from clusters.kinds.quantity import parse as quantity
from clusters.reconcile.clock import Time
from clusters.reconcile.view import View
from workloads.kubelet.work import box_key
from workloads.runtime import container as runtime

# what a machine's own system uses: its kernel, kubelet and container runtime
SYSTEM = Usage(cpu=45_000_000, memory=310 * 1024 * 1024)


class SandboxMetrics:
    """Read from the sandboxes' runs as they stand."""

    def pod(self, view: View, pod: Body) -> Mapping[str, Usage] | None:
        """Of each running container; None when its node is silent, or before one has run for a whole window."""
        if not pod["spec"].get("nodeName") or not _answers(pod["spec"]["nodeName"], view):
            return None
        box = view.get("sandboxes", box_key(pod))
        return _of_box(box, view) if box is not None else None

    def node(self, view: View, name: str) -> Usage | None:
        """The system's own and that of all containers."""
        if not _answers(name, view):
            return None
        boxes = [box for pod in view.on_node(name) if (box := view.get("sandboxes", box_key(pod)))]
        used = [usage for box in boxes for usage in (_of_box(box, view) or {}).values()]
        return Usage(SYSTEM.cpu + sum(one.cpu for one in used), SYSTEM.memory + sum(one.memory for one in used))


def _answers(node: str, view: View) -> bool:
    return hears_api(view.get("machines", Key("", node)))


def _of_box(box: Body, view: View) -> Mapping[str, Usage] | None:
    found: dict[str, Usage] = {}
    for name in box["running"]:
        run = box["containers"][name].get("run")
        used = runtime.usage(run, _known_until(run, view.now)) if run is not None else None
        if used is None or used["rate"] is None:
            return None
        found[name] = Usage(max(used["rate"], spun(box, name, view)), used["memory"])
    return found or None


def spun(box: Body, name: str, view: View) -> int:
    """Nanocores of a container that spins: its limit, or a whole core."""
    hit = view.hit_by("CPUHog", namespace=box["pod"]["namespace"], pod=box["pod"]["name"])
    return spun_of(box["containers"][name]) if hit else 0


def spun_of(container: Body) -> int:
    limit = ((container.get("resources") or {}).get("limits") or {}).get("cpu", "1")
    return int(quantity(limit) * 1_000_000_000)


def _known_until(run: Body, now: Time) -> Time:
    """Whoever asks may be ahead of the engine: what a container should have done since then, nobody knows yet."""
    due = runtime.due(run)
    return now if due is None else min(now, due)


METRICS: Metrics = SandboxMetrics()
