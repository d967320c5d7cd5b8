"""For every fault of the catalogue, whatever goes wrong is led back to that fault."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from clusters.faults import FAULTS
from clusters.kinds.body import Body, dig, put
from playground.reasons.answer import Answer
from playground.reasons.questions import answers
from playground.reasons.questions.request import why_failed
from playground.timeline.line import Name
from tests.playground.reasons.simevidence import SimEvidence
from tests.sim import DELETED, Sim, deployment, fault, service

PROBE = {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 2, "failureThreshold": 2}
ASKED = ("nodes", "pods", "services", "deployments", "faults")
ZONE = "topology.kubernetes.io/zone"
BROKEN = Name("faults", "", "broken")


def target_of(type_: str, sim: Sim) -> Body:
    pod = sim.running("web")[0]
    node = pod["spec"]["nodeName"]
    targets: dict[str, Body] = {
        "node": {"node": node},
        "network": {"node": node},
        "zone": {"zone": "a"},
        "container": {"pod": pod["metadata"]["name"]},
        "deployment": {"deployment": "web"},
    }
    return targets.get(FAULTS[type_].target, {})


def broken(type_: str) -> Sim:
    """An application that was well, then the fault, then something new that is wanted."""
    sim = Sim(nodes=3, addons=True)
    sim.apply(deployment("web", 2, readinessProbe=PROBE, livenessProbe=PROBE), service("web")).run(20)
    node = sim.get("nodes", sim.running("web")[0]["spec"]["nodeName"], "")
    sim.apply(put(node, "metadata.labels", {**node["metadata"]["labels"], ZONE: "a"})).run(1)
    sim.apply(fault(type_, "broken", **target_of(type_, sim))).run(40)
    return sim.apply(deployment("new", 1)).run(15)


def all_answers(sim: Sim) -> Iterator[tuple[str, Answer]]:
    evidence = SimEvidence(sim)
    for resource in ASKED:
        for body in sim.list(resource):
            yield from ((body["metadata"]["name"], answer) for answer in answers(resource, body, evidence))


def ends_at(answer: Answer) -> bool:
    return BROKEN in answer.links[-1].words


@pytest.mark.parametrize("type_", sorted(FAULTS))
def test_every_chain_about_what_a_fault_did_ends_at_the_fault(type_: str) -> None:
    sim = broken(type_)

    found = list(all_answers(sim))

    assert any(ends_at(answer) for name, answer in found if name != "broken" and answer.slug != "last-change")
    strays = [(name, answer.question, str(answer.links[-1])) for name, answer in found if answer.urgent]
    assert [stray for stray, (_, answer) in zip(strays, urgent(found), strict=True) if not ends_at(answer)] == []
    for _, answer in found:
        assert 1 <= len(answer.links) <= 5
        assert "unknown" not in "".join(map(str, answer.links)).lower().replace("says unknown", "")


def urgent(found: list[tuple[str, Answer]]) -> list[tuple[str, Answer]]:
    return [one for one in found if one[1].urgent]


def test_what_came_of_a_node_that_crashed_is_told_from_the_replacement_back() -> None:
    sim = broken("NodeCrash")
    heir = max(sim.running("web"), key=lambda pod: pod["metadata"]["creationTimestamp"])

    (here,) = [one for one in answers("pods", heir, SimEvidence(sim)) if one.slug == "here"]

    assert [link.lookup for link in here.links] == ["Pod", "Node", "Fault"]
    assert "test began the fault broken (NodeCrash): the machine loses power" in str(here.links[-1])


def test_a_fault_that_is_healed_is_still_the_cause_of_what_it_did() -> None:
    sim = broken("ContainerCrash")
    hit: Any = dig(sim.get("faults", "broken", ""), "status.hit")
    sim.delete("faults", "broken", "").run(2)
    pod = sim.get("pods", hit[0]["pod"])

    found = [one for one in answers("pods", pod, SimEvidence(sim)) if one.slug == "killed"]

    assert ends_at(found[0])


@pytest.mark.parametrize("type_", ["NodeCrash", "NodePartition", "ZoneOutage"])
def test_what_a_healed_fault_did_is_led_back_to_it_also_for_those_who_are_gone(type_: str) -> None:
    sim = broken(type_)
    sim.delete("faults", "broken", "").run(300)
    gone = [entry.change.old for entry in sim.log.all("pods", DELETED)]

    found = [one for body in gone if body for one in answers("pods", body, SimEvidence(sim)) if one.slug == "killed"]

    assert found
    assert all(ends_at(one) for one in found)


def test_a_request_that_finds_no_name_server_is_led_back_to_the_fault() -> None:
    sim = broken("DNSDown")

    outcome = sim.send(sim.running("web")[0], "web.default.svc.cluster.local")
    found = why_failed(outcome, SimEvidence(sim))

    assert found is not None
    assert ends_at(found)
    assert "Looking up web.default.svc.cluster.local" in "".join(map(str, found.links))
