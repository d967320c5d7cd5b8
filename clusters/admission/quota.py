"""What a visitor's cluster may hold, refused as a ResourceQuota refuses (Kubernetes: Resource Quotas)."""

from __future__ import annotations

import orjson

from clusters.admission.resource import resource_of
from clusters.admission.serviceaccount import MIRROR
from clusters.admission.step import Step
from clusters.kinds.body import Body, annotations_of, dig
from clusters.kinds.problem import Status
from clusters.reconcile.view import View

# what the cluster itself writes and takes away again
UNCOUNTED = ("disks", "events", "leases", "machines", "sandboxes")
OVER = ("Succeeded", "Failed")
# these come and go by themselves: they have a limit of their own, so many times that of all others
TRACES, TIMES = {"Event": "events", "Lease": "leases"}, 4


def admit(new: Body | None, old: Body | None, view: View) -> Body | Status | None:
    """Refuses what would be one more than the limit, or an object that is too big."""
    if not view.limits or new is None:
        return new
    if "bytes" in view.limits:
        size = len(orjson.dumps(new))
        if size > view.limits["bytes"] and (old is None or size > len(orjson.dumps(old))):
            return _refusal(new, view, f"requested: bytes={size}, limited: bytes={view.limits['bytes']}")
    return new if old is not None else _counted(new, view)


def _counted(new: Body, view: View) -> Body | Status:
    if new["kind"] in TRACES:
        return _traced(new, TRACES[new["kind"]], view)
    for name, used in (("pods", _pods), ("nodes", _nodes), ("objects", _objects)):
        if name in view.limits and (name == "objects" or new["kind"].lower() + "s" == name):
            count = used(new, view)
            if count is not None and count >= view.limits[name]:
                limit = view.limits[name]
                return _refusal(new, view, f"requested: {name}=1, used: {name}={count}, limited: {name}={limit}")
    return new


def _traced(new: Body, plural: str, view: View) -> Body | Status:
    limit, count = view.limits.get("objects", 0) * TIMES, view.count(plural)
    if limit and count >= limit:
        return _refusal(new, view, f"requested: {plural}=1, used: {plural}={count}, limited: {plural}={limit}")
    return new


def _pods(new: Body, view: View) -> int | None:
    """Pods that are not over. A mirror pod only shows what runs already: it is never refused."""
    if MIRROR in annotations_of(new):
        return None
    if view.count("pods") < view.limits["pods"]:
        return 0
    return sum(dig(pod, "status.phase") not in OVER for pod in view.list("pods"))


def _nodes(_: Body, view: View) -> int:
    return view.count("nodes")


def _objects(_: Body, view: View) -> int:
    return sum(view.count(plural) for plural in view.kinds if plural not in UNCOUNTED)


def _refusal(new: Body, view: View, numbers: str) -> Status:
    return Status.forbidden(resource_of(new, view), new["metadata"]["name"], f"exceeded quota: podium, {numbers}")


STEP = Step("VisitorLimits", ("*",), ("CREATE", "UPDATE"), admit)
