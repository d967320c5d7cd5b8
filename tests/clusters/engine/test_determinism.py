"""What happens in a cluster depends on its seed and its writes alone: not on slices, batches, speed or workers."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import dig
from clusters.reconcile.clock import SECOND
from tests.sim import Sim, deployment, service


def lesson(sim: Sim) -> Sim:
    """A Deployment, a Service, a new version, a node that dies and comes back."""
    sim.apply(deployment("web", 5, image="nginx:1.27"), service("web")).settle()
    sim.patch("deployments", "web", "spec.template.spec.containers", [{"name": "web", "image": "nginx:1.28"}]).run(2)
    sim.crash("worker-1").run(40)
    return sim.delete("faults", "crash-worker-1").run(20)


def story(sim: Sim) -> list[Any]:
    """Everything that happened in the cluster, without the numbers that depend on how it was stored."""
    served = [entry for entry in sim.log if entry.change.kind.served]
    return [(e.at, e.actor, e.change.op, e.change.kind.plural, e.change.key, e.change.new.get("spec")) for e in served]


def cut(writes: int) -> Sim:
    sim = Sim(nodes=3)
    sim.slice = writes
    return lesson(sim)


@pytest.fixture(scope="module")
def whole() -> list[Any]:
    return story(cut(10**9))


@pytest.mark.parametrize("writes", [1, 7, 50])
def test_the_same_story_however_batches_are_cut(whole: list[Any], writes: int) -> None:
    assert story(cut(writes)) == whole


def paced(speed: float) -> Sim:
    """A slice of the engine every 50 ms of the wall: at a tenth of the speed 5 ms of the cluster's time, at 60x 3 s."""
    sim = Sim(nodes=3).apply(deployment("web", 3), service("web"))
    stride = round(speed * SECOND / 20)
    for act in (lambda: None, lambda: sim.crash("worker-1"), lambda: sim.delete("faults", "crash-worker-1")):
        act()
        end = sim.now + 20 * SECOND
        for until in range(sim.now + stride, end + 1, stride):
            if (sim.loop.next_due() or end) <= until:
                sim._run(until)
        if (sim.loop.next_due() or end) <= end:  # the rest of the last stride
            sim._run(end)
        sim.now = end
    return sim


def test_the_same_events_in_the_same_order_at_every_speed() -> None:
    normal = story(paced(1))

    for speed in (0.1, 60):
        assert story(paced(speed)) == normal


def test_the_same_story_from_the_same_seed(whole: list[Any]) -> None:
    assert story(cut(10**9)) == whole


def test_another_seed_draws_other_names() -> None:
    first, second = (Sim(seed=seed).apply(deployment("web")).settle().pods("web") for seed in "ab")

    assert first[0]["metadata"]["name"] != second[0]["metadata"]["name"]


def test_revisions_are_gapless() -> None:
    sim = cut(20)

    assert [entry.revision for entry in sim.log] == list(range(1, len(sim.log) + 1))


@pytest.mark.parametrize("every", [0.3, 1.1, 7.0])
def test_a_worker_that_dies_again_and_again_changes_nothing_in_the_end(every: float) -> None:
    sim = Sim(nodes=3)
    sim.apply(deployment("web", 5), service("web"))
    for _ in range(int(40 / every)):
        sim.run(every).restart()
    sim.crash("worker-1")
    for _ in range(int(60 / every)):
        sim.run(every).restart()

    pods = sim.running("web")
    assert len(pods) == 5
    assert {dig(pod, "spec.nodeName") for pod in pods} == {"worker-2", "worker-3"}
    assert max(dig(pod, "status.containerStatuses.0.restartCount") for pod in pods) == 0


def test_a_cluster_at_rest_writes_nothing_but_heartbeats() -> None:
    sim = lesson(Sim(nodes=3)).settle()
    before = len(sim.log)

    sim.restart().run(50)

    assert {entry.change.kind.plural for entry in sim.log[before:]} <= {"leases", "nodes"}
