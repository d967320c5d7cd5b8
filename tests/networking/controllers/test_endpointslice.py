"""EndpointSlices follow the pods that a Service selects."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.admission.apply import ADDED
from clusters.kinds.body import Body, controller_of, dig, labels_of, put
from tests.sim import Sim, deployment, pod, service

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def slices(sim: Sim, name: str = "web") -> list[Body]:
    found = sim.list("endpointslices", "default")
    return [one for one in found if labels_of(one).get("kubernetes.io/service-name") == name]


def endpoints(sim: Sim) -> list[Body]:
    return [endpoint for one in slices(sim) for endpoint in one["endpoints"] or ()]


def web(replicas: int, **container: Any) -> Body:
    return deployment("web", replicas, image=PAUSE, **container)


def test_each_pod_is_an_endpoint(sim: Sim) -> None:
    sim.apply(service("web"), web(2)).settle()

    first = endpoints(sim)[0]
    there = sim.get("pods", first["targetRef"]["name"])
    assert len(endpoints(sim)) == 2
    assert first == {
        "addresses": [there["status"]["podIP"]],
        "conditions": {"ready": True, "serving": True, "terminating": False},
        "nodeName": there["spec"]["nodeName"],
        "targetRef": {
            "kind": "Pod",
            "name": there["metadata"]["name"],
            "namespace": "default",
            "uid": there["metadata"]["uid"],
        },
    }


def test_a_slice_says_whose_it_is(sim: Sim) -> None:
    sim.apply(put(service("web"), "metadata.labels", {"team": "blue"})).settle()

    (one,) = slices(sim)
    assert one["metadata"]["name"].startswith("web-")
    assert labels_of(one) == {
        "team": "blue",
        "kubernetes.io/service-name": "web",
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
    }
    owner = controller_of(one)
    assert owner is not None
    assert (owner["kind"], owner["name"]) == ("Service", "web")
    assert one["addressType"] == "IPv4"


def test_a_service_without_pods_has_an_empty_slice_that_is_filled_later(sim: Sim) -> None:
    sim.apply(service("web")).settle()
    (empty,) = slices(sim)
    assert not empty["endpoints"]

    sim.apply(web(1)).settle()

    (filled,) = slices(sim)
    assert filled["metadata"]["uid"] == empty["metadata"]["uid"]
    assert filled["ports"] == [{"name": "", "port": 80, "protocol": "TCP"}]


def test_a_named_port_is_looked_up_in_the_pod(sim: Sim) -> None:
    ports = [{"name": "http", "port": 80, "targetPort": "web"}]
    sim.apply(service("web", ports=ports), web(1, ports=[{"name": "web", "containerPort": 8080}])).settle()

    (one,) = slices(sim)
    assert one["ports"] == [{"name": "http", "port": 8080, "protocol": "TCP"}]


def test_pods_with_different_numbers_for_a_name_stand_in_different_slices(sim: Sim) -> None:
    ports = [{"port": 80, "targetPort": "web"}]
    first = pod("web", PAUSE, ports=[{"name": "web", "containerPort": 8080}])
    second = put(pod("other", PAUSE, ports=[{"name": "web", "containerPort": 9090}]), "metadata.labels.app", "web")

    sim.apply(service("web", ports=ports), first, second).settle()

    assert sorted(one["ports"][0]["port"] for one in slices(sim)) == [8080, 9090]


def test_a_pod_that_terminates_serves_but_is_not_ready(sim: Sim) -> None:
    sim.apply(service("web"), pod("web", "busybox", command=["sh", "-c", "sleep 3600"])).settle()

    sim.delete("pods", "web").run(1)

    (endpoint,) = endpoints(sim)
    assert endpoint["conditions"] == {"ready": False, "serving": True, "terminating": True}


def test_a_pod_that_is_gone_is_no_endpoint(sim: Sim) -> None:
    sim.apply(service("web"), pod("web", PAUSE)).settle()

    sim.delete("pods", "web").settle(quiet=35)

    assert endpoints(sim) == []


def test_a_changed_selector_changes_the_endpoints(sim: Sim) -> None:
    sim.apply(service("web"), web(1), pod("other", PAUSE)).settle()

    sim.patch("services", "web", "spec.selector", {"app": "other"}).settle()

    assert [endpoint["targetRef"]["name"] for endpoint in endpoints(sim)] == ["other"]


def test_a_changed_port_changes_the_slice(sim: Sim) -> None:
    sim.apply(service("web"), web(1)).settle()

    sim.patch("services", "web", "spec.ports", [{"port": 80, "targetPort": 8080, "protocol": "TCP"}]).settle()

    (one,) = slices(sim)
    assert one["ports"][0]["port"] == 8080


def test_the_zone_of_the_node_is_told(sim: Sim) -> None:
    for node in ("worker-1", "worker-2"):
        sim.patch("nodes", node, "metadata.labels", {"topology.kubernetes.io/zone": "north"})

    sim.apply(service("web"), web(1)).settle()

    assert endpoints(sim)[0]["zone"] == "north"


def test_a_slice_holds_a_hundred_endpoints() -> None:
    sim = Sim(nodes=3)

    sim.apply(service("web"), web(230)).settle()

    assert sorted(len(one["endpoints"]) for one in slices(sim)) == [30, 100, 100]


def test_many_changes_of_a_large_service_are_gathered() -> None:
    sim = Sim(nodes=3).apply(service("web"), web(150)).settle()
    before = len(sim.log)

    for one in sim.pods("web")[:20]:
        sim.patch("pods", one["metadata"]["name"], "metadata.labels.app", "other").run(0.01)
    sim.settle()

    written = [e for e in sim.log[before:] if e.change.kind.plural == "endpointslices"]
    assert len(written) <= 20
    assert len(endpoints(sim)) == 150


def test_a_service_without_selector_is_left_alone(sim: Sim) -> None:
    body = service("web")
    body["spec"].pop("selector")

    sim.apply(body, web(1)).settle()

    assert slices(sim) == []


def test_a_slice_that_somebody_spoiled_is_put_right(sim: Sim) -> None:
    sim.apply(service("web"), web(1)).settle()
    (one,) = slices(sim)

    sim.apply({**one, "endpoints": []}).settle()

    assert len(endpoints(sim)) == 1


def test_a_slice_that_somebody_deleted_is_made_again(sim: Sim) -> None:
    sim.apply(service("web"), web(1)).settle()

    sim.delete("endpointslices", slices(sim)[0]).settle()

    assert len(endpoints(sim)) == 1


def test_the_slices_go_with_their_service(sim: Sim) -> None:
    sim.apply(service("web"), web(1)).settle()

    sim.delete("services", "web").settle()

    assert slices(sim) == []


def test_pods_that_became_ready_together_cost_one_write(sim: Sim) -> None:
    sim.apply(service("web"), web(20)).settle()

    written = [
        e for e in sim.log.all("endpointslices") if labels_of(e.change.new).get("kubernetes.io/service-name") == "web"
    ]
    assert len(sim.log.all("endpointslices", ADDED)) == 2
    assert len(written) < 15


def test_looking_again_without_need_writes_nothing(sim: Sim) -> None:
    sim.apply(service("web"), web(2)).settle()
    before = len(sim.log)

    sim.restart().settle(quiet=1)

    assert [e for e in sim.log[before:] if dig(e.change.new, "kind") in ("EndpointSlice", "Endpoints")] == []
