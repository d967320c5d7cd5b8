"""`kubectl top` and `kubectl autoscale`: what is measured, and what follows from it."""

from __future__ import annotations

from tests.conformance.kubectl import Kubectl
from tests.conformance.manifests import WEB


def test_nodes_have_metrics(kubectl: Kubectl) -> None:
    said = kubectl("top", "nodes")

    assert said.lines[0].split()[:2] == ["NAME", "CPU(cores)"]
    assert said.out.count("Mi") == 4


def test_pods_have_metrics_once_they_have_run_for_a_while(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")

    said = kubectl.eventually("Mi", "top", "pods", "--containers")

    assert said.lines[0].split() == ["POD", "NAME", "CPU(cores)", "MEMORY(bytes)"]


def test_a_deployment_is_autoscaled(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)

    kubectl("autoscale", "deployment", "web", "--cpu-percent=50", "--min=3", "--max=5")

    kubectl("wait", "deployment/web", "--for=jsonpath={.spec.replicas}=3", "--timeout=120s")
    assert kubectl("get", "hpa").row("web")[1] == "Deployment/web"
    assert "New size: 3" in kubectl("describe", "hpa", "web").out
