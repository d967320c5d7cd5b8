"""Deleting any object."""

from __future__ import annotations

from clusters.kinds.body import Body, controller_of, is_deleting, key_of
from clusters.kinds.kind import Kind
from playground.home.action import Action, Call, namespace_flag, object_path

QUESTIONS = {
    "nodes": "Remove {name} for good? Its machine leaves, and its pods with it.",
    "namespaces": "Delete {name} and everything in it?",
    "deployments": "Delete {name} with its replica sets and pods?",
    "replicasets": "Delete {name} with its pods?",
    "replicationcontrollers": "Delete {name} with its pods?",
    "statefulsets": "Delete {name} with its pods? Their claims stay, unless its retention policy says otherwise.",
    "daemonsets": "Delete {name} with its pods on all nodes?",
    "jobs": "Delete {name} with its pods and their logs?",
    "cronjobs": "Delete {name} with its Jobs and their pods?",
    "services": "Delete {name}? Its address will lead nowhere.",
}


def remove(kind: Kind, body: Body) -> Action:
    """`kubectl delete`. What is being deleted already can be forced."""
    key = key_of(body)
    shown = kind.singular if not kind.group else f"{kind.singular}.{kind.group}"
    shown = kind.singular if kind.group == "apps" else shown
    line = f"kubectl delete {shown} {key.name}{namespace_flag(key.namespace)}"
    path = object_path(kind.api_version, kind.plural, key.namespace, key.name)
    if is_deleting(body):
        asks = f"Remove {key.name} at once, without waiting for its processes to end?"
        call = Call(
            "DELETE", path, {"kind": "DeleteOptions", "apiVersion": "v1", "gracePeriodSeconds": 0}, may_be_gone=True
        )
        forced = f"{line} --grace-period=0 --force"
        return Action("force", "Delete now", forced, (call,), f"{key.name} is gone.", asks=asks, danger=True, gone=True)
    done = f"{key.name} is asked to go."
    call = Call("DELETE", path)
    if kind.default_propagation == "Orphan":  # kubectl asks for the pods to go along
        call = Call("DELETE", path, {"kind": "DeleteOptions", "apiVersion": "v1", "propagationPolicy": "Background"})
    return Action("delete", "Delete", line, (call,), done, asks=question(kind, body), danger=True, gone=True)


def question(kind: Kind, body: Body) -> str:
    name = body["metadata"]["name"]
    owner = controller_of(body)
    if owner and kind.plural == "pods" and owner["kind"] != "Node":
        return f"Delete {name}? {owner['kind']} {owner['name']} will make another."
    if kind.plural == "pods":
        return f"Delete {name}? Nobody will make another."
    return QUESTIONS.get(kind.plural, "Delete {name}?").format(name=name)
