"""Kinds about which there is only to say that they came, changed or went."""

from __future__ import annotations

from clusters.kinds.body import is_deleting
from playground.timeline.line import Happened, Sentence

QUIET = ("kube-root-ca.crt", "kube-root-ca", "default", "kube-system", "kube-public", "kube-node-lease", "kubernetes")
NOUNS = {"namespaces": "namespace", "configmaps": "config map", "secrets": "secret"}


def anything(happened: Happened) -> tuple[Sentence, str] | None:
    if happened.name.name in QUIET:
        return None
    noun = NOUNS.get(happened.resource, str(happened.after.get("kind", "object")))
    what: Sentence = (f"{noun} ", happened.name)
    if happened.op == "ADDED":
        return ("made ", *what), ""
    if happened.op == "DELETED":
        return ("removed ", *what), ""
    if happened.before and is_deleting(happened.after) and not is_deleting(happened.before):
        return ("asked ", *what, " to go"), "terminating"
    if happened.before and without_status(happened.after) != without_status(happened.before):
        return ("changed ", *what), ""
    return None


def without_status(body: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in body.items() if name not in ("status", "metadata")}
