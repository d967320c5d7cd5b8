"""Each fault of the catalogue is told by what it does and to whom."""

from __future__ import annotations

import pytest

from clusters.faults import FAULTS
from clusters.kinds.body import Body, put
from playground.timeline.line import Happened
from playground.timeline.sentences.fault import SAID, fault

TARGETS = {"node": "worker-1", "pod": "web-1", "deployment": "web", "zone": "a"}


def body(type_: str, target: Body | None = None, **fields: object) -> Body:
    return {"kind": "Fault", "metadata": {"name": "broken"}, "spec": {"type": type_, "target": target or {}, **fields}}


def told(op: str, after: Body, before: Body | None = None) -> str:
    found = fault(Happened(op, "faults", after, before, "alice"))
    return "".join(str(part) for part in found[0]) if found else ""


@pytest.mark.parametrize("type_", sorted(FAULTS))
def test_every_fault_has_a_sentence_of_its_own(type_: str) -> None:
    known = FAULTS[type_]
    aim = {name: TARGETS[name] for name in known.required}

    began, ended = (told(op, body(type_, aim)) for op in ("ADDED", "DELETED"))

    assert type_ in SAID
    assert "{" not in began + ended
    assert all(name in began for name in aim.values())
    assert bool(ended) is not known.moment


def test_an_option_stands_in_the_sentence() -> None:
    assert told("ADDED", body("ContainerExit", {"pod": "web-1"}, exitCode=3)) == "made web-1 end with exit code 3"
    assert (
        told("ADDED", body("PacketLoss", percent=50)) == "made the network of the whole cluster lose 50 of 100 packets"
    )
    assert told("ADDED", body("NodePartition", {"node": "a"}, **{"from": {"node": "b"}})) == (
        "cut the network between a and b"
    )


def test_whom_it_picks_by_label_or_chance_is_told() -> None:
    some = {"selector": {"matchLabels": {"app": "web"}}, "chance": 30, "count": 2}

    assert told("ADDED", body("ContainerCrash", some)) == ("crashed pods with app=web (chance 30 %, at most 2)")


def test_a_fault_whose_time_is_over_says_so_once() -> None:
    active = put(body("NodeFreeze", {"node": "a"}), "status", {"phase": "Active"})
    done = put(active, "status.phase", "Done")

    assert told("MODIFIED", done, active) == "ended the fault broken, whose time was over"
    assert told("MODIFIED", done, done) == ""
    assert told("DELETED", done) == ""


def test_a_fault_that_hits_nobody_says_why() -> None:
    new = body("NodeCrash", {"node": "moon"})
    lost = put(new, "status", {"phase": "Active", "message": "There is no node moon."})

    assert told("MODIFIED", lost, new) == "says of the fault broken: There is no node moon."


def test_a_fault_that_hits_everything_hits_somebody() -> None:
    new = body("DNSDown", {})
    begun = put(new, "status", {"phase": "Active", "hit": [], "message": "Hits the whole cluster."})

    assert told("MODIFIED", begun, new) == ""
