"""A Namespace that is deleted is emptied first; a new one gets its account and certificate."""

from __future__ import annotations

import pytest

from clusters.admission.apply import DELETED
from clusters.engine import assembly
from clusters.kinds.body import Body, put
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, deployment, job, pod, service

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2).apply(namespace("team")).settle()


def namespace(name: str) -> Body:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def inside(body: Body) -> Body:
    return put(body, "metadata.namespace", "team")


def test_a_new_namespace_gets_its_account_and_certificate(sim: Sim) -> None:
    assert sim.find("serviceaccounts", "default", "team") is not None
    certificate = sim.get("configmaps", "kube-root-ca.crt", "team")
    assert certificate["data"]["ca.crt"].startswith("-----BEGIN CERTIFICATE-----")
    assert "kubernetes.io/description" in certificate["metadata"]["annotations"]


def test_a_deleted_account_comes_back(sim: Sim) -> None:
    sim.delete("serviceaccounts", "default", "team").settle()

    assert sim.find("serviceaccounts", "default", "team") is not None


def test_a_changed_certificate_is_put_right(sim: Sim) -> None:
    certificate = sim.get("configmaps", "kube-root-ca.crt", "team")

    sim.apply({**certificate, "data": {"ca.crt": "mine"}}).settle()

    assert sim.get("configmaps", "kube-root-ca.crt", "team")["data"] == certificate["data"]


def test_an_empty_namespace_goes_at_once(sim: Sim) -> None:
    sim.delete("namespaces", "team").settle()

    assert sim.find("namespaces", "team") is None
    assert sim.list("configmaps", "team") == []


def test_everything_in_it_goes_pods_first(sim: Sim) -> None:
    sim.apply(inside(deployment("web", 2, image=PAUSE)), inside(service("web"))).settle()

    sim.delete("namespaces", "team").settle(quiet=40)

    assert sim.find("namespaces", "team") is None
    order = [e.change.kind.plural for e in sim.log if e.change.op == DELETED and e.change.key.namespace == "team"]
    assert order[:2] == ["pods", "pods"]
    assert {"deployments", "replicasets", "services", "endpointslices", "serviceaccounts"} <= set(order)
    assert [
        kind.plural for kind in assembly.kinds().values() if kind.namespaced and sim.list(kind.plural, "team")
    ] == []


def test_while_pods_terminate_it_says_what_remains(sim: Sim) -> None:
    sim.apply(inside(pod("web", "busybox", command=["sleep", "3600"]))).settle()

    sim.delete("namespaces", "team").run(5)

    body = sim.get("namespaces", "team")
    assert body["status"]["phase"] == "Terminating"
    left = condition_of(body, "NamespaceContentRemaining")
    assert left is not None
    assert left["message"] == "Some resources are remaining: pods. has 1 resource instances"
    done = condition_of(body, "NamespaceDeletionContentFailure")
    assert done is not None
    assert done["status"] == "False"


def test_a_finalizer_holds_it_and_is_named(sim: Sim) -> None:
    held = {"name": "held", "namespace": "team", "finalizers": ["example.com/hold"]}
    sim.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": held})
    sim.delete("namespaces", "team").settle()

    found = condition_of(sim.get("namespaces", "team"), "NamespaceFinalizersRemaining")
    assert found is not None
    assert found["message"].endswith("example.com/hold in 1 resource instances")

    body = sim.get("configmaps", "held", "team")
    sim.apply(put(body, "metadata.finalizers", [])).settle()
    assert sim.find("namespaces", "team") is None


def test_nothing_is_made_again_in_a_namespace_that_goes(sim: Sim) -> None:
    sim.apply(inside(deployment("web", 2, image=PAUSE))).settle()
    sim.delete("namespaces", "team")
    since = len(sim.log)

    sim.settle(quiet=40)

    made = [e for e in sim.log[since:] if e.change.op == "ADDED" and e.change.key.namespace == "team"]
    assert made == []


def test_jobs_go_with_their_held_pods_quotas_and_budgets(sim: Sim) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "q"}, "spec": {"hard": {"pods": "9"}}}
    budget: Body = {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": "b"}}
    tick = {"schedule": "* * * * *", "jobTemplate": {"spec": job("tick")["spec"]}}
    cron = {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "tick"}, "spec": tick}
    budget["spec"] = {"minAvailable": 1, "selector": {}}
    sim.apply(*(inside(body) for body in (quota, budget, cron, job("long", "sleep 600"), job("done")))).run(70)

    sim.delete("namespaces", "team").settle(quiet=40)

    assert sim.find("namespaces", "team") is None
    assert [
        kind.plural for kind in assembly.kinds().values() if kind.namespaced and sim.list(kind.plural, "team")
    ] == []
