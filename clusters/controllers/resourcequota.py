"""The quota controller: writes down what a Namespace uses of its quotas (Kubernetes: Resource Quotas)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator

from clusters.admission.usage import counts, shown, total, usage
from clusters.kinds.body import Body, Key, dig, is_deleting, key_of
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND, parse
from clusters.reconcile.component import Controller, Mapper, itself
from clusters.reconcile.view import View
from clusters.reconcile.writes import LookAgain, SetStatus, Write

Writes = Generator[Write, Body | Status | None, None]


def used_by(kind: Kind) -> Mapper:
    """The quotas that count this object, when it comes, goes or uses another amount."""

    def look_at(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
        body = new or old
        namespace = key_of(body).namespace if body else ""
        quotas = view.list("resourcequotas", namespace) if namespace else ()
        if not quotas or (new and old and _is_same(kind, new, old, view)):
            return ()
        return [key_of(quota) for quota in quotas if counts(quota, kind)]

    return look_at


def itself_and_others(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """A quota may count quotas."""
    kind = view.kinds["resourcequotas"]
    return dict.fromkeys([*itself(new, old, view), *used_by(kind)(new, old, view)])


CONTROLLER = Controller(
    "resourcequota-controller", primary="resourcequotas", mapper=itself_and_others, everywhere=used_by
)


def reconcile(key: Key, view: View) -> Writes:
    """Count everything that the quota limits."""
    quota = view.get("resourcequotas", key)
    if quota is None or is_deleting(quota):
        return
    used = total(quota, _objects(quota, key.namespace, view), view.now)
    hard = dig(quota, "spec.hard") or {}
    status = {"hard": hard, "used": {name: shown(name, amount) for name, amount in used.items()}} if hard else {}
    if status != (quota.get("status") or {}):
        yield SetStatus("resourcequotas", quota, status)
    due = [time for time in _ends(quota, key.namespace, view) if time > view.now]
    if due:
        yield LookAgain(min(due))


def _objects(quota: Body, namespace: str, view: View) -> Iterator[tuple[Kind, Body]]:
    for kind in view.kinds.values():
        if kind.served and kind.namespaced and counts(quota, kind):
            for body in view.list(kind.plural, namespace):
                yield kind, body


def _ends(quota: Body, namespace: str, view: View) -> Iterator[int]:
    """When pods that were asked to go stop being charged, whether somebody has ended them or not."""
    if counts(quota, view.kinds["pods"]):
        for pod in view.list("pods", namespace):
            if is_deleting(pod):
                yield parse(pod["metadata"]["deletionTimestamp"]) + SECOND


def _is_same(kind: Kind, new: Body, old: Body, view: View) -> bool:
    if new["metadata"].get("deletionTimestamp") != old["metadata"].get("deletionTimestamp"):
        return False
    if new.get("spec") is old.get("spec") and dig(new, "status.phase") == dig(old, "status.phase"):
        return True
    return usage(kind, new, view.now) == usage(kind, old, view.now)
