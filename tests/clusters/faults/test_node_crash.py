"""NodeCrash: what Kubernetes promises when a machine loses power."""

from __future__ import annotations

from clusters.kinds.body import dig, is_deleting
from tests.sim import Sim, deployment, pod

PAUSE = "registry.k8s.io/pause:3.10"


def test_its_pods_run_elsewhere_when_grace_and_toleration_are_over() -> None:
    sim = Sim(nodes=3).apply(deployment("web", 3, image=PAUSE)).settle()

    sim.crash("worker-1").run(5 + 1 + 15 + 5)

    assert len(sim.running("web")) == 3
    assert "worker-1" not in [dig(one, "spec.nodeName") for one in sim.running("web")]


def test_a_bare_pod_is_lost_with_its_node() -> None:
    sim = Sim(nodes=2).apply(pod("web", PAUSE, spec={"nodeName": "worker-1"})).settle()

    sim.crash("worker-1").run(40)

    assert is_deleting(sim.get("pods", "web"))


def test_when_the_fault_is_deleted_in_time_containers_start_again_where_they_were() -> None:
    sim = Sim(nodes=2).apply(deployment("web", 2, image=PAUSE)).settle()
    before = [one["metadata"]["uid"] for one in sim.pods("web")]

    sim.crash("worker-1").run(3).delete("faults", "crash-worker-1").run(30)

    assert [one["metadata"]["uid"] for one in sim.running("web")] == before
    restarts = [dig(one, "status.containerStatuses.0.restartCount") for one in sim.pods("web")]
    assert sorted(restarts) == [0, 1]
