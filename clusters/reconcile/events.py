"""Events: one object for the same thing said again, counted up (Kubernetes: Event, client-go's correlator)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.admission.apply import ADDED, MODIFIED, Change
from clusters.kinds.body import Body, Key, key_of, put
from clusters.reconcile.clock import parse, rfc3339
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit

LONGEST = 1024  # characters of a message


def recorded(event: Emit, component: str, host: str, view: View, told: Sequence[Body]) -> Change:
    """The Event made, or counted up where `told`, the events about the same object, has it already.

    It is ours from the first to the last field: nothing is left to admission.
    """
    about = event.about["metadata"]
    source = {"component": event.component or component, **({"host": host} if host else {})}
    known = next((one for one in told if _is_same(one, event, source)), None)
    if known is not None:
        again = {**known, "count": known["count"] + 1, "lastTimestamp": rfc3339(max(view.now, _last(known)))}
        return Change(MODIFIED, view.kinds["events"], key_of(known), again, known)
    # as client-go names them: by the moment in nanoseconds, so that a list has them in the order in which they came
    key = Key(about.get("namespace") or "default", f"{about['name']}.{view.now * 1000 + len(told):x}")
    while view.get("events", key) is not None:
        key = Key(key.namespace, f"{about['name']}.{int(key.name.rpartition('.')[2], 16) + 1:x}")
    return Change(ADDED, view.kinds["events"], key, _first(event, key, source, view), None)


def _first(event: Emit, key: Key, source: Body, view: View) -> Body:
    stamp = rfc3339(view.now)
    metadata = {"name": key.name, "namespace": key.namespace, "uid": view.random.uid(), "creationTimestamp": stamp}
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "metadata": metadata,
        "involvedObject": _reference(event),
        "reason": event.reason,
        "message": event.message[:LONGEST],
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


def _is_same(known: Body, event: Emit, source: Body) -> bool:
    said = (known["reason"], known["message"], known["type"], known["source"])
    if said != (event.reason, event.message[:LONGEST], event.type, source):
        return False
    return bool(known["involvedObject"].get("fieldPath", "") == event.field_path)


def _last(known: Body) -> int:
    return parse(known["lastTimestamp"])
