"""Who asks the Kubernetes API on the page's port."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore

from playground import visitor
from playground.home.rights import actor, grant

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session() -> SessionStore:
    """The session of somebody who opened the edit link of the cluster "mine"."""
    found = SessionStore()
    grant(found, "mine")
    found.save()
    return found


def with_cookie(value: str) -> dict[str, object]:
    return {"headers": [(b"cookie", f"theme=dark; podium_session={value}".encode())]}


async def test_the_holder_of_the_edit_link_may_act_under_their_own_name(session: SessionStore) -> None:
    found = await visitor.of(with_cookie(str(session.session_key)))("mine")

    assert found is not None
    assert (found.name, found.may_edit) == (actor(session), True)


async def test_the_edit_link_of_one_cluster_gives_no_right_to_another(session: SessionStore) -> None:
    found = await visitor.of(with_cookie(str(session.session_key)))("yours")

    assert found is not None
    assert not found.may_edit


@pytest.mark.parametrize("cookie", ["", "made-up", "x" * 5000])
async def test_a_stranger_may_look(cookie: str) -> None:
    found = await visitor.of(with_cookie(cookie))("mine")

    assert found is not None
    assert not found.may_edit
