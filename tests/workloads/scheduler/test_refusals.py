"""What a pod is told that fits nowhere, word for word (kube-scheduler: FitError)."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, pod
from workloads.scheduler.message import refused
from workloads.scheduler.podinfo import pod_requests

PAUSE = "registry.k8s.io/pause:3.10"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
NOT_HELPFUL = (
    "no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
)


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def told(sim: Sim, body: Body) -> str:
    sim.apply(body).settle()
    said = condition_of(sim.get("pods", body["metadata"]["name"]), "PodScheduled")
    assert said is not None
    assert sim.events("FailedScheduling", body["metadata"]["name"])[0]["message"] == said["message"]
    return str(said["message"])


def test_a_resource_that_no_node_has(sim: Sim) -> None:
    asks = {"requests": {"example.com/gpu": "1"}, "limits": {"example.com/gpu": "1"}}
    anywhere = {"tolerations": [{"operator": "Exists"}]}

    message = told(sim, pod("gpu", PAUSE, spec=anywhere, resources=asks))

    assert message == f"0/3 nodes are available: 3 Insufficient example.com/gpu. {NOT_HELPFUL}"


def test_a_pod_for_one_named_node_as_a_daemon_set_makes_it(sim: Sim) -> None:
    term = {"matchFields": [{"key": "metadata.name", "operator": "In", "values": ["worker-1"]}]}
    wanted = {"nodeAffinity": {REQUIRED: {"nodeSelectorTerms": [term]}}}
    asks = {"requests": {"cpu": "30"}}

    message = told(sim, pod("one", PAUSE, spec={"affinity": wanted}, resources=asks))

    few = "1 Insufficient cpu, 2 node(s) didn't satisfy plugin(s) [NodeAffinity]"
    assert message == f"0/3 nodes are available: {few}. {NOT_HELPFUL}"


def test_a_claim_that_is_not_bound(sim: Sim) -> None:
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "nobody"}}

    message = told(sim, pod("data", PAUSE, spec={"volumes": [volume]}))

    assert message.startswith('0/3 nodes are available: persistentvolumeclaim "nobody" not found. ')


def test_a_cluster_without_nodes() -> None:
    assert refused({}, 0) == "no nodes available to schedule pods"


def test_overhead_is_part_of_what_a_pod_needs() -> None:
    container = {"name": "main", "resources": {"requests": {"cpu": "3"}}}

    assert pod_requests({"containers": [container], "overhead": {"cpu": "250m"}}) == {"cpu": 3250}


def test_what_a_pod_asks_for_as_a_whole_comes_before_what_its_containers_ask_for() -> None:
    container = {"name": "main", "resources": {"requests": {"cpu": "1", "memory": "1Gi"}}}

    asked = pod_requests({"containers": [container], "resources": {"requests": {"cpu": "2"}}})

    assert asked == {"cpu": 2000, "memory": 2**30}
