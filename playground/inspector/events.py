"""The Events about one object, newest first (Kubernetes: Event)."""

from __future__ import annotations

from dataclasses import dataclass

from clusters.kinds.age import since
from clusters.kinds.body import Body, dig, uid_of
from playground.inspector.around import Around


@dataclass(frozen=True, slots=True)
class Told:
    """One Event as `kubectl describe` shows it."""

    type: str
    reason: str
    age: str
    source: str
    message: str


def events_of(body: Body, around: Around) -> list[Told]:
    word = body["metadata"]["name"] if body["kind"] == "Node" else uid_of(body)
    about = [
        event
        for event in around.events(word)
        if dig(event, "involvedObject.uid") == uid_of(body)
        or (dig(event, "involvedObject.kind") == body["kind"] == "Node" and named(event) == body["metadata"]["name"])
    ]
    return [told(event, around) for event in sorted(about, key=last_seen, reverse=True)]


def named(event: Body) -> str:
    return str(dig(event, "involvedObject.name", ""))


def last_seen(event: Body) -> str:
    """RFC 3339 stamps sort as text; the name settles ties."""
    stamp = event.get("lastTimestamp") or event.get("eventTime") or event["metadata"].get("creationTimestamp", "")
    return f"{stamp} {event['metadata'].get('resourceVersion', ''):>12}"


def told(event: Body, around: Around) -> Told:
    age = since(event.get("lastTimestamp") or event["metadata"].get("creationTimestamp"), around.now)
    count = event.get("count") or 1
    if count > 1:
        age = f"{age} (x{count} over {since(event.get('firstTimestamp'), around.now)})"
    source = dig(event, "source.component") or event.get("reportingComponent", "")
    return Told(event.get("type", ""), event.get("reason", ""), age, source, event.get("message", ""))
