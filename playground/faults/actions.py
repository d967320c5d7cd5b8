"""What the page can break and mend. Each fault is an object, so kubectl can do the same (docs: Fault)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from clusters.kinds.body import Body, dig
from clusters.reconcile.sparing import OVER
from playground.home.action import Action, Call, Choice, object_path

API_VERSION = "podium.dev/v1"


def node_faults(node: str, faults: Sequence[Body]) -> list[Body]:
    """The crashes that hold this node down."""
    return [
        fault
        for fault in faults
        if dig(fault, "spec.type") == "NodeCrash"
        and dig(fault, "spec.target.node") == node
        and dig(fault, "status.phase") != "Done"
    ]


def node_actions(node: Body, faults: Sequence[Body]) -> Iterator[Action]:
    """Kill a machine, or bring it back when it was killed."""
    name = node["metadata"]["name"]
    standing = node_faults(name, faults)
    yield bring_back(name, standing) if standing else kill(node)


def kill(node: Body) -> Action:
    name = node["metadata"]["name"]
    asks = f"Cut the power of {name}? Its processes and memory are gone at once; its disk stays."
    if "node-role.kubernetes.io/control-plane" in (node["metadata"].get("labels") or {}):
        asks += " This node runs the scheduler and the controllers: nothing heals until it is back."
    body = fault(f"crash-{name}", "NodeCrash", {"node": name})
    return Action(
        "kill", "Kill", applied(body), (create(body),), f"{name} has no power any more.", asks=asks, danger=True
    )


def bring_back(name: str, standing: Sequence[Body]) -> Action:
    names = [str(one["metadata"]["name"]) for one in standing]
    calls = [Call("DELETE", object_path(API_VERSION, "faults", name=one), may_be_gone=True) for one in names]
    line = f"kubectl delete faults {' '.join(names)}"
    return Action("revive", "Bring back", line, tuple(calls), f"{name} has power again and boots.")


def crash_container(pod: Body, chosen: str) -> Action | None:
    """End a container's process from outside; its kubelet will start it again."""
    containers = [str(container["name"]) for container in pod["spec"].get("containers") or ()]
    is_over = pod["metadata"].get("deletionTimestamp") or dig(pod, "status.phase") in OVER
    if not containers or is_over:
        return None
    container = chosen if chosen in containers else containers[0]
    namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
    target = {"namespace": namespace, "pod": name, "container": container}
    body = fault("", "ContainerCrash", target, prefix=f"crash-{name}"[:200])
    choice = Choice("container", "Container", container, tuple(containers)) if len(containers) > 1 else None
    done = f"The process of {container} in {name} has ended."
    return Action("crash", "Crash container", created(body), (create(body),), done, choice=choice)


def fault(name: str, type_: str, target: dict[str, str], prefix: str = "") -> Body:
    metadata = {"name": name} if name else {"generateName": f"{prefix}-"}
    return {"apiVersion": API_VERSION, "kind": "Fault", "metadata": metadata, "spec": {"type": type_, "target": target}}


def create(body: Body) -> Call:
    return Call("POST", object_path(API_VERSION, "faults"), body)


def applied(body: Body) -> str:
    return here_document("apply", body)


def created(body: Body) -> str:
    """`kubectl create`, since `apply` wants a name and this fault gets its own each time."""
    return here_document("create", body)


def here_document(verb: str, body: Body) -> str:
    return f"kubectl {verb} -f - <<EOF\n{yaml.safe_dump(body, sort_keys=False)}EOF"
