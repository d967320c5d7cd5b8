"""Whatever happens, and wherever work is cut off, the cluster ends where its spec says (a seed repeats a failure)."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, dig, is_deleting, labels_of
from clusters.reconcile.chance import Chance
from networking.backends import Backends
from tests.sim import Sim, deployment, service, template
from workloads.controllers.deployment.recreate import Lingering
from workloads.replicas.members import Members
from workloads.scheduler.cache import Cache
from workloads.scheduler.nodeinfo import NodeInfo

IMAGES = ("registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.9", "nginx")
WORKERS = ("worker-1", "worker-2", "worker-3", "worker-4")


def act(sim: Sim, chance: Chance) -> None:
    """One thing that a student might do."""
    what = chance.bits() % 7
    pods = sim.pods("web")
    if what == 0 and pods:
        sim.delete("pods", chance.pick(pods))
    elif what == 1:
        sim.patch("deployments", "web", "spec.replicas", chance.bits() % 9)
    elif what == 2:
        sim.patch("deployments", "web", "spec.template", template("web", chance.pick(IMAGES)))
    elif what == 3 and not sim.list("faults"):
        sim.crash(chance.pick(WORKERS))
    elif what == 4 and sim.list("faults"):
        sim.delete("faults", sim.list("faults")[0])
    elif what == 5:
        node = chance.pick(WORKERS)
        sim.patch("nodes", node, "spec.unschedulable", not dig(sim.get("nodes", node), "spec.unschedulable", False))
    else:
        sim.restart()


def limit(sim: Sim) -> int:
    most = [dig(rs, "metadata.annotations") or {} for rs in sim.list("replicasets")]
    return max(int(one.get("deployment.kubernetes.io/max-replicas", 0)) for one in most)


@pytest.mark.parametrize("seed", range(6))
def test_a_deployment_survives_whatever_is_done_to_it(seed: int) -> None:
    sim, chance = Sim(nodes=4, seed=str(seed)), Chance(f"convergence/{seed}")
    sim.slice = 1 + chance.bits() % 20
    sim.apply(service("web"), deployment("web", 4, image=IMAGES[0])).settle()

    for _ in range(15):
        act(sim, chance)
        sim.run(chance.fraction() * 10)
    for fault in sim.list("faults"):
        sim.delete("faults", fault)
    for node in WORKERS:
        sim.patch("nodes", node, "spec.unschedulable", False)
    sim.run(150)

    wanted = sim.get("deployments", "web")
    assert len(sim.running("web")) == len(sim.pods("web")) == wanted["spec"]["replicas"]
    image = wanted["spec"]["template"]["spec"]["containers"][0]["image"]
    assert {one["spec"]["containers"][0]["image"] for one in sim.pods("web")} <= {image}
    assert endpoints(sim) == sorted(one["metadata"]["name"] for one in sim.pods("web"))


def endpoints(sim: Sim) -> list[str]:
    slices = [one for one in sim.list("endpointslices") if labels_of(one).get("kubernetes.io/service-name") == "web"]
    return sorted(end["targetRef"]["name"] for one in slices for end in one["endpoints"] or ())


def test_never_are_there_more_pods_than_wanted_and_surge_allow() -> None:
    sim = Sim(nodes=3)
    sim.slice = 2
    sim.apply(deployment("web", 5, image=IMAGES[0])).settle()

    for image in (IMAGES[1], IMAGES[0]):
        sim.patch("deployments", "web", "spec.template", template("web", image))
        for _ in range(60):
            sim.restart().run(0.2)
            assert sum(not is_deleting(one) for one in sim.pods("web")) <= limit(sim) == 7


def test_what_controllers_keep_is_right_again_after_a_refused_batch() -> None:
    sim = Sim(nodes=3).apply(service("web"), deployment("web", 6, image=IMAGES[0])).settle()
    sim.patch("deployments", "web", "spec.template", template("web", IMAGES[1]))
    sim.delete("pods", sim.pods("web")[0])

    for writes in (1, 3, 10, 30):
        sim.loop.run(sim.now, lambda written, most=writes: written >= most)  # type: ignore[misc]
        sim.loop.drain()
        sim.loop.undo()

        assert kept(sim, fresh=False) == kept(sim, fresh=True)


def kept(sim: Sim, *, fresh: bool) -> list[object]:
    """What the caches say in the running loop, or in one that starts from the same objects."""
    loop = sim.loop
    if fresh:
        other = Sim.__new__(Sim)
        other.__dict__.update(sim.__dict__)
        loop = other.restart().loop
    caches = [*loop._listeners.caches, loop.objects.derived(Members)]
    return [described(cache, sim) for cache in caches if cache is not None]


def described(cache: object, sim: Sim) -> object:
    if isinstance(cache, Members):
        owners = [rs["metadata"]["uid"] for rs in sim.list("replicasets")]
        return [(dict(one.labels), sorted(one.pods), sorted(one.ready)) for uid in owners for one in cache.of(uid)]
    if isinstance(cache, Lingering):
        return sorted((uid, count) for uid, count in cache.by_owner.items() if count)
    if isinstance(cache, Backends):
        return sorted(key for one in sim.pods() for key in cache.selecting(one))
    if isinstance(cache, Cache):
        return [*(sums(node) for node in cache.nodes), cache.tallies.held]
    return None


def sums(node: NodeInfo) -> list[Body]:
    return [
        {"pods": sorted(node.pods)},
        {name: amount for name, amount in node.requested.items() if amount},
        {"guessed": [node.guessed_cpu, node.guessed_memory]},
    ]
