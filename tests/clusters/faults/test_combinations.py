"""Several faults on one target, healed in any order; targets that go, or have nothing that could be broken."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, dig
from tests.sim import Sim, deployment, fault, pod

PAUSE = "registry.k8s.io/pause:3.10"
ZONE = "topology.kubernetes.io/zone"


def spec(type_: str, name: str, target: Body, **more: Any) -> Body:
    made = fault(type_, name)
    return {**made, "spec": {**made["spec"], "target": target, **more}}


def power(sim: Sim, node: str = "worker-1") -> str:
    return str(sim.get("machines", node)["power"])


def image(sim: Sim) -> str:
    return str(dig(sim.get("deployments", "web"), "spec.template.spec.containers.0.image"))


def message(sim: Sim, name: str = "it") -> str:
    return str(dig(sim.get("faults", name), "status.message"))


@pytest.mark.parametrize("order", [("crash", "freeze"), ("freeze", "crash")])
def test_a_machine_that_crashed_and_froze_comes_back_whatever_is_healed_first(order: tuple[str, str]) -> None:
    sim = Sim(nodes=2).apply(deployment("web", 2, image=PAUSE)).settle()

    sim.apply(fault("NodeFreeze", "freeze", node="worker-1")).run(2).apply(fault("NodeCrash", "crash", node="worker-1"))
    sim.run(2).delete("faults", order[0]).run(20)
    left = power(sim)
    sim.delete("faults", order[1]).run(30)

    assert (left, power(sim)) == ("frozen" if order[0] == "crash" else "off", "on")
    assert len(sim.running("web")) == 2


def test_a_frozen_machine_that_is_rebooted_hangs_again() -> None:
    sim = Sim(nodes=1).apply(fault("NodeFreeze", "freeze", node="worker-1")).run(2)

    sim.apply(fault("NodeReboot", "it", node="worker-1")).run(20)

    assert (power(sim), message(sim)) == ("frozen", "Hit 1 node.")


def test_a_zone_that_goes_dark_while_a_machine_of_it_is_cut_off_comes_back_cut_off() -> None:
    sim = Sim(nodes=2).patch("nodes", "worker-1", "metadata.labels", {ZONE: "a"}, namespace="")
    sim.apply(deployment("web", 2, image=PAUSE)).settle()
    sim.apply(fault("NodePartition", "cut", node="worker-1")).run(2)

    sim.apply(spec("ZoneOutage", "dark", {"zone": "a"})).run(40).delete("faults", "dark").run(20)
    heard = dig(sim.get("machines", "worker-1"), "cut") is None
    sim.delete("faults", "cut").run(20)

    assert (heard, power(sim)) == (False, "on")
    assert len(sim.running("web")) == 2
    assert all(one["status"]["phase"] == "Running" for one in sim.pods("web"))


def test_a_fault_of_a_node_that_is_deleted_says_so_and_can_be_healed() -> None:
    sim = Sim(nodes=2).apply(fault("NodeCrash", "it", node="worker-1")).run(2)

    sim.delete("nodes", "worker-1").run(5)
    told = message(sim)
    sim.delete("faults", "it").run(5)

    assert told == 'nodes "worker-1" not found.'
    assert sim.find("machines", "worker-1") is None


@pytest.mark.parametrize("order", [("one", "two"), ("two", "one")])
def test_two_bad_rollouts_of_one_deployment_end_with_the_image_that_was_there_first(order: tuple[str, str]) -> None:
    sim = Sim(nodes=1).apply(deployment("web", 1, image="nginx:1.27")).settle()
    for name in ("one", "two"):
        sim.apply(spec("BadRollout", name, {"deployment": "web"})).run(1)

    sim.delete("faults", order[0]).run(1)
    held = image(sim)
    sim.delete("faults", order[1]).run(1)

    assert (held, image(sim)) == ("nginx:1.27-does-not-exist", "nginx:1.27")


def test_a_bad_rollout_waits_for_a_deployment_that_has_pods() -> None:
    sim = Sim(nodes=1).apply(deployment("web", 0, image="nginx:1.27")).settle()

    sim.apply(spec("BadRollout", "it", {"deployment": "web"})).run(2)
    told, before = message(sim), image(sim)
    sim.patch("deployments", "web", "spec.replicas", 1).run(10)

    assert (told, before) == ("web is scaled to 0: no pod would pull the image.", "nginx:1.27")
    assert image(sim) == "nginx:1.27-does-not-exist"


def test_a_partition_with_nobody_on_the_other_side_hits_nobody() -> None:
    sim = Sim(nodes=1)

    sim.apply(fault("NodePartition", "it", node="control-plane")).run(1)

    assert dig(sim.get("faults", "it"), "status.hit") == []
    assert message(sim) == "Nobody is on the other side: the control plane is not cut off from itself."


@pytest.mark.parametrize(
    ("type_", "more", "why"),
    [
        ("ProbeFailure", {"probe": "liveness"}, 'container "web" of pod "web" has no liveness probe.'),
        ("ContainerHang", {"container": "side"}, 'container "side" is not in pod "web".'),
    ],
)
def test_a_fault_that_finds_nothing_to_break_says_what_is_missing(type_: str, more: Body, why: str) -> None:
    sim = Sim(nodes=1).apply(pod("web", PAUSE)).settle()
    target = {"pod": "web", **{name: value for name, value in more.items() if name == "container"}}

    sim.apply(spec(type_, "it", target, **{name: more[name] for name in more if name == "probe"})).run(1)

    assert (dig(sim.get("faults", "it"), "status.hit"), message(sim)) == ([], why)


def test_what_fires_once_picks_among_those_that_run() -> None:
    sim = Sim(nodes=2).apply(deployment("web", 2, image=PAUSE)).settle()
    lost = next(one for one in sim.pods("web") if one["spec"]["nodeName"] == "worker-1")["metadata"]["name"]
    sim.apply(fault("NodeCrash", "off", node="worker-1")).run(1)

    sim.apply(spec("ContainerCrash", "it", {"selector": {"matchLabels": {"app": "web"}}})).run(5)

    hit = [one["pod"] for one in dig(sim.get("faults", "it"), "status.hit")]
    assert len(hit) == 1
    assert lost not in hit
