"""A node: kill, bring back, cordon, uncordon, drain (Kubernetes: Safely Drain a Node); and adding one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from clusters.kinds.body import Body, annotations_of, controller_of, dig
from playground.faults.actions import here_document
from playground.faults.actions import node_actions as fault_actions
from playground.home.action import STRATEGIC, Action, Call, object_path
from playground.inspector.around import Around

MIRROR = "kubernetes.io/config.mirror"


def node_actions(body: Body, around: Around, form: Mapping[str, str]) -> Iterator[Action]:
    yield from fault_actions(body, around.list("faults"))
    name = body["metadata"]["name"]
    if dig(body, "spec.unschedulable"):
        yield mark(name, "uncordon", "Uncordon", None, f"{name} takes new pods again.")
    else:
        yield mark(name, "cordon", "Cordon", True, f"{name} takes no new pods. Those it has stay.")
    yield drain(name, [pod for pod in around.list("pods") if dig(pod, "spec.nodeName") == name])


def mark(name: str, verb: str, label: str, unschedulable: bool | None, done: str) -> Action:
    return Action(verb, label, f"kubectl {verb} {name}", (cordoning(name, unschedulable),), done)


def cordoning(name: str, unschedulable: bool | None) -> Call:
    return Call("PATCH", object_path("v1", "nodes", name=name), {"spec": {"unschedulable": unschedulable}}, STRATEGIC)


def drain(name: str, pods: Sequence[Body]) -> Action:
    """Cordon, then evict what is neither a mirror pod nor a DaemonSet's, as kubectl does."""
    leaving = [pod for pod in pods if leaves(pod)]
    calls = (cordoning(name, True), *(evict(pod) for pod in leaving))
    alone = any(controller_of(pod) is None for pod in leaving)
    flags = " --ignore-daemonsets --delete-emptydir-data" + (" --force" if alone else "")
    count = "1 pod" if len(leaving) == 1 else f"{len(leaving)} pods"
    asks = f"Empty {name}? {count} will be evicted" + (
        ", and some of them nobody makes again." if alone else " and made again elsewhere."
    )
    done = f"{name} takes no new pods; {count} asked to go."
    return Action("drain", "Drain", f"kubectl drain {name}{flags}", calls, done, asks=asks, danger=True)


def leaves(pod: Body) -> bool:
    owner = controller_of(pod)
    finished = dig(pod, "status.phase") in ("Succeeded", "Failed")
    return MIRROR not in annotations_of(pod) and (owner is None or owner["kind"] != "DaemonSet" or finished)


def evict(pod: Body) -> Call:
    namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
    eviction = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": name, "namespace": namespace}}
    return Call("POST", object_path("v1", "pods", namespace, name, "eviction"), eviction, may_be_gone=True)


def add_node(nodes: Sequence[Body]) -> Action:
    """A machine joins: the next free worker's name."""
    taken = {node["metadata"]["name"] for node in nodes}
    number = next(number for number in range(1, len(taken) + 2) if f"worker-{number}" not in taken)
    body = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": f"worker-{number}"}}
    call = Call("POST", object_path("v1", "nodes"), body)
    return Action("add", "Add a node", here_document("create", body), (call,), f"worker-{number} joins the cluster.")
