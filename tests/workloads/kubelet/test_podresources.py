"""Resources of a pod as a whole (Kubernetes: Assign Pod-level CPU and memory resources)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import container, sandbox

STRESS = "polinux/stress"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def of(limits: Body, requests: Body | None = None, **more: Any) -> Body:
    own = {"limits": limits, **({"requests": requests} if requests else {})}
    return pod("web", "nginx:1.27", spec={"resources": own}, **more)


def test_the_pods_resources_decide_its_class_of_service(sim: Sim) -> None:
    sim.apply(of({"cpu": "1", "memory": "200Mi"})).settle()

    body = sim.get("pods", "web")
    assert body["status"]["qosClass"] == "Guaranteed"
    assert body["spec"]["resources"]["requests"] == {"cpu": "1", "memory": "200Mi"}


def test_a_request_that_is_not_stated_is_that_of_the_containers(sim: Sim) -> None:
    sim.apply(of({"cpu": "1"}, resources={"requests": {"cpu": "250m"}})).settle()

    assert sim.get("pods", "web")["spec"]["resources"]["requests"] == {"cpu": "250m"}
    assert sandbox(sim, "web")["uses"]["cpu"] == 250


def test_containers_that_together_take_more_than_the_pod_may_lose_the_largest(sim: Sim) -> None:
    def hog(name: str, size: str) -> Body:
        args = ["--vm", "1", "--vm-bytes", size, "--vm-hang", "1"]
        return {"name": name, "image": STRESS, "command": ["stress"], "args": args}

    body = of({"memory": "200Mi"})
    body["spec"] |= {"containers": [hog("small", "80M"), hog("large", "150M")], "restartPolicy": "Never"}
    sim.apply(body).settle()

    assert "running" in container(sim, "web", 0)["state"]
    assert container(sim, "web", 1)["state"]["terminated"]["reason"] == "OOMKilled"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            of({"cpu": "1"}, {"cpu": "100m"}, resources={"requests": {"cpu": "200m"}}),
            "must be greater than or equal to aggregate container requests of 200m",
        ),
        (of({"cpu": "1"}, resources={"limits": {"cpu": "2"}}), "must be less than or equal to pod limits of 1"),
        (of({"ephemeral-storage": "1Gi"}), "Unsupported value"),
    ],
)
def test_a_pods_resources_hold_those_of_its_containers(sim: Sim, body: Body, message: str) -> None:
    with pytest.raises(Status) as refused:
        sim.apply(body)

    assert message in refused.value.message
