"""The page's examples of controllers come to rest as their headings say."""

from __future__ import annotations

import pytest
import yaml

from clusters.kinds.body import Body
from playground.examples.shelf import read
from tests.sim import Sim


def manifest(name: str) -> list[Body]:
    return list(yaml.safe_load_all(read(name).text))


@pytest.mark.parametrize(
    ("name", "app", "pods"),
    [
        ("recreate", "soloist", 3),
        ("slow-rollout", "careful", 4),
        ("paused", "curtain", 0),
        ("rollback", "poster", 4),
        ("canary", "tickets", 5),
        ("blue-green", "play", 6),
        ("statefulset", "choir", 3),
        ("statefulset-partition", "stalls", 5),
        ("statefulset-parallel", "dancer", 4),
        ("daemonset", "stagehand", 4),
        ("daemonset-some-nodes", "lighting", 0),
        ("daemonset-surge", "prompter", 3),
        ("replicaset", "extras", 3),
        ("replicationcontroller", "veteran", 2),
    ],
)
def test_an_example_has_the_pods_that_it_promises(name: str, app: str, pods: int) -> None:
    sim = Sim(nodes=3)

    sim.apply(*manifest(name)).settle(15)

    assert len(sim.running(app)) == len(sim.pods(app)) == pods


def test_the_rollback_example_sticks_and_is_undone() -> None:
    sim = Sim(nodes=3).apply(*manifest("rollback")).settle()
    before = sim.get("deployments", "poster")["spec"]["template"]

    sim.patch("deployments", "poster", "spec.template.spec.containers", [{"name": "nginx", "image": "nginx:9.99"}])
    sim.run(40)
    assert "ProgressDeadlineExceeded" in str(sim.get("deployments", "poster")["status"])
    assert len(sim.running("poster")) >= 3
    sim.patch("deployments", "poster", "spec.template", before).settle(40)

    assert len(sim.running("poster")) == len(sim.pods("poster")) == 4


def test_the_blue_green_example_switches_at_once() -> None:
    sim = Sim(nodes=3).apply(*manifest("blue-green")).settle()

    sim.patch("services", "play", "spec.selector.cast", "green").settle()

    (found,) = [one for one in sim.list("endpointslices") if one["metadata"]["name"].startswith("play-")]
    assert all(end["targetRef"]["name"].startswith("play-green-") for end in found["endpoints"])
