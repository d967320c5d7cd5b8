"""What is measured of containers, also by who asks with a clock that is ahead of them."""

from __future__ import annotations

from clusters.kernel import Usage
from clusters.reconcile.clock import MINUTE, SECOND
from clusters.reconcile.world import Due
from tests.sim import Sim, UserView, pod

BUSY = "while true; do :; done"


def measured(sim: Sim, ahead: int = 0) -> Usage:
    view = UserView(sim.loop, Due(sim.now + ahead, 0, 0))
    found = view.kernel.metrics.pod(view, sim.get("pods", "one"))
    assert found is not None
    return found["one"]


def test_a_busy_container_is_busy_also_where_the_engine_lags_behind_the_clock() -> None:
    sim = Sim(nodes=1)
    sim.apply(pod("one", "busybox", command=["sh", "-c", BUSY])).settle(limit=15)

    assert measured(sim).cpu == 1_000_000_000
    assert measured(sim, ahead=MINUTE).cpu == 1_000_000_000


def test_a_container_that_came_to_rest_is_idle_after_a_while() -> None:
    sim = Sim(nodes=1)
    script = "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; sleep 1000"
    sim.apply(pod("one", "busybox", command=["sh", "-c", script])).run(30)

    assert measured(sim).cpu == 0
    assert measured(sim, ahead=20 * SECOND).cpu == 0
