"""What differs between two states of an object, by the names of its fields."""

from __future__ import annotations

from playground.timeline.differences import MOST, Difference, differences


def test_a_changed_field_is_told_with_both_values() -> None:
    found = differences({"spec": {"replicas": 2, "paused": True}}, {"spec": {"replicas": 3, "paused": True}})

    assert found == [Difference("spec.replicas", "2", "3")]


def test_what_came_and_what_went_has_nothing_on_the_other_side() -> None:
    found = differences({"data": {"old": "a"}}, {"data": {"new": "b"}})

    assert found == [Difference("data.new", None, "b"), Difference("data.old", "a", None)]


def test_entries_of_a_list_are_told_apart_by_their_names() -> None:
    before = {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Other", "status": "True"}]}
    after = {"conditions": [{"type": "Other", "status": "True"}, {"type": "Ready", "status": "False"}]}

    assert differences(before, after) == [Difference("conditions[Ready].status", "True", "False")]


def test_bookkeeping_is_no_difference() -> None:
    before = {"metadata": {"resourceVersion": "1", "generation": 1, "managedFields": []}}

    assert differences(before, {"metadata": {"resourceVersion": "2", "generation": 2, "managedFields": [1]}}) == []


def test_there_is_an_end_to_it() -> None:
    found = differences({"data": {}}, {"data": {f"key-{number}": "x" * 500 for number in range(100)}})

    assert len(found) == MOST
    assert len(found[0].after or "") < 200
