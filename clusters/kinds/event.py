"""What a component had to say about an object (Kubernetes: Event)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import since
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind, Version
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.reconcile.clock import Time

# the fields of events.k8s.io/v1, and what they are called in the core group
RENAMED = {
    "regarding": "involvedObject",
    "note": "message",
    "reportingController": "reportingComponent",
    "deprecatedSource": "source",
    "deprecatedFirstTimestamp": "firstTimestamp",
    "deprecatedLastTimestamp": "lastTimestamp",
    "deprecatedCount": "count",
}


def fill_in(event: Body) -> None:
    """Nothing but what every writer of today says itself."""
    event.setdefault("reportingComponent", "")
    event.setdefault("reportingInstance", "")
    event.setdefault("source", {})


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    about = (new.get("involvedObject") or {}).get("namespace") or ""
    home = new["metadata"].get("namespace")
    # what belongs to no namespace is told about in default (or in kube-system)
    if home != about and (about or home not in ("default", "kube-system")):
        yield FieldError.invalid("involvedObject.namespace", about, "does not match event.namespace")


def last_seen(event: Body, now: Time) -> str:
    series = event.get("series")
    stamp = series.get("lastObservedTime") if series else event.get("lastTimestamp")
    return since(stamp, now) if stamp else first_seen(event, now)


def first_seen(event: Body, now: Time) -> str:
    return since(event.get("firstTimestamp") or event.get("eventTime"), now)


def about(event: Body, _: Time) -> str:
    """`pod/web-1`."""
    what = event.get("involvedObject") or {}
    kind, name = (what.get("kind") or "").lower(), what.get("name")
    return f"{kind}/{name}" if name else kind


def source(event: Body, _: Time) -> str:
    """`kubelet, worker-1`."""
    component = dig(event, "source.component") or event.get("reportingComponent") or ""
    host = dig(event, "source.host") or event.get("reportingInstance") or ""
    return f"{component}, {host}" if host else component


def count(event: Body, _: Time) -> int:
    return (event["series"].get("count") if event.get("series") else event.get("count")) or 1


def newer(event: Body) -> Body:
    """As events.k8s.io/v1 tells it."""
    names = {old: new for new, old in RENAMED.items()}
    return {names.get(name, name): value for name, value in event.items()}


def older(event: Body) -> Body:
    return {RENAMED.get(name, name): value for name, value in event.items()}


EVENT = Kind(
    "v1",
    "Event",
    "events",
    short=("ev",),
    columns=(
        Column("Last Seen", last_seen),
        Column("Type", "type"),
        Column("Reason", "reason"),
        Column("Object", about),
        Column("Subobject", lambda event, _: dig(event, "involvedObject.fieldPath", ""), wide=True),
        Column("Source", source, wide=True),
        Column("Message", lambda event, _: (event.get("message") or "").strip()),
        Column("First Seen", first_seen, wide=True),
        Column("Count", count, wide=True),
        Column("Name", "metadata.name", wide=True),
    ),
    defaults=fill_in,
    validate=problems,
    word=lambda event: str(event.get("reason") or ""),
    selectable=(
        "involvedObject.kind",
        "involvedObject.namespace",
        "involvedObject.name",
        "involvedObject.uid",
        "involvedObject.apiVersion",
        "involvedObject.resourceVersion",
        "involvedObject.fieldPath",
        "reason",
        "reportingComponent",
        "type",
    ),
    versions=(Version("events.k8s.io/v1", up=older, down=newer),),
)
