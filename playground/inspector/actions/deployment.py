"""A Deployment: scale, restart, undo, pause (Kubernetes: kubectl rollout)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clusters.kinds.body import Body, annotations_of, controller_of, dig, key_of, without
from clusters.kinds.number import whole_number
from clusters.reconcile.clock import rfc3339
from playground.home.action import JSON_PATCH, Action, Call
from playground.inspector.actions.replicas import scale
from playground.inspector.actions.rollout import line_of, name_of, path_of, restart, rollout
from playground.inspector.around import Around

REVISION = "deployment.kubernetes.io/revision"


def deployment_actions(body: Body, around: Around, form: Mapping[str, str]) -> Iterator[Action]:
    yield scale(body, "deployments", form)
    yield restart(body, rfc3339(around.now))
    before = previous(body, around.list("replicasets", key_of(body).namespace))
    if before is not None:
        yield undo(body, before)
    yield resume(body) if dig(body, "spec.paused") else pause(body)


def pause(body: Body) -> Action:
    patch = {"spec": {"paused": True}}
    return rollout("pause", "Pause rollout", body, patch, f"{name_of(body)} waits: changes are kept, not rolled out.")


def resume(body: Body) -> Action:
    patch = {"spec": {"paused": None}}
    return rollout("resume", "Resume rollout", body, patch, f"{name_of(body)} goes on rolling out.")


def previous(body: Body, replicasets: Sequence[Body]) -> Body | None:
    """The replica set of the revision before the present one."""
    own = [rs for rs in replicasets if (controller_of(rs) or {}).get("uid") == body["metadata"]["uid"]]
    known = sorted((revision for rs in own if (revision := revision_of(rs))), reverse=True)
    if len(known) < 2:
        return None
    return next(rs for rs in own if revision_of(rs) == known[1])


def undo(body: Body, before: Body) -> Action:
    """Put the earlier template back, as `kubectl rollout undo` does; a paused rollout refuses that."""
    template = without(before["spec"]["template"], "metadata.labels.pod-template-hash")
    patch = [{"op": "replace", "path": "/spec/template", "value": template}]
    call = Call("PATCH", path_of(body), patch, JSON_PATCH)
    done = f"{name_of(body)} goes back to revision {revision_of(before)}."
    return Action("undo", "Undo", line_of("undo", body), (call,), done)


def revision_of(rs: Body) -> int:
    return whole_number(annotations_of(rs).get(REVISION, "")) or 0
