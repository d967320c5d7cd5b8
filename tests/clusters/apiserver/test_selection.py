from __future__ import annotations

import pytest

from clusters.apiserver.selection import selection
from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from tests.clusters.apiserver.kinds import CONFIGMAP, POD

FRONT: Body = {"metadata": {"name": "a", "labels": {"tier": "front", "weight": "3"}}, "status": {"phase": "Running"}}


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("", True),
        ("tier=front", True),
        ("tier==front,weight", True),
        ("tier!=front", False),
        ("other!=x", True),
        ("tier in (front, back)", True),
        ("tier notin (front,back),weight", False),
        ("!gone", True),
        ("gone", False),
        ("weight>2,weight<4", True),
        ("weight>3", False),
    ],
)
def test_labels_are_selected(text: str, taken: bool) -> None:
    assert selection(POD, {"labelSelector": text}).takes(FRONT) is taken


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("metadata.name=a", True),
        ("metadata.name!=a", False),
        ("status.phase==Running,metadata.name=a", True),
        ("spec.nodeName=", True),
    ],
)
def test_fields_are_selected(text: str, taken: bool) -> None:
    assert selection(POD, {"fieldSelector": text}).takes(FRONT) is taken


def test_a_selector_that_makes_no_sense_is_refused() -> None:
    for query in ({"labelSelector": "a=b=c"}, {"labelSelector": "a in b"}, {"fieldSelector": "phase"}):
        with pytest.raises(Status) as refused:
            selection(POD, query)
        assert refused.value.code == 400


def test_only_known_fields_can_be_selected() -> None:
    with pytest.raises(Status) as refused:
        selection(CONFIGMAP, {"fieldSelector": "data.a=b"})

    assert refused.value.message == "field label not supported: data.a"


def test_what_was_selected_before_a_change_is_known() -> None:
    chosen = selection(POD, {"labelSelector": "tier=back", "fieldSelector": "status.phase=Pending"})

    assert chosen.took(FRONT, {"labels": {"tier": "back"}, "fields": {"status.phase": "Pending"}})
    assert not chosen.took(FRONT, None)
