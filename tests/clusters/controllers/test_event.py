"""Events are kept for an hour."""

from __future__ import annotations

from tests.sim import Sim, pod

PAUSE = "registry.k8s.io/pause:3.10"


def test_an_event_goes_an_hour_after_it_was_last_seen() -> None:
    sim = Sim(nodes=1).apply(pod("web", PAUSE)).settle()
    assert sim.events("Scheduled", "web") != []

    sim.run(3590)
    assert sim.events("Scheduled", "web") != []
    sim.run(80)

    assert sim.events("Scheduled", "web") == []
