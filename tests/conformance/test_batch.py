"""Jobs, CronJobs, budgets, quotas and priorities with an unmodified kubectl."""

from __future__ import annotations

from tests.conformance.kubectl import Kubectl
from tests.conformance.manifests import WEB

BUDGET = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web}
spec: {minAvailable: 2, selector: {matchLabels: {app: web}}}
"""


def test_a_job_is_made_waited_for_and_read(kubectl: Kubectl) -> None:
    kubectl("create", "job", "hello", "--image=busybox:1.37", "--", "echo", "it works")

    kubectl("wait", "--for=condition=complete", "job/hello", "--timeout=120s")

    assert kubectl("get", "job").row("hello")[:3] == ["hello", "Complete", "1/1"]
    assert kubectl("logs", "job/hello").out == "it works\n"
    said = kubectl("describe", "job", "hello").out
    assert "Pods Statuses:    0 Active (0 Ready) / 1 Succeeded / 0 Failed" in said
    assert "Job completed" in said


def test_a_deleted_job_takes_its_pods_along(kubectl: Kubectl) -> None:
    kubectl("create", "job", "gone", "--image=busybox:1.37", "--", "true")
    kubectl("wait", "--for=condition=complete", "job/gone", "--timeout=120s")

    kubectl("delete", "job", "gone")

    kubectl("wait", "--for=delete", "pod", "-l", "job-name=gone", "--timeout=120s")


def test_a_job_can_be_made_from_a_cronjob(kubectl: Kubectl) -> None:
    kubectl("create", "cronjob", "tick", "--image=busybox:1.37", "--schedule=0 0 1 1 *", "--", "date")

    kubectl("create", "job", "by-hand", "--from=cronjob/tick")

    kubectl("wait", "--for=condition=complete", "job/by-hand", "--timeout=120s")
    assert kubectl("get", "cj").row("tick")[1:6] == ["0", "0", "1", "1", "*"]
    kubectl("delete", "cronjob", "tick")
    kubectl("wait", "--for=delete", "job/by-hand", "--timeout=120s")


def test_a_schedule_that_is_none_is_refused(kubectl: Kubectl) -> None:
    said = kubectl.refused("create", "cronjob", "tick", "--image=busybox", "--schedule=often", "--", "date")

    assert "expected exactly 5 fields, found 1: [often]" in said


def test_a_drain_waits_for_the_budget(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)
    kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    kubectl("apply", "-f", "-", stdin=BUDGET)
    kubectl.eventually("2", "get", "pdb", "web", "-o", "jsonpath={.status.currentHealthy}")
    node = kubectl.get("pods", "-l", "app=web")["items"][0]["spec"]["nodeName"]

    said = kubectl.refused("drain", node, "--timeout=4s", "--ignore-daemonsets", "--force")
    kubectl("uncordon", node)

    assert "Cannot evict pod as it would violate the pod's disruption budget." in said
    assert kubectl("get", "pdb").row("web")[:4] == ["web", "2", "N/A", "0"]


def test_a_quota_is_described_with_what_is_used(kubectl: Kubectl) -> None:
    kubectl("create", "quota", "team", "--hard=pods=1,services=2")
    kubectl("run", "one", "--image=nginx:1.29")

    said = kubectl.refused("run", "two", "--image=nginx:1.29")

    assert "exceeded quota: team, requested: pods=1, used: pods=1, limited: pods=1" in said
    assert kubectl("describe", "quota", "team").row("pods") == ["pods", "1", "1"]


def test_a_priority_class_is_listed_with_the_built_in_ones(kubectl: Kubectl) -> None:
    kubectl("create", "priorityclass", "high", "--value=1000")

    listed = kubectl("get", "priorityclasses")

    assert listed.row("high")[1:3] == ["1000", "false"]
    assert listed.row("system-node-critical")[1] == "2000001000"
    said = kubectl.refused("delete", "priorityclass", "system-node-critical")
    assert "this is a system priority class and cannot be deleted" in said
    kubectl("delete", "priorityclass", "high")


def test_jobs_are_explained(kubectl: Kubectl) -> None:
    assert "backoffLimitPerIndex" in kubectl("explain", "job.spec").out
    assert "concurrencyPolicy" in kubectl("explain", "cronjob.spec").out
