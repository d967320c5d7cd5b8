"""Events: one object for the same thing said again, counted up (Kubernetes: Event, client-go's correlator)."""

from __future__ import annotations

from hashlib import blake2b

from clusters.admission.apply import ADDED, MODIFIED, Change
from clusters.kinds.body import Body, Key, put
from clusters.reconcile.clock import parse, rfc3339
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit


def recorded(event: Emit, component: str, host: str, view: View) -> Change:
    """The Event made, or counted up. It is ours from the first to the last field: nothing is left to admission."""
    about = event.about["metadata"]
    namespace = about.get("namespace") or "default"
    source = {"component": event.component or component, **({"host": host} if host else {})}
    key = Key(namespace, f"{about['name']}.{_mark(event, source['component'])}")
    known = view.get("events", key)
    if known is None:
        return Change(ADDED, view.kinds["events"], key, _first(event, key, source, view), None)
    again = {**known, "count": known["count"] + 1, "lastTimestamp": rfc3339(max(view.now, _last(known)))}
    return Change(MODIFIED, view.kinds["events"], key, again, known)


def _first(event: Emit, key: Key, source: Body, view: View) -> Body:
    stamp = rfc3339(view.now)
    metadata = {"name": key.name, "namespace": key.namespace, "uid": view.random.uid(), "creationTimestamp": stamp}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": metadata,
        "involvedObject": _reference(event),
        "reason": event.reason,
        "message": event.message[:1024],
        "source": source,
        "firstTimestamp": stamp,
        "lastTimestamp": stamp,
        "count": 1,
        "type": event.type,
        "eventTime": None,
        "reportingComponent": source["component"],
        "reportingInstance": source.get("host", ""),
    }


def _reference(event: Emit) -> Body:
    about, metadata = event.about, event.about["metadata"]
    reference = {"kind": about["kind"], "apiVersion": about["apiVersion"], "name": metadata["name"]}
    for name in ("namespace", "uid", "resourceVersion"):
        if metadata.get(name):
            reference[name] = metadata[name]
    return put(reference, "fieldPath", event.field_path) if event.field_path else reference


def _mark(event: Emit, component: str) -> str:
    said = "\0".join(
        (event.about["metadata"].get("uid", ""), event.field_path, event.type, event.reason, event.message, component)
    )
    return blake2b(said.encode(), digest_size=8).hexdigest()


def _last(known: Body) -> int:
    return parse(known["lastTimestamp"])
