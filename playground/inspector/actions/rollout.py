"""What can be done to a rollout, whichever kind it is of (Kubernetes: kubectl rollout)."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body, key_of
from playground.home.action import STRATEGIC, Action, Call, namespace_flag, object_path

RESTARTED = "kubectl.kubernetes.io/restartedAt"


def restart(body: Body, now: str) -> Action:
    patch = {"spec": {"template": {"metadata": {"annotations": {RESTARTED: now}}}}}
    return rollout("restart", "Restart", body, patch, f"{name_of(body)} replaces its pods one after the other.")


def rollout(verb: str, label: str, body: Body, patch: Any, done: str) -> Action:
    call = Call("PATCH", path_of(body), patch, STRATEGIC)
    return Action(verb, label, line_of(verb, body), (call,), done)


def path_of(body: Body) -> str:
    key = key_of(body)
    return object_path(body["apiVersion"], f"{body['kind'].lower()}s", key.namespace, key.name)


def line_of(verb: str, body: Body) -> str:
    key = key_of(body)
    return f"kubectl rollout {verb} {body['kind'].lower()}/{key.name}{namespace_flag(key.namespace)}"


def name_of(body: Body) -> str:
    return str(body["metadata"]["name"])
