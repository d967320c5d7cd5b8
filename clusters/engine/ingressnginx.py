"""ingress-nginx as its own manifest installs it: class, controller, load balancer (Kubernetes: Ingress controllers)."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.reconcile.writes import Create

NAMESPACE, NAME = "ingress-nginx", "ingress-nginx-controller"
IMAGE = "registry.k8s.io/ingress-nginx/controller:v1.13.3"
CONTROLLER = "k8s.io/ingress-nginx"
LABELS = {
    "app.kubernetes.io/component": "controller",
    "app.kubernetes.io/instance": "ingress-nginx",
    "app.kubernetes.io/name": "ingress-nginx",
}
DEFAULT = "ingressclass.kubernetes.io/is-default-class"


def ingress_nginx() -> list[Create]:
    """All of it."""
    return [
        Create("namespaces", {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}),
        Create("serviceaccounts", _body("v1", "ServiceAccount", "ingress-nginx")),
        Create("configmaps", {**_body("v1", "ConfigMap", NAME), "data": {}}),
        Create("ingressclasses", _class()),
        Create("services", _service()),
        Create("deployments", _deployment()),
    ]


def _body(version: str, kind: str, name: str) -> Body:
    metadata = {"name": name, "namespace": NAMESPACE, "labels": LABELS}
    return {"apiVersion": version, "kind": kind, "metadata": metadata}


def _class() -> Body:
    metadata = {"name": "nginx", "labels": LABELS, "annotations": {DEFAULT: "true"}}
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": metadata}
    return {**head, "spec": {"controller": CONTROLLER}}


def _service() -> Body:
    ports = [
        {"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http", "appProtocol": "http"},
        {"name": "https", "port": 443, "protocol": "TCP", "targetPort": "https", "appProtocol": "https"},
    ]
    return {**_body("v1", "Service", NAME), "spec": {"type": "LoadBalancer", "selector": LABELS, "ports": ports}}


def _deployment() -> Body:
    spec = {
        "replicas": 1,
        "selector": {"matchLabels": LABELS},
        "template": {"metadata": {"labels": LABELS}, "spec": _pod()},
    }
    return {**_body("apps/v1", "Deployment", NAME), "spec": spec}


def _pod() -> Body:
    return {
        "serviceAccountName": "ingress-nginx",
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "dnsPolicy": "ClusterFirst",
        "containers": [_container()],
    }


def _container() -> Body:
    health = {"httpGet": {"path": "/healthz", "port": 10254, "scheme": "HTTP"}}
    fields = {"POD_NAME": "metadata.name", "POD_NAMESPACE": "metadata.namespace"}
    return {
        "name": "controller",
        "image": IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "args": [
            "/nginx-ingress-controller",
            f"--publish-service=$(POD_NAMESPACE)/{NAME}",
            "--election-id=ingress-nginx-leader",
            f"--controller-class={CONTROLLER}",
            "--ingress-class=nginx",
            f"--configmap=$(POD_NAMESPACE)/{NAME}",
        ],
        "env": [{"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in fields.items()],
        "ports": [
            {"name": "http", "containerPort": 80, "protocol": "TCP"},
            {"name": "https", "containerPort": 443, "protocol": "TCP"},
        ],
        "resources": {"requests": {"cpu": "100m", "memory": "90Mi"}},
        "livenessProbe": {**health, "initialDelaySeconds": 10, "periodSeconds": 10, "failureThreshold": 5},
        "readinessProbe": {**health, "periodSeconds": 10, "failureThreshold": 3},
        "lifecycle": {"preStop": {"exec": {"command": ["/wait-shutdown"]}}},
    }
