"""kube-proxy as kubeadm installs it: one on every node, whatever its taints (Kubernetes: kube-proxy)."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.kinds.node import CLUSTER_CIDR
from clusters.kinds.schema import MINOR
from clusters.reconcile.writes import Create

NAME, IMAGE = "kube-proxy", f"registry.k8s.io/kube-proxy:v{MINOR}.3"
LABELS = {"k8s-app": NAME}
FOLDER = "/var/lib/kube-proxy"
CONFIG = f"""apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
bindAddress: 0.0.0.0
clientConnection:
  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
clusterCIDR: {CLUSTER_CIDR}
mode: iptables
"""


def kube_proxy() -> list[Create]:
    """The account, the configuration and the DaemonSet."""
    return [
        Create("serviceaccounts", _body("v1", "ServiceAccount")),
        Create("configmaps", {**_body("v1", "ConfigMap", LABELS), "data": {"config.conf": CONFIG}}),
        Create("daemonsets", _daemonset()),
    ]


def _body(version: str, kind: str, labels: Body | None = None) -> Body:
    metadata = {"name": NAME, "namespace": "kube-system", **({"labels": labels} if labels else {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def _daemonset() -> Body:
    spec = {
        "selector": {"matchLabels": LABELS},
        "updateStrategy": {"type": "RollingUpdate"},
        "template": {"metadata": {"labels": LABELS}, "spec": _pod()},
    }
    return {**_body("apps/v1", "DaemonSet", LABELS), "spec": spec}


def _pod() -> Body:
    return {
        "priorityClassName": "system-node-critical",
        "hostNetwork": True,
        "serviceAccountName": NAME,
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "tolerations": [{"operator": "Exists"}],
        "containers": [_container()],
        "volumes": [
            {"name": NAME, "configMap": {"name": NAME}},
            {"name": "xtables-lock", "hostPath": {"path": "/run/xtables.lock", "type": "FileOrCreate"}},
            {"name": "lib-modules", "hostPath": {"path": "/lib/modules"}},
        ],
    }


def _container() -> Body:
    field = {"fieldRef": {"fieldPath": "spec.nodeName"}}
    return {
        "name": NAME,
        "image": IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "command": ["/usr/local/bin/kube-proxy", f"--config={FOLDER}/config.conf", "--hostname-override=$(NODE_NAME)"],
        "env": [{"name": "NODE_NAME", "valueFrom": field}],
        "securityContext": {"privileged": True},
        "volumeMounts": [
            {"name": NAME, "mountPath": FOLDER},
            {"name": "xtables-lock", "mountPath": "/run/xtables.lock"},
            {"name": "lib-modules", "mountPath": "/lib/modules", "readOnly": True},
        ],
    }
