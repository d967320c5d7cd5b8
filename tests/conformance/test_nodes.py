"""`kubectl cordon`, `drain`, `taint`, and a machine that is killed and revived by an object."""

from __future__ import annotations

from tests.conformance.kubectl import Kubectl
from tests.conformance.manifests import WEB

CRASH = """
apiVersion: podium.dev/v1
kind: Fault
metadata: {name: crash-worker-2}
spec: {type: NodeCrash, target: {node: worker-2}}
"""


def test_a_cordoned_node_says_so(kubectl: Kubectl) -> None:
    assert kubectl("cordon", "worker-1").out == "node/worker-1 cordoned\n"

    assert kubectl("get", "node", "worker-1").row("worker-1")[1] == "Ready,SchedulingDisabled"
    assert kubectl("uncordon", "worker-1").out == "node/worker-1 uncordoned\n"
    assert kubectl("get", "node", "worker-1").row("worker-1")[1] == "Ready"


def test_a_drained_node_loses_its_pods(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB.replace("replicas: 2", "replicas: 6"))
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")

    said = kubectl("drain", "worker-1", "--ignore-daemonsets", "--timeout=120s")

    assert "evicting pod" in said.out + said.err
    assert "node/worker-1 drained" in said.out
    kubectl("uncordon", "worker-1")
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    nodes = [pod["spec"]["nodeName"] for pod in kubectl.get("pods")["items"]]
    assert nodes
    assert "worker-1" not in nodes


def test_draining_the_control_plane_leaves_mirror_pods(kubectl: Kubectl) -> None:
    kubectl("drain", "control-plane", "--ignore-daemonsets", "--timeout=120s")

    kubectl("uncordon", "control-plane")
    assert kubectl.within("kube-system")("get", "pods").out.count("Running") >= 4


def test_taints_come_and_go(kubectl: Kubectl) -> None:
    assert kubectl("taint", "node", "worker-3", "team=red:NoSchedule").out == "node/worker-3 tainted\n"

    assert {"key": "team", "value": "red", "effect": "NoSchedule"} in kubectl.get("node", "worker-3")["spec"]["taints"]
    assert kubectl("taint", "node", "worker-3", "team-").out == "node/worker-3 untainted\n"


def test_a_dead_node_heals_when_its_fault_is_deleted(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=CRASH)

    kubectl("wait", "--for=condition=Ready=Unknown", "node/worker-2", "--timeout=120s")
    kubectl("delete", "fault", "crash-worker-2")

    kubectl("wait", "--for=condition=Ready", "node/worker-2", "--timeout=120s")
