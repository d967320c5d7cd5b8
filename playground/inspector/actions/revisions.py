"""StatefulSets and DaemonSets: scale, restart, and back to the revision before (Kubernetes: kubectl rollout undo)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clusters.kinds.body import Body, controller_of, key_of, uid_of
from clusters.reconcile.clock import rfc3339
from playground.home.action import Action
from playground.inspector.actions.replicas import scale
from playground.inspector.actions.rollout import name_of, restart, rollout
from playground.inspector.around import Around


def statefulset_actions(body: Body, around: Around, form: Mapping[str, str]) -> Iterator[Action]:
    yield scale(body, "statefulsets", form)
    yield from daemonset_actions(body, around, form)


def daemonset_actions(body: Body, around: Around, _: Mapping[str, str]) -> Iterator[Action]:
    yield restart(body, rfc3339(around.now))
    before = previous(body, around)
    if before is not None:
        done = f"{name_of(body)} goes back to revision {before['revision']}."
        yield rollout("undo", "Undo", body, before["data"], done)


def previous(body: Body, around: Around) -> Body | None:
    """The ControllerRevision before the present one."""
    known = around.list("controllerrevisions", key_of(body).namespace)
    own = [one for one in known if (controller_of(one) or {}).get("uid") == uid_of(body)]
    ordered = sorted(own, key=lambda one: one["revision"])
    return ordered[-2] if len(ordered) > 1 else None
