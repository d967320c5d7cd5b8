"""All the answers about one object, ready for the page."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body
from clusters.models import Cluster
from playground.home.reading import Reading
from playground.reasons.answer import Answer
from playground.reasons.questions import answers
from playground.reasons.stored import StoredEvidence


def answers_about(cluster: Cluster, around: Reading, resource: str, body: Body) -> Sequence[Answer]:
    """The pressing ones first."""
    return answers(resource, body, StoredEvidence(cluster, around, around.revision))


def body_that_was(cluster: Cluster, around: Reading, resource: str, namespace: str, name: str) -> Body | None:
    """The last state of an object that is gone, while the log has it."""
    removed = StoredEvidence(cluster, around, around.revision).gone(resource, namespace, name)
    return removed.body if removed else None
