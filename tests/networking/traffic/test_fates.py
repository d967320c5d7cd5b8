"""How many ways are looked at for a moment's requests, so that a crowd costs little."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from networking.traffic import tick
from networking.traffic.fates import Fate, fates
from playground.supervise.environment import ROOT
from tests.networking.traffic.crowd import by_pod, status, traffic
from tests.sim import Sim, deployment, service

SHOP = ROOT / "playground" / "examples" / "manifests" / "shop.yaml"
FRONT = {"service": "front"}


@pytest.fixture
def sim() -> Sim:
    return Sim(addons=True)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[list[Fate]]:
    """The ways of each moment."""
    seen: list[list[Fate]] = []

    def noted(*given: object) -> list[Fate]:
        seen.append(fates(*given))  # type: ignore[arg-type]
        return seen[-1]

    monkeypatch.setattr(tick, "fates", noted)
    return seen


def manifests(path: Path) -> list[dict[str, object]]:
    return [one for one in yaml.safe_load_all(path.read_text()) if one]


def test_name_servers_do_not_multiply_the_ways(sim: Sim, looked_at: list[list[Fate]]) -> None:
    sim.apply(*manifests(SHOP)).settle()

    sim.apply(traffic(rate=1000, target=FRONT)).run(5)

    # two pods of `front`, each of which asks three Services by their names, of two name servers
    assert {len(ways) for ways in looked_at} == {2}
    assert all(len(fate.lookups) == 3 for ways in looked_at for fate in ways)
    assert {leg.pod["metadata"]["name"] for ways in looked_at for leg in ways[0].lookups if leg.pod} == {
        one["metadata"]["name"] for one in sim.list("pods", "kube-system") if "coredns" in one["metadata"]["name"]
    }


def test_few_requests_are_not_looked_at_in_more_ways_than_they_are(sim: Sim, looked_at: list[list[Fate]]) -> None:
    sim.apply(deployment("web", 12), service("web")).settle()

    sim.apply(traffic(rate=20)).run(20)

    assert max(len(ways) for ways in looked_at) < 12
    assert status(sim)["failed"] == 0
    assert len(by_pod(sim)) > 3
