"""Static pods of one's own: manifests in a folder of the machine (Kubernetes: Create static Pods)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from hashlib import md5
from typing import Any

import yaml

from clusters.kinds.body import Body, Key, annotations_of, key_of, uid_of
from clusters.kinds.machine import has_changed, hears_api
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Update
from workloads.kubelet.lasting import HOST
from workloads.kubelet.mirror import HASH, MIRROR, NAMESPACE, PARTS, is_static, its_node, when_it_registers
from workloads.kubelet.work import box_key
from workloads.kubelet.writes import Writes

FOLDER = "etc/kubernetes/manifests/"  # kubelet: staticPodPath
ENDINGS = (".yaml", ".yml", ".json")
LONGEST = 64 * 1024  # characters of a manifest


def its_machine(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The machine whose own disk has changed."""
    disk = new or old
    assert disk is not None
    key = key_of(disk)
    return (Key("", key.namespace),) if key.name == HOST else ()


def with_power(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A machine whose power or Node is another than before."""
    if new is None or not has_changed(new, old):
        return ()
    return (Key("", new["metadata"]["name"]),)


CONTROLLER = Controller(
    "kubelet-manifests",
    primary="machines",
    mapper=with_power,
    watches={"disks": its_machine, "pods": its_node, "nodes": when_it_registers},
    actor=lambda key, _: f"kubelet/{key.name}",
    source="kubelet",
)


def reconcile(key: Key, view: View) -> Writes:
    """Each manifest has its mirror pod; one that was taken away or changed takes its containers along."""
    machine, node = view.get("machines", key), view.get("nodes", key)
    if node is None or not hears_api(machine):
        return
    wanted = {key_of(pod): pod for pod in mirrors(node, view)}
    for pod in its_own(key.name, view):
        asked = wanted.get(key_of(pod))
        if asked is None or annotations_of(asked)[HASH] != annotations_of(pod)[HASH]:
            box = view.get("sandboxes", box_key(pod))
            if box is not None:
                yield Update("sandboxes", {**box, "static": False}, because=pod, why="Its manifest is gone.")
            yield Delete("pods", pod, because=node, grace=0, why="Its manifest is gone.")
    for place, pod in wanted.items():
        if view.get("pods", place) is None:
            yield Create("pods", pod, because=node, why="A static pod without its mirror.")


def its_own(node: str, view: View) -> Iterator[Body]:
    """The mirrors on this node that are not the control plane's."""
    parts = [Key(NAMESPACE, f"{part.name}-{node}") for part in PARTS]
    for pod in view.on_node(node):
        if is_static(pod) and key_of(pod) not in parts:
            yield pod


def mirrors(node: Body, view: View) -> Iterator[Body]:
    """A mirror pod for each manifest that can be read, as the kubelet makes it."""
    name = node["metadata"]["name"]
    disk = view.get("disks", Key(name, HOST)) or {}
    for path, text in sorted((disk.get("files") or {}).items()):
        file = path.removeprefix(FOLDER)
        if path.startswith(FOLDER) and "/" not in file and not file.startswith(".") and file.endswith(ENDINGS):
            pod = read(text)
            if pod is not None:
                yield mirror(pod, text, node)


def mirror(pod: Body, text: str, node: Body) -> Body:
    name = node["metadata"]["name"]
    digest = md5(f"{name}/{text}".encode(), usedforsecurity=False).hexdigest()
    owner = {"apiVersion": "v1", "kind": "Node", "name": name, "uid": uid_of(node), "controller": True}
    own = pod["metadata"]
    annotations = {
        **(own.get("annotations") or {}),
        HASH: digest,
        MIRROR: digest,
        "kubernetes.io/config.source": "file",
    }
    metadata = {
        **{field: own[field] for field in ("labels",) if own.get(field)},
        "name": f"{own['name']}-{name}",
        "namespace": own.get("namespace") or "default",
        "annotations": annotations,
        "ownerReferences": [owner],
    }
    tolerations = [{"operator": "Exists", "effect": "NoExecute"}]
    spec = {**pod["spec"], "nodeName": name, "tolerations": [*(pod["spec"].get("tolerations") or ()), *tolerations]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


@lru_cache(maxsize=256)
def read(text: str) -> Any:
    """The Pod that a file describes; None where it is none, which a kubelet only notes in its own log."""
    if len(text) > LONGEST:
        return None
    try:
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, yaml.CSafeLoader)):
            return None  # aliases can make much of little
        found = yaml.load(text, yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("kind") != "Pod":
        return None
    metadata, spec = found.get("metadata"), found.get("spec")
    if not isinstance(metadata, dict) or not isinstance(metadata.get("name"), str) or not isinstance(spec, dict):
        return None
    return found if isinstance(spec.get("containers"), list) else None
