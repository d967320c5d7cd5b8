"""What stands in a cluster before anything has run (Kubernetes: what kubeadm and the API server leave behind)."""

from __future__ import annotations

from clusters.engine import addons, ingressnginx, kubeproxy
from clusters.kinds.body import Body
from clusters.kinds.persistentvolume import DRIVER
from clusters.kinds.storageclass import DEFAULT, WAIT
from clusters.reconcile.writes import Create

NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")
PRIORITIES = (
    ("system-cluster-critical", 2_000_000_000, "run in the cluster, but can be moved to another node if necessary"),
    ("system-node-critical", 2_000_001_000, "not be moved from their current node"),
)
# what is on the disk of a machine that was prepared for a cluster, in bytes
PREPARED = {kubeproxy.IMAGE: 26 << 20, addons.COREDNS: 20 << 20, ingressnginx.IMAGE: 104 << 20}
API_ADDRESS, API_PORT = "192.168.49.2", 6443


def first_writes(nodes: int, authority: str) -> list[Create]:
    """The namespaces, the API's own Service, the certificate that is handed out, and `nodes` workers' machines.

    `authority`: the certificate authority in PEM form, as every `kube-root-ca.crt` shall hold it.
    """
    found = [Create("namespaces", _namespace(name)) for name in NAMESPACES]
    found.append(Create("configmaps", _authority(authority)))
    found += [Create("services", _service()), Create("endpoints", _endpoints()), Create("endpointslices", _slice())]
    found.append(Create("storageclasses", _storage()))
    found.append(Create("machines", machine("control-plane", "control-plane")))
    found += [Create("machines", machine(f"worker-{number}", "worker")) for number in range(1, nodes + 1)]
    found += [Create("priorityclasses", _priority(name, value, told)) for name, value, told in PRIORITIES]
    return found


def machine(name: str, role: str) -> Body:
    """A machine with power and the system's images; its kubelet registers the Node."""
    return {
        "apiVersion": "machine.podium.dev/v1",
        "kind": "Machine",
        "metadata": {"name": name},
        "role": role,
        "power": "on",
        "bootID": "",
        "bootedAt": 0,
        "cpu": "4",
        "memory": "8Gi",
        "pods": 110,
        "images": dict(PREPARED),
    }


def _namespace(name: str) -> Body:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def _authority(pem: str) -> Body:
    metadata = {"name": "kube-root-ca", "namespace": "kube-system"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"ca.crt": pem}}


def _storage() -> Body:
    metadata = {"name": "standard", "annotations": {DEFAULT: "true"}}
    head = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": metadata}
    return {**head, "provisioner": DRIVER, "volumeBindingMode": WAIT}


def _priority(name: str, value: int, told: str) -> Body:
    body = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": name}}
    return {**body, "value": value, "description": f"Used for system critical pods that must {told}."}


def _service() -> Body:
    labels = {"component": "apiserver", "provider": "kubernetes"}
    port = {"name": "https", "port": 443, "protocol": "TCP", "targetPort": API_PORT}
    spec = {"type": "ClusterIP", "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "ports": [port]}
    metadata = {"name": "kubernetes", "namespace": "default", "labels": labels}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def _endpoints() -> Body:
    metadata = {
        "name": "kubernetes",
        "namespace": "default",
        "labels": {"endpointslice.kubernetes.io/skip-mirror": "true"},
    }
    ports = [{"name": "https", "port": API_PORT, "protocol": "TCP"}]
    subset = {"addresses": [{"ip": API_ADDRESS}], "ports": ports}
    return {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata, "subsets": [subset]}


def _slice() -> Body:
    labels = {"kubernetes.io/service-name": "kubernetes"}
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {"name": "kubernetes", "namespace": "default", "labels": labels},
        "addressType": "IPv4",
        "endpoints": [{"addresses": [API_ADDRESS], "conditions": {"ready": True}}],
        "ports": [{"name": "https", "port": API_PORT, "protocol": "TCP"}],
    }
