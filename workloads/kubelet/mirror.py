"""The control plane as static pods, shown in the API by mirror pods (Kubernetes: static Pods, kubeadm's manifests)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import md5
from typing import NamedTuple

from clusters.kinds.body import Body, Key, annotations_of, controller_of, dig, uid_of
from clusters.kinds.machine import has_changed, hears_api
from clusters.kinds.node import CLUSTER_CIDR
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create
from workloads.kubelet.version import ETCD, KUBERNETES
from workloads.kubelet.writes import Writes

NAMESPACE = "kube-system"
MIRROR = "kubernetes.io/config.mirror"
HASH = "kubernetes.io/config.hash"


class Part(NamedTuple):
    """One of kubeadm's manifests: what it runs, what it asks for."""

    name: str
    image: str
    flags: tuple[str, ...]
    requests: tuple[tuple[str, str], ...]


PARTS = (
    Part(
        "etcd",
        f"registry.k8s.io/etcd:{ETCD}",
        ("--name={node}", "--data-dir=/var/lib/etcd", "--listen-client-urls=https://127.0.0.1:2379,https://{ip}:2379",
         "--listen-metrics-urls=http://127.0.0.1:2381"),
        (("cpu", "100m"), ("memory", "100Mi")),
    ),
    Part(
        "kube-apiserver",
        f"registry.k8s.io/kube-apiserver:{KUBERNETES}",
        ("--advertise-address={ip}", "--allow-privileged=true", "--authorization-mode=Node,RBAC",
         "--etcd-servers=https://127.0.0.1:2379", "--secure-port=6443", "--service-cluster-ip-range=10.96.0.0/12"),
        (("cpu", "250m"),),
    ),
    Part(
        "kube-controller-manager",
        f"registry.k8s.io/kube-controller-manager:{KUBERNETES}",
        ("--allocate-node-cidrs=true", "--bind-address=127.0.0.1", f"--cluster-cidr={CLUSTER_CIDR}",
         "--leader-elect=true", "--service-cluster-ip-range=10.96.0.0/12", "--use-service-account-credentials=true"),
        (("cpu", "200m"),),
    ),
    Part(
        "kube-scheduler",
        f"registry.k8s.io/kube-scheduler:{KUBERNETES}",
        ("--bind-address=127.0.0.1", "--leader-elect=true"),
        (("cpu", "100m"),),
    ),
)  # fmt: skip


def its_node(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The node of a mirror pod that is gone."""
    if new is None and old and annotations_of(old).get(MIRROR) and old["spec"].get("nodeName"):
        return (Key("", old["spec"]["nodeName"]),)
    return ()


def of_control_planes(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A control-plane machine whose power or Node is another than before."""
    if new is None or new.get("role") != "control-plane":
        return ()
    if not has_changed(new, old):
        return ()
    return (Key("", new["metadata"]["name"]),)


def when_it_registers(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    return (Key("", new["metadata"]["name"]),) if new and old is None else ()


CONTROLLER = Controller(
    "kubelet-static",
    primary="machines",
    mapper=of_control_planes,
    watches={"pods": its_node, "nodes": when_it_registers},
    actor=lambda key, _: f"kubelet/{key.name}",
    source="kubelet",
)


def reconcile(key: Key, view: View) -> Writes:
    """Each of the control plane's manifests has its mirror pod, as long as the node's kubelet lives."""
    machine, node = view.get("machines", key), view.get("nodes", key)
    if machine is None or node is None or machine["role"] != "control-plane" or not hears_api(machine):
        return
    for part in PARTS:
        if view.get("pods", Key(NAMESPACE, f"{part.name}-{key.name}")) is None:
            yield Create("pods", mirror(part, machine, node), because=node, why="A static pod without its mirror.")


def mirror(part: Part, machine: Body, node: Body) -> Body:
    """The mirror pod: bound, tolerating everything, owned by its Node so that drain leaves it alone."""
    name = machine["metadata"]["name"]
    digest = config_hash(part, name, machine["ip"])
    owner = {"apiVersion": "v1", "kind": "Node", "name": name, "uid": uid_of(node), "controller": True}
    annotations = {HASH: digest, MIRROR: digest, "kubernetes.io/config.source": "file"}
    metadata = {
        "name": f"{part.name}-{name}",
        "namespace": NAMESPACE,
        "labels": {"component": part.name, "tier": "control-plane"},
        "annotations": annotations,
        "ownerReferences": [owner],
    }
    spec = {
        "nodeName": name,
        "hostNetwork": True,
        "priorityClassName": "system-node-critical",
        "priority": 2000001000,
        "restartPolicy": "Always",
        "enableServiceLinks": True,
        "tolerations": [{"operator": "Exists", "effect": "NoExecute"}],
        "securityContext": {"seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [container(part, name, machine["ip"])],
    }
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def container(part: Part, node: str, address: str) -> Body:
    command = [part.name, *(flag.format(node=node, ip=address) for flag in part.flags)]
    return {
        "name": part.name,
        "image": part.image,
        "imagePullPolicy": "IfNotPresent",
        "command": command,
        "resources": {"requests": dict(part.requests)},
    }


def is_static(pod: Body) -> bool:
    """A mirror of a static pod: it mirrors its node's own file and is owned by that Node."""
    if not annotations_of(pod).get(MIRROR) or not annotations_of(pod).get(HASH):
        return False
    owner = controller_of(pod)
    return bool(owner and owner["kind"] == "Node" and owner["name"] == dig(pod, "spec.nodeName"))


@lru_cache(maxsize=1024)
def config_hash(part: Part, node: str, address: str) -> str:
    """The identity of a static pod: it survives its mirror."""
    return md5(f"{part}/{node}/{address}".encode(), usedforsecurity=False).hexdigest()
