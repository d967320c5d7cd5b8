"""What may be wrong with a PriorityClass, and its row."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from tests.clusters.kinds.desk import cells, filled, wrongs
from workloads.kinds.priorityclass import PRIORITYCLASS


def priority(value: int = 5, name: str = "it", **fields: Any) -> Body:
    return {"metadata": {"name": name}, "value": value, **fields}


def test_a_class_preempts_unless_it_says_otherwise() -> None:
    assert filled(PRIORITYCLASS, priority())["preemptionPolicy"] == "PreemptLowerPriority"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (priority(1_000_000_001), "maximum allowed value of a user defined priority is 1000000000"),
        (priority(preemptionPolicy="Maybe"), 'supported values: "Never", "PreemptLowerPriority"'),
        (priority(name="system-mine"), "priority class names with 'system-' prefix are reserved for system use only"),
        (priority(1, "system-node-critical"), "value of system-node-critical PriorityClass must be 2000001000"),
    ],
)
def test_a_wrong_class_is_refused(body: Body, told: str) -> None:
    (sentence,) = wrongs(PRIORITYCLASS, body)

    assert told in sentence


def test_what_it_is_worth_never_changes() -> None:
    assert wrongs(PRIORITYCLASS, priority(6), priority(5)) == ["value: Forbidden: may not be changed in an update."]
    (sentence,) = wrongs(PRIORITYCLASS, priority(preemptionPolicy="Never"), priority())
    assert sentence.endswith("field is immutable")


def test_a_classs_row() -> None:
    shown = cells(PRIORITYCLASS, filled(PRIORITYCLASS, priority(globalDefault=True)))

    assert list(shown.items()) == [
        ("Name", "it"),
        ("Value", 5),
        ("Global-Default", "true"),
        ("Age", "90s"),
        ("PreemptionPolicy", "PreemptLowerPriority"),
    ]
