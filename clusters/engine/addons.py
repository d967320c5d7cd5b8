"""What kubeadm installs on top of the control plane: kube-proxy, CoreDNS, and ingress-nginx (Kubernetes: add-ons)."""

from __future__ import annotations

from clusters.engine.ingressnginx import ingress_nginx
from clusters.engine.kubeproxy import kube_proxy
from clusters.kinds.body import Body
from clusters.reconcile.writes import Create

DNS_ADDRESS = "10.96.0.10"
COREDNS = "registry.k8s.io/coredns/coredns:v1.12.1"
LABELS = {"k8s-app": "kube-dns"}
COREFILE = """.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
"""


def addons() -> list[Create]:
    """All of them."""
    return [*kube_proxy(), *dns(), *ingress_nginx()]


def dns() -> list[Create]:
    """The Service with the address that every kubelet knows, and the two pods behind it."""
    return [
        Create("serviceaccounts", _body("v1", "ServiceAccount", "coredns")),
        Create("configmaps", {**_body("v1", "ConfigMap", "coredns"), "data": {"Corefile": COREFILE}}),
        Create("services", _service()),
        Create("deployments", _deployment()),
    ]


def _body(version: str, kind: str, name: str, **metadata: Body) -> Body:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, "namespace": "kube-system", **metadata}}


def _service() -> Body:
    labels = {**LABELS, "kubernetes.io/cluster-service": "true", "kubernetes.io/name": "CoreDNS"}
    scraped = {"prometheus.io/port": "9153", "prometheus.io/scrape": "true"}
    ports = [
        {"name": "dns", "port": 53, "protocol": "UDP", "targetPort": 53},
        {"name": "dns-tcp", "port": 53, "protocol": "TCP", "targetPort": 53},
        {"name": "metrics", "port": 9153, "protocol": "TCP", "targetPort": 9153},
    ]
    spec = {"clusterIP": DNS_ADDRESS, "clusterIPs": [DNS_ADDRESS], "selector": LABELS, "ports": ports}
    return {**_body("v1", "Service", "kube-dns", labels=labels, annotations=scraped), "spec": spec}


def _deployment() -> Body:
    update = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 1}}
    spec = {
        "replicas": 2,
        "strategy": update,
        "selector": {"matchLabels": LABELS},
        "template": {"metadata": {"labels": LABELS}, "spec": _pod()},
    }
    return {**_body("apps/v1", "Deployment", "coredns", labels=LABELS), "spec": spec}


def _pod() -> Body:
    term = {
        "labelSelector": {"matchExpressions": [{"key": "k8s-app", "operator": "In", "values": ["kube-dns"]}]},
        "topologyKey": "kubernetes.io/hostname",
    }
    apart = {"preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 100, "podAffinityTerm": term}]}
    return {
        "priorityClassName": "system-cluster-critical",
        "serviceAccountName": "coredns",
        "affinity": {"podAntiAffinity": apart},
        "tolerations": [
            {"key": "CriticalAddonsOnly", "operator": "Exists"},
            {"key": "node-role.kubernetes.io/control-plane", "effect": "NoSchedule"},
        ],
        "nodeSelector": {"kubernetes.io/os": "linux"},
        "dnsPolicy": "Default",
        "volumes": [
            {
                "name": "config-volume",
                "configMap": {"name": "coredns", "items": [{"key": "Corefile", "path": "Corefile"}]},
            }
        ],
        "containers": [_container()],
    }


def _container() -> Body:
    ports = [("dns", 53, "UDP"), ("dns-tcp", 53, "TCP"), ("metrics", 9153, "TCP")]
    ports += [("liveness-probe", 8080, "TCP"), ("readiness-probe", 8181, "TCP")]
    return {
        "name": "coredns",
        "image": COREDNS,
        "imagePullPolicy": "IfNotPresent",
        "args": ["-conf", "/etc/coredns/Corefile"],
        "resources": {"limits": {"memory": "170Mi"}, "requests": {"cpu": "100m", "memory": "70Mi"}},
        "volumeMounts": [{"name": "config-volume", "mountPath": "/etc/coredns", "readOnly": True}],
        "ports": [{"name": name, "containerPort": port, "protocol": protocol} for name, port, protocol in ports],
        "livenessProbe": {
            "httpGet": {"path": "/health", "port": "liveness-probe", "scheme": "HTTP"},
            "initialDelaySeconds": 60,
            "timeoutSeconds": 5,
            "failureThreshold": 5,
        },
        "readinessProbe": {"httpGet": {"path": "/ready", "port": "readiness-probe", "scheme": "HTTP"}},
    }
