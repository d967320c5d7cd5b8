"""The dialog's fields become a Fault, and tell whom it would hit."""

from __future__ import annotations

import pytest

from clusters.faults import FAULTS
from playground.faults.form import fault_of, wrong
from playground.faults.targets import targets
from tests.sim import Sim, deployment

CRASH = FAULTS["ContainerCrash"]


def test_a_pod_is_chosen_with_its_namespace() -> None:
    made = fault_of(CRASH, {"pod": "blue/web-1", "name": "bang"})

    assert made["metadata"] == {"name": "bang"}
    assert made["spec"] == {"type": "ContainerCrash", "target": {"pod": "web-1", "namespace": "blue"}}


def test_labels_chance_and_number_pick_several() -> None:
    made = fault_of(CRASH, {"selector": "app=web, tier=front", "chance": "50", "count": "2"})

    assert made["spec"]["target"] == {
        "selector": {"matchLabels": {"app": "web", "tier": "front"}},
        "chance": 50,
        "count": 2,
    }
    assert wrong(made) == []


def test_what_the_type_does_not_take_is_left_out() -> None:
    made = fault_of(FAULTS["DNSDown"], {"node": "worker-1", "percent": "20", "duration": "30s"})

    assert made["spec"] == {"type": "DNSDown", "duration": "30s"}


def test_nobody_chosen_is_told_in_the_apis_words() -> None:
    assert wrong(fault_of(CRASH, {})) == ["spec.target.pod: Required value: what a ContainerCrash is aimed at"]


@pytest.mark.parametrize("chosen", [{"selector": "app=web"}, {"selector": "app=web", "chance": "50"}])
def test_whom_it_would_hit_is_whom_it_hits(chosen: dict[str, str]) -> None:
    sim = Sim(nodes=2).apply(deployment("web", 6, image="registry.k8s.io/pause:3.10")).settle()
    made = fault_of(FAULTS["CPUHog"], {**chosen, "name": "drawn"})

    told = targets(made, sim.list)
    sim.apply(made).run(1)

    assert sorted(told.names) == sorted(one["pod"] for one in sim.get("faults", "drawn")["status"]["hit"])


def test_a_target_that_matches_nobody_says_why() -> None:
    sim = Sim(nodes=1)

    assert targets(fault_of(CRASH, {"selector": "app=nobody"}), sim.list).missed == (
        'No pod with app=nobody is in namespace "default".'
    )
