"""The object that a page is about: found by its address, with the kind that says how to read it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from clusters.kinds.kind import Kind
from clusters.models import Cluster
from playground.home.reading import Reading
from playground.inspector.telling import Ref
from playground.inspector.words import tone_of, word_of
from playground.timeline.moment import Moment

REACHED = ("traffic", "services", "ingresses")  # what requests go to
NOWHERE = "_"  # stands in an address for the namespace of what has none


@dataclass(frozen=True)
class Subject:
    """`body` is None when there is no such object (any more). `past`: the moment as of which it is shown."""

    cluster: Cluster
    kind: Kind
    ref: Ref
    body: Body | None
    around: Reading
    past: Moment | None = None

    @property
    def path(self) -> str:
        return f"/c/{self.cluster.slug}/{self.ref.path}"

    @property
    def why(self) -> str:
        return f"/c/{self.cluster.slug}/{self.ref.why}"

    @property
    def word(self) -> str:
        return word_of(self.kind, self.body) if self.body else "gone"

    @property
    def tone(self) -> str:
        return tone_of(self.kind, self.body) if self.body else "unknown"

    @property
    def tabs(self) -> tuple[tuple[str, str], ...]:
        common = (
            ("summary", "Summary"),
            ("why", "Why"),
            ("yaml", "YAML"),
            ("events", "Events"),
            ("changes", "Changes"),
        )
        if self.past:  # what a container wrote, a shell in it, and a kernel's rules are of now
            return common
        if self.kind.plural == "pods":
            return (*common, ("logs", "Logs"), ("terminal", "Terminal"), ("traffic", "Traffic"))
        if self.kind.plural == "nodes":
            return (*common[:2], ("rules", "Rules"), *common[2:])
        return (common[0], ("traffic", "Traffic"), *common[1:]) if self.kind.plural in REACHED else common


def subject_of(cluster: Cluster, plural: str, namespace: str, name: str, past: Moment | None = None) -> Subject:
    """Raises Http404 for a kind that the API does not serve."""
    kind = kinds().get(plural)
    if kind is None or not kind.served:
        raise Http404(f"There is no kind “{plural}”.")
    ref = Ref(plural, "" if namespace == NOWHERE else namespace, name)
    around = Reading(cluster, past.revision if past else None)
    return Subject(cluster, kind, ref, around.get(plural, ref.namespace, name), around, past)
