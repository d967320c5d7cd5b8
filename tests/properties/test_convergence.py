"""Random changes, kills, crashes and restarts: what must always hold holds, and in the end the spec is met."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clusters.kinds.body import dig
from tests.properties.workloads import (
    ACTS,
    IMAGES,
    QUICK,
    UNAVAILABLE,
    Act,
    assert_converged,
    assert_gapless,
    assert_never_over_surge,
    born,
    check,
    heal,
)
from tests.sim import Sim, template

acts = st.lists(st.builds(Act, st.sampled_from(sorted(ACTS)), st.integers(0, 40)), min_size=3, max_size=10)
# a story is short, and playing it again takes seconds: it is not made shorter
slow = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


def play(sim: Sim, story: list[Act], pause: float = 4) -> Sim:
    """One act after the other, looking all the time."""
    for act in story:
        ACTS[act.what](sim, act.number)
        for _ in range(4):
            sim.run(pause / 4)
            check(sim)
    return sim


@slow
@given(story=acts)
def test_whatever_is_done_the_cluster_comes_to_its_spec(story: list[Act]) -> None:
    sim = born()

    play(sim, story)
    heal(sim)

    assert_converged(sim)
    check(sim)


@settings(slow, max_examples=10)
@given(story=acts, cut=st.sampled_from([1, 3, 20]))
def test_where_slices_and_batches_end_makes_no_difference(story: list[Act], cut: int) -> None:
    whole, pieces = born(), born()
    pieces.slice = cut

    told = [_story(play(sim, story)) for sim in (whole, pieces)]

    assert told[0] == told[1]
    assert_gapless(pieces)


@settings(slow, max_examples=10)
@given(changes=st.lists(st.tuples(st.integers(2, 6), st.sampled_from(IMAGES[:3])), min_size=1, max_size=4))
def test_a_rollout_never_takes_more_away_than_it_may(changes: list[tuple[int, str]]) -> None:
    sim = born()

    for replicas, image in changes:
        _scale_and_wait(sim, replicas)
        sim.patch("deployments", "web", "spec.template", template("web", image))
        for _ in range(40):
            sim.run(0.5)
            assert_never_over_surge(sim)
            assert len(sim.running("web")) >= replicas - UNAVAILABLE

    assert dig(sim.get("deployments", "web"), "status.updatedReplicas") == changes[-1][0]


def _scale_and_wait(sim: Sim, replicas: int) -> None:
    sim.patch("deployments", "web", "spec.replicas", replicas).run(20)


def _story(sim: Sim) -> list[Any]:
    served = [entry for entry in sim.log if entry.change.kind.served]
    return [(e.at, e.actor, e.change.op, e.change.kind.plural, e.change.key, e.change.new.get("spec")) for e in served]


def test_the_quick_image_exists() -> None:
    assert born().settle().running("web")[0]["spec"]["containers"][0]["image"] == QUICK
