"""What is measured at the moment of asking and stored nowhere (metrics.k8s.io: PodMetrics, NodeMetrics)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from clusters.kernel import Usage
from clusters.kinds.body import Body, Key, dig, labels_of
from clusters.kinds.kind import Column, Kind
from clusters.reconcile.clock import rfc3339
from clusters.reconcile.view import View

WINDOW = "5s"
API_VERSION = "metrics.k8s.io/v1beta1"
_TEXT = {"type": "string"}
_USAGE = {
    "description": "The memory usage is the memory working set.",
    "type": "object",
    "additionalProperties": {"$ref": "#/$defs/io.k8s.apimachinery.pkg.api.resource.Quantity"},
}
_CONTAINER = {"type": "object", "required": ["name", "usage"], "properties": {"name": _TEXT, "usage": _USAGE}}
_WHEN = {
    "timestamp": {"description": "The end of the window that was measured.", "type": "string", "format": "date-time"},
    "window": {"description": "How long was measured.", "type": "string"},
}


def _schema(told: str, own: Mapping[str, Body]) -> Body:
    return {"description": told, "type": "object", "properties": {**_WHEN, **own}}


def _sum(body: Body, resource: str) -> str:
    """What all its containers use together, or the node itself."""
    parts = [body, *(body.get("containers") or ())]
    amounts = [usage for part in parts if (usage := dig(part, f"usage.{resource}"))]
    unit = "n" if resource == "cpu" else "Ki"
    return f"{sum(int(amount.removesuffix(unit)) for amount in amounts)}{unit}"


COLUMNS = (
    Column("Name", "metadata.name"),
    Column("CPU", lambda body, _: _sum(body, "cpu")),
    Column("Memory", lambda body, _: _sum(body, "memory")),
    Column("Window", "window"),
)
POD_METRICS = Kind(
    API_VERSION,
    "PodMetrics",
    "pods",
    columns=COLUMNS,
    schema=_schema("What the containers of a pod use.", {"containers": {"type": "array", "items": _CONTAINER}}),
)
NODE_METRICS = Kind(
    API_VERSION,
    "NodeMetrics",
    "nodes",
    namespaced=False,
    columns=COLUMNS,
    schema=_schema("What a node uses.", {"usage": _USAGE}),
)
MEASURED = (NODE_METRICS, POD_METRICS)


def measure(kind: Kind, view: View, chosen: Sequence[Body]) -> Iterable[Body]:
    """The metrics of these pods or nodes; of those that nothing is known about there are none."""
    for body in chosen:
        found = _OF[kind.kind](view, body)
        if found is not None:
            yield {
                "kind": kind.kind,
                "apiVersion": API_VERSION,
                "metadata": _metadata(body, view),
                **_when(view),
                **found,
            }


def _of_pod(view: View, pod: Body) -> Body | None:
    used = view.kernel.metrics.pod(view, pod)
    if used is None:
        return None
    return {"containers": [{"name": name, "usage": _shown(one)} for name, one in sorted(used.items())]}


def _of_node(view: View, node: Body) -> Body | None:
    used = view.kernel.metrics.node(view, node["metadata"]["name"])
    return None if used is None else {"usage": _shown(used)}


_OF: Mapping[str, Callable[[View, Body], Body | None]] = {"PodMetrics": _of_pod, "NodeMetrics": _of_node}


def _shown(used: Usage) -> Body:
    return {"cpu": f"{used.cpu}n", "memory": f"{used.memory // 1024}Ki"}


def _metadata(body: Body, view: View) -> Body:
    key = Key(body["metadata"].get("namespace") or "", body["metadata"]["name"])
    place = {"namespace": key.namespace} if key.namespace else {}
    labels = {"labels": dict(labels_of(body))} if labels_of(body) else {}
    return {"name": key.name, **place, "creationTimestamp": rfc3339(view.now), **labels}


def _when(view: View) -> Body:
    return {"timestamp": rfc3339(view.now), "window": WINDOW}
