"""Who may act on a cluster: everybody with its slug may look, the edit link gives the right, the session keeps it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, MutableMapping
from typing import Any

EDIT, ACTOR, OWN = "edit", "actor", "cluster"
MANNERS = ("amber", "brave", "calm", "clever", "eager", "gentle", "jolly", "keen", "lucky", "merry", "quiet", "swift")
ANIMALS = ("badger", "crane", "falcon", "fox", "hare", "heron", "lynx", "marten", "otter", "raven", "seal", "wren")


def may_edit(session: Mapping[str, Any], slug: str) -> bool:
    """Whether this session opened the cluster's edit link (or made the cluster)."""
    return slug in session.get(EDIT, {})


def grant(session: MutableMapping[str, Any], slug: str) -> None:
    """Give the right to act, and a name under which the log will know this visitor."""
    session[EDIT] = {**session.get(EDIT, {}), slug: True}
    named(session)


def actor(session: Mapping[str, Any]) -> str:
    """The visitor's name in the change log: `quiet-otter`."""
    return str(session.get(ACTOR, "visitor"))


def named(session: MutableMapping[str, Any]) -> str:
    """The same, made up when it is first needed."""
    return str(session.setdefault(ACTOR, new_name()))


def new_name() -> str:
    return f"{secrets.choice(MANNERS)}-{secrets.choice(ANIMALS)}"


def visitor_key(session: MutableMapping[str, Any]) -> str:
    """What tells this visitor's clusters from others'; made when it is first needed."""
    return str(session.setdefault("visitor", secrets.token_urlsafe(16)))
