"""A Deployment: scale, restart, undo, pause (Kubernetes: kubectl rollout)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clusters.kinds.body import Body, annotations_of, controller_of, dig, key_of, without
from clusters.kinds.number import whole_number
from clusters.reconcile.clock import rfc3339
from playground.home.action import JSON_PATCH, STRATEGIC, Action, Call, namespace_flag, object_path
from playground.inspector.actions.replicas import scale
from playground.inspector.around import Around

REVISION = "deployment.kubernetes.io/revision"
RESTARTED = "kubectl.kubernetes.io/restartedAt"


def deployment_actions(body: Body, around: Around, form: Mapping[str, str]) -> Iterator[Action]:
    yield scale(body, "deployments", form)
    yield restart(body, rfc3339(around.now))
    before = previous(body, around.list("replicasets", key_of(body).namespace))
    if before is not None:
        yield undo(body, before)
    yield resume(body) if dig(body, "spec.paused") else pause(body)


def restart(body: Body, now: str) -> Action:
    patch = {"spec": {"template": {"metadata": {"annotations": {RESTARTED: now}}}}}
    return rollout("restart", "Restart", body, patch, f"{name_of(body)} replaces its pods one after the other.")


def pause(body: Body) -> Action:
    patch = {"spec": {"paused": True}}
    return rollout("pause", "Pause rollout", body, patch, f"{name_of(body)} waits: changes are kept, not rolled out.")


def resume(body: Body) -> Action:
    patch = {"spec": {"paused": None}}
    return rollout("resume", "Resume rollout", body, patch, f"{name_of(body)} goes on rolling out.")


def rollout(verb: str, label: str, body: Body, patch: Any, done: str) -> Action:
    call = Call("PATCH", path_of(body), patch, STRATEGIC)
    return Action(verb, label, line_of(verb, body), (call,), done)


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


def path_of(body: Body) -> str:
    key = key_of(body)
    return object_path(body["apiVersion"], "deployments", key.namespace, key.name)


def line_of(verb: str, body: Body) -> str:
    key = key_of(body)
    return f"kubectl rollout {verb} deployment/{key.name}{namespace_flag(key.namespace)}"


def name_of(body: Body) -> str:
    return str(body["metadata"]["name"])
