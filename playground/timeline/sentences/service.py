"""Services, and how many pods stand behind each."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting, labels_of
from playground.timeline.line import Happened, Name, Sentence, because

Told = tuple[Sentence, str] | None
NAME = "kubernetes.io/service-name"


def service(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if name.name == "kubernetes":
        return None
    if happened.op == "ADDED":
        return ("made Service ", name, f" at {dig(after, 'spec.clusterIP', 'no address')}"), ""
    if happened.op == "DELETED":
        return ("removed Service ", name), "terminating"
    if before and is_deleting(after) and not is_deleting(before):
        return ("asked Service ", name, " to go"), "terminating"
    if before and dig(before, "spec.selector") != dig(after, "spec.selector"):
        return ("changed what Service ", name, " selects"), ""
    if before and dig(before, "spec") != dig(after, "spec"):
        return ("changed Service ", name), ""
    return None


def endpointslice(happened: Happened) -> Told:
    """Only the number of ready pods is told, and only when it changes."""
    owner = labels_of(happened.after).get(NAME, "")
    if not owner or owner == "kubernetes" or happened.op == "DELETED":
        return None
    was, now = ready(happened.before), ready(happened.after)
    if was == now or (happened.before is None and happened.op == "MODIFIED"):
        return None
    name = Name("services", happened.name.namespace, owner)
    pods = "no pod" if now == 0 else "1 pod" if now == 1 else f"{now} pods"
    return ("now sends ", name, f" to {pods}{because(happened.why)}"), "notready" if now < was else ""


def ready(body: Body | None) -> int:
    endpoints = (body or {}).get("endpoints") or ()
    return sum(1 for one in endpoints if dig(one, "conditions.ready", True) is not False)
