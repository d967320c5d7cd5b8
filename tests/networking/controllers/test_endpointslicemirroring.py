"""Endpoints made by hand become EndpointSlices."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, controller_of, labels_of, put
from tests.sim import Sim, service

MANAGER = "endpointslicemirroring-controller.k8s.io"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def endpoints(count: int = 2, **subset: object) -> Body:
    addresses = [{"ip": f"192.0.2.{number + 1}"} for number in range(count)]
    wanted = {"addresses": addresses, "ports": [{"name": "a", "port": 80}], **subset}
    metadata = {"name": "outer", "labels": {"team": "blue"}}
    return {"apiVersion": "v1", "kind": "Endpoints", "metadata": metadata, "subsets": [wanted]}


def slices(sim: Sim) -> list[Body]:
    label = "endpointslice.kubernetes.io/managed-by"
    return [one for one in sim.list("endpointslices", "default") if labels_of(one).get(label) == MANAGER]


def test_they_are_mirrored_with_their_labels_and_belong_to_them(sim: Sim) -> None:
    sim.apply(service("outer", selector=None), endpoints()).settle()

    (found,) = slices(sim)
    owner = controller_of(found)
    assert [one["addresses"] for one in found["endpoints"]] == [["192.0.2.1"], ["192.0.2.2"]]
    assert labels_of(found)["team"] == "blue"
    assert owner is not None
    assert (owner["kind"], owner["name"]) == ("Endpoints", "outer")


def test_what_is_not_ready_is_said_to_be(sim: Sim) -> None:
    sim.apply(service("outer", selector=None), endpoints(1, notReadyAddresses=[{"ip": "192.0.2.9"}])).settle()

    (found,) = slices(sim)
    assert [one["conditions"]["ready"] for one in found["endpoints"]] == [True, False]


def test_a_slice_holds_a_hundred(sim: Sim) -> None:
    sim.apply(service("outer", selector=None), endpoints(230)).settle()

    assert sorted(len(one["endpoints"]) for one in slices(sim)) == [30, 100, 100]


def test_a_change_is_followed_and_nothing_is_written_without_one(sim: Sim) -> None:
    sim.apply(service("outer", selector=None), endpoints()).settle()
    sim.apply(endpoints(1)).settle()
    written = len(sim.log.all("endpointslices"))

    sim.restart().settle()

    assert [len(one["endpoints"]) for one in slices(sim)] == [1]
    assert len(sim.log.all("endpointslices")) == written


@pytest.mark.parametrize(
    "spoiled",
    [
        lambda body: put(body, "metadata.labels", {"endpointslice.kubernetes.io/skip-mirror": "true"}),
        lambda body: put(body, "metadata.annotations", {"control-plane.alpha.kubernetes.io/leader": "{}"}),
    ],
)
def test_some_are_not_mirrored(sim: Sim, spoiled: object) -> None:
    sim.apply(service("outer", selector=None), spoiled(endpoints())).settle()  # type: ignore[operator]

    assert slices(sim) == []


def test_the_slices_go_with_the_endpoints_or_the_service(sim: Sim) -> None:
    sim.apply(service("outer", selector=None), endpoints()).settle()

    sim.delete("services", "outer").settle()

    assert slices(sim) == []


def test_a_service_with_a_selector_has_none(sim: Sim) -> None:
    sim.apply(service("outer")).settle()

    assert slices(sim) == []
