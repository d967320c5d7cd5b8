"""Endpoints: the old list of all addresses behind a Service."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, annotations_of, labels_of, put
from tests.sim import Sim, deployment, pod, service

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def subsets(sim: Sim) -> list[Body]:
    return sim.get("endpoints", "web").get("subsets") or []


def test_ready_pods_are_addresses(sim: Sim) -> None:
    sim.apply(service("web"), deployment("web", 2, image=PAUSE)).settle()

    (subset,) = subsets(sim)
    ips = sorted(one["status"]["podIP"] for one in sim.pods("web"))
    assert [address["ip"] for address in subset["addresses"]] == ips
    assert subset["ports"] == [{"port": 80, "protocol": "TCP"}]
    assert "notReadyAddresses" not in subset


def test_pods_that_are_not_ready_stand_apart(sim: Sim) -> None:
    probe = {"exec": {"command": ["cat", "/ready"]}, "periodSeconds": 1}
    sim.apply(service("web"), pod("web", "busybox", command=["sleep", "3600"], readinessProbe=probe)).run(10)

    (subset,) = subsets(sim)
    assert [address["targetRef"]["name"] for address in subset["notReadyAddresses"]] == ["web"]
    assert "addresses" not in subset


def test_pods_that_are_not_ready_are_published_on_request(sim: Sim) -> None:
    probe = {"exec": {"command": ["cat", "/ready"]}, "periodSeconds": 1}
    wanted = pod("web", "busybox", command=["sleep", "3600"], readinessProbe=probe)

    sim.apply(service("web", publishNotReadyAddresses=True), wanted).run(10)

    (subset,) = subsets(sim)
    assert len(subset["addresses"]) == 1


def test_it_carries_the_service_s_labels_and_says_when_it_changed(sim: Sim) -> None:
    sim.apply(put(service("web"), "metadata.labels", {"team": "blue"}), deployment("web", 1, image=PAUSE)).settle()

    body = sim.get("endpoints", "web")
    assert labels_of(body) == {"team": "blue", "endpoints.kubernetes.io/managed-by": "endpoint-controller"}
    assert "endpoints.kubernetes.io/last-change-trigger-time" in annotations_of(body)


def test_a_service_without_pods_has_endpoints_without_subsets(sim: Sim) -> None:
    sim.apply(service("web")).settle()

    assert subsets(sim) == []


def test_terminating_pods_are_left_out(sim: Sim) -> None:
    sim.apply(service("web"), pod("web", "busybox", command=["sh", "-c", "sleep 3600"])).settle()

    sim.delete("pods", "web").run(1)

    assert subsets(sim) == []


def test_a_headless_service_is_marked(sim: Sim) -> None:
    sim.apply(service("web", clusterIP="None"), deployment("web", 1, image=PAUSE)).settle()

    assert labels_of(sim.get("endpoints", "web"))["service.kubernetes.io/headless"] == ""


def test_it_goes_with_its_service(sim: Sim) -> None:
    sim.apply(service("web"), deployment("web", 1, image=PAUSE)).settle()

    sim.delete("services", "web").settle()

    assert sim.find("endpoints", "web") is None


def test_the_endpoints_of_a_service_without_selector_are_somebody_else_s(sim: Sim) -> None:
    assert sim.get("endpoints", "kubernetes")["subsets"]

    sim.run(30)

    assert sim.get("endpoints", "kubernetes")["subsets"]
