"""Images come, or do not come, to a node."""

from __future__ import annotations

import pytest

from clusters.reconcile.clock import SECOND
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import container, messages, times


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def test_an_unknown_name_fails_and_backs_off(sim: Sim) -> None:
    sim.apply(pod("typo", "ngnix"))

    sim.run(0.5)
    first = container(sim, "typo")["state"]["waiting"]
    sim.run(1.2)
    then = container(sim, "typo")["state"]["waiting"]

    assert first["reason"] == "ErrImagePull"
    assert "pull access denied" in first["message"]
    assert then["reason"] == "ImagePullBackOff"
    assert then["message"].startswith('Back-off pulling image "ngnix": ErrImagePull: failed to pull and unpack image')
    said = messages(sim, "Failed", "typo")
    assert {"Error: ErrImagePull", "Error: ImagePullBackOff"} <= set(said)


def test_an_unknown_tag_is_not_found(sim: Sim) -> None:
    sim.apply(pod("typo", "nginx:0.0.0")).run(0.5)

    assert container(sim, "typo")["state"]["waiting"]["message"].startswith("rpc error: code = NotFound desc = ")


def test_the_wait_between_pulls_doubles(sim: Sim) -> None:
    sim.apply(pod("typo", "ngnix"))
    began = sim.now

    sim.run(60)

    pulls = [round((at - began) / SECOND, 1) for at in times(sim, "Pulling", "typo")]
    assert pulls == [0.0, 2.3, 6.6, 14.9, 31.2]


def test_a_corrected_image_is_pulled(sim: Sim) -> None:
    sim.apply(pod("typo", "ngnix")).run(5)
    body = sim.get("pods", "typo")

    sim.patch("pods", "typo", "spec.containers", [{**body["spec"]["containers"][0], "image": "nginx"}]).run(4)

    assert sim.word(sim.get("pods", "typo")) == "Running"


def test_one_image_after_the_other_is_pulled_on_a_node(sim: Sim) -> None:
    for name, image in (("one", "nginx:1.27"), ("two", "httpd:2.4")):
        sim.apply(pod(name, image, spec={"nodeName": "worker-1"}))

    sim.settle()

    waited = messages(sim, "Pulled", "two")[0]
    own, _, whole = waited.partition("in ")[2].partition(" (")
    assert own != whole.split(" ")[0]


def test_no_pull_takes_longer_than_the_timings_allow(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27")).run(2.1)

    assert sim.word(sim.get("pods", "web")) == "Running"


def test_an_image_that_must_not_be_pulled_is_missed(sim: Sim) -> None:
    sim.apply(pod("web", "nginx:1.27", imagePullPolicy="Never")).run(3)

    waiting = container(sim, "web")["state"]["waiting"]
    assert waiting["reason"] == "ErrImageNeverPull"
    assert waiting["message"] == 'Container image "nginx:1.27" is not present with pull policy of Never'


def test_what_is_no_image_name_is_said_to_be_none(sim: Sim) -> None:
    sim.apply(pod("web", "Nginx:1.27")).run(3)

    assert container(sim, "web")["state"]["waiting"]["reason"] == "InvalidImageName"
