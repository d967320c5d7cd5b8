"""The catalogue of faults."""

from __future__ import annotations

from clusters.faults import FAULTS
from clusters.faults.faulttype import TARGETS


def test_every_fault_is_listed_under_its_own_name() -> None:
    assert {name: fault.type for name, fault in FAULTS.items()} == {name: name for name in FAULTS}


def test_every_fault_has_a_known_target_a_title_and_three_sentences() -> None:
    for fault in FAULTS.values():
        assert fault.title
        assert fault.target in TARGETS
        assert all(text.endswith(".") for text in (fault.happens, fault.look_for, fault.heals))
