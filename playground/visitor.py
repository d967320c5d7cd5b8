"""Who asks the Kubernetes API on the page's port: the visitor whom the session knows."""

from collections.abc import Awaitable, Callable
from typing import Any

from channels.db import database_sync_to_async
from django.conf import settings
from django.http.cookie import parse_cookie

from clusters.apiserver.auth import User
from playground.home.rights import actor, may_edit
from playground.home.sessions import SessionStore

Scope = dict[str, Any]


def of(scope: Scope) -> Callable[[str], Awaitable[User | None]]:
    """A function that names the user for a cluster: everybody may look, who holds the edit link may act."""

    async def named(slug: str) -> User | None:
        found: User = await database_sync_to_async(user)(session_key(scope), slug)
        return found

    return named


def user(key: str | None, slug: str) -> User:
    session = SessionStore(key)
    return User(actor(session), may_edit(session, slug))


def session_key(scope: Scope) -> str | None:
    header = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    return parse_cookie(header.decode("latin1")).get(settings.SESSION_COOKIE_NAME)
