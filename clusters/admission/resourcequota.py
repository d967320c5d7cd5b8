"""Refuses what a Namespace's quotas have no room for (Kubernetes: ResourceQuota).

It counts what is there, under the cluster's lock: nobody overruns a quota, however many write at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from clusters.admission.resource import resource_of
from clusters.admission.serviceaccount import MIRROR
from clusters.admission.step import Step
from clusters.admission.usage import concerns, counts, missing, shown, total, usage
from clusters.kinds.body import Body, annotations_of, dig, key_of
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status
from clusters.kinds.quantity import parse
from clusters.reconcile.view import View


def admit(new: Body | None, old: Body | None, view: View) -> Body | Status | None:
    """Each quota of the namespace is asked; the first that has no room refuses."""
    assert new is not None
    namespace = new["metadata"].get("namespace")
    quotas = view.list("resourcequotas", namespace) if namespace else ()
    if not quotas or MIRROR in annotations_of(new):
        return new
    kind = next(one for one in view.kinds.values() if (one.api_version, one.kind) == (new["apiVersion"], new["kind"]))
    for quota in quotas:
        why = _refusal(quota, kind, new, old, view) if counts(quota, kind) and concerns(quota, kind, new) else ""
        if why:
            return Status.forbidden(resource_of(new, view), new["metadata"]["name"], why)
    return new


def _refusal(quota: Body, kind: Kind, new: Body, old: Body | None, view: View) -> str:
    name = quota["metadata"]["name"]
    if kind.plural == "pods" and old is None:
        silent = missing(quota, new)
        if silent:
            return f"failed quota: {name}: must specify {silent}"
    hard: Mapping[str, str] = dig(quota, "spec.hard") or {}
    before = usage(kind, old, view.now) if old is not None and concerns(quota, kind, old) else {}
    asked = {
        resource: amount - before.get(resource, Fraction(0))
        for resource, amount in usage(kind, new, view.now).items()
        if resource in hard and amount > before.get(resource, Fraction(0))
    }
    if not asked:
        return ""
    used = total({"spec": {**quota["spec"], "hard": asked}}, _others(kind, view, key_of(new).namespace), view.now)
    over = [resource for resource in sorted(asked) if used[resource] + asked[resource] > parse(hard[resource])]
    if not over:
        return ""
    requested = ",".join(f"{resource}={shown(resource, asked[resource])}" for resource in over)
    taken = ",".join(f"{resource}={shown(resource, used[resource])}" for resource in over)
    limited = ",".join(f"{resource}={hard[resource]}" for resource in over)
    return f"exceeded quota: {name}, requested: {requested}, used: {taken}, limited: {limited}"


def _others(kind: Kind, view: View, namespace: str) -> Iterator[tuple[Kind, Body]]:
    for body in view.list(kind.plural, namespace):
        yield kind, body


STEP = Step("ResourceQuota", ("*",), ("CREATE", "UPDATE"), admit)
