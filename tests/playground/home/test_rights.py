"""Who may act on a cluster."""

from __future__ import annotations

from typing import Any

from playground.home import rights


def test_without_the_edit_link_a_visitor_may_only_look() -> None:
    assert not rights.may_edit({}, "blue")


def test_the_right_holds_for_one_cluster_alone() -> None:
    session: dict[str, Any] = {}

    rights.grant(session, "blue")

    assert rights.may_edit(session, "blue")
    assert not rights.may_edit(session, "green")


def test_a_visitor_keeps_the_name_that_the_log_knows() -> None:
    session: dict[str, Any] = {}

    rights.grant(session, "blue")
    first = rights.actor(session)
    rights.grant(session, "green")

    assert rights.actor(session) == first != "visitor"
