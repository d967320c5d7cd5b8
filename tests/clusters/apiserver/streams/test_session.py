"""What the engine says of a session, as the web process hears it."""

from __future__ import annotations

import pytest

from clusters.apiserver.streams.session import Session
from clusters.kinds.body import Body, Key

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("first", [{"code": 0}, {"code": 3}, {"error": "no such command"}])
async def test_a_session_ends_as_was_said_first(first: Body) -> None:
    session = Session(1, Key("default", "web"))

    session.heard({"s": session.name, "end": first})
    session.heard({"s": session.name, "end": {"code": 137}})  # the end of input came to a session that was gone

    assert session.end == first


async def test_the_end_waits_for_output_that_is_on_its_way() -> None:
    session = Session(1, Key("default", "web"))

    session.heard({"s": session.name, "n": 1, "out": [(1, "b")], "end": {"code": 0}})
    early = session.end
    session.heard({"s": session.name, "n": 0, "out": [(1, "a"), (1, "b")], "end": {"code": 0}})

    assert (early, session.end) == (None, {"code": 0})
