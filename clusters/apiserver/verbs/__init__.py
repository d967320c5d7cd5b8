"""One file a verb. A verb that changes something does four things: read, change, admit, commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from clusters.apiserver.answer import Answer
from clusters.apiserver.call import Call
from clusters.apiserver.discovery import REVIEWS
from clusters.apiserver.measured import MEASURED
from clusters.apiserver.target import NOT_ALLOWED, Target
from clusters.apiserver.verbs import (
    binding,
    create,
    delete,
    deletecollection,
    eviction,
    finalize,
    get,
    list_,
    logs,
    metrics,
    patch,
    review,
    scale,
    token,
    update,
)
from clusters.kinds.problem import Status

Verb = Callable[[Call], Answer]
# (verb, subresource); a watch has a front of its own
VERBS: Mapping[tuple[str, str], Verb] = {
    ("get", ""): get.get,
    ("list", ""): list_.list_objects,
    ("create", ""): create.create,
    ("update", ""): update.update,
    ("patch", ""): patch.patch,
    ("delete", ""): delete.delete,
    ("deletecollection", ""): deletecollection.delete_collection,
    ("get", "status"): get.get,
    ("update", "status"): update.update,
    ("patch", "status"): patch.patch,
    ("get", "scale"): scale.get,
    ("update", "scale"): scale.update,
    ("patch", "scale"): scale.patch,
    ("get", "ephemeralcontainers"): get.get,
    ("update", "ephemeralcontainers"): update.update,
    ("patch", "ephemeralcontainers"): patch.patch,
    ("get", "resize"): get.get,
    ("update", "resize"): update.update,
    ("patch", "resize"): patch.patch,
    ("get", "log"): logs.log,
    ("create", "eviction"): eviction.evict,
    ("create", "binding"): binding.bind,
    ("create", "token"): token.request,
    ("update", "finalize"): finalize.finalize,
}


ON_MEASURED: Mapping[tuple[str, str], Verb] = {("get", ""): metrics.get, ("list", ""): metrics.list_metrics}


def verb_of(target: Target) -> Verb:
    """Raises MethodNotAllowed."""
    if target.kind in REVIEWS:
        return review.review
    found = (ON_MEASURED if target.kind in MEASURED else VERBS).get((target.verb, target.subresource))
    if found is None:
        raise Status.method_not_allowed(NOT_ALLOWED)
    return found
