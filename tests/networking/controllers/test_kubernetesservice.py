"""The Service `kubernetes` belongs to the API server, whatever somebody does to it."""

from __future__ import annotations

import pytest

from tests.sim import Sim

PARTS = ("services", "endpoints", "endpointslices")


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def test_the_apis_own_service_comes_back_within_ten_seconds(sim: Sim) -> None:
    for resource in PARTS:
        sim.delete(resource, "kubernetes")

    sim.run(10)

    assert sim.get("services", "kubernetes")["spec"]["clusterIP"] == "10.96.0.1"
    assert all(sim.find(resource, "kubernetes") for resource in PARTS)


def test_it_comes_back_after_a_restart_too(sim: Sim) -> None:
    sim.delete("services", "kubernetes")

    sim.restart().run(10)

    assert sim.find("services", "kubernetes")


def test_nothing_is_written_while_it_stands(sim: Sim) -> None:
    seen = len(sim.log)

    sim.run(30)

    assert not [entry for entry in sim.log[seen:] if entry.change.kind.plural in PARTS]
