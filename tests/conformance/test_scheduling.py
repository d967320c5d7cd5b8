"""Where pods may go, asked by labels, affinity, taints, gates and size; and what the scheduler says when nowhere."""

from __future__ import annotations

from tests.conformance.kubectl import Kubectl


def pod(name: str, asks: str = "", *more: str) -> str:
    """A pod that does nothing; `more`: further lines of its spec."""
    lines = ["terminationGracePeriodSeconds: 1", *more]
    spec = "".join(f"  {line}\n" for line in lines)
    container = f'{{name: c, image: "registry.k8s.io/pause:3.10", resources: {{requests: {{{asks}}}}}}}'
    head = f"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}}}\nspec:\n"
    return f"{head}{spec}  containers: [{container}]\n"


def test_a_pod_without_a_fitting_node_waits_and_says_why(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=pod("picky", "", "nodeSelector: {disk: nvme}"))

    told = kubectl.eventually("FailedScheduling", "describe", "pod", "picky").out
    kubectl("label", "node", "worker-2", "disk=nvme")
    kubectl("wait", "--for=condition=Ready", "pod/picky", "--timeout=120s")
    kubectl("label", "node", "worker-2", "disk-")

    assert "3 node(s) didn't match Pod's node affinity/selector" in told
    assert kubectl.get("pod", "picky")["spec"]["nodeName"] == "worker-2"


def test_a_gated_pod_is_scheduled_when_its_gates_are_gone(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=pod("gated", "", "schedulingGates: [{name: example.com/budget}]"))
    kubectl.eventually("SchedulingGated", "get", "pod", "gated")

    kubectl("apply", "-f", "-", stdin=pod("gated"))

    kubectl("wait", "--for=condition=Ready", "pod/gated", "--timeout=120s")


def test_a_taint_that_drives_out_takes_those_who_do_not_bear_it(kubectl: Kubectl) -> None:
    here = "nodeSelector: {kubernetes.io/hostname: worker-3}"
    kubectl("apply", "-f", "-", stdin=pod("weak", "", here))
    kubectl("apply", "-f", "-", stdin=pod("strong", "", here, "tolerations: [{key: gpu, operator: Exists}]"))
    kubectl("wait", "--for=condition=Ready", "pod/weak", "pod/strong", "--timeout=120s")

    kubectl("taint", "node", "worker-3", "gpu=yes:NoExecute")
    kubectl("wait", "--for=delete", "pod/weak", "--timeout=120s")
    kubectl("taint", "node", "worker-3", "gpu-")

    assert kubectl.get("pod", "strong")["status"]["phase"] == "Running"


def test_the_more_important_pod_takes_the_place_of_the_less_important(kubectl: Kubectl) -> None:
    grade = f"grade-{kubectl.namespace}"
    kubectl("create", "priorityclass", grade, "--value=1000")
    here = "nodeSelector: {kubernetes.io/hostname: worker-1}"
    kubectl("apply", "-f", "-", stdin=pod("low", 'cpu: "2.5"', here))
    kubectl("wait", "--for=condition=Ready", "pod/low", "--timeout=120s")

    kubectl("apply", "-f", "-", stdin=pod("high", 'cpu: "2.5"', here, f"priorityClassName: {grade}"))

    kubectl("wait", "--for=condition=Ready", "pod/high", "--timeout=120s")
    assert "Preempted by pod" in kubectl("get", "events").out
    kubectl("delete", "priorityclass", grade)
