"""What comes from outside into a running cluster (exec, attach, a request), and the record of who handles it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from clusters.kinds.body import Body, Key
from clusters.kinds.problem import Status
from clusters.reconcile.view import View
from clusters.reconcile.writes import Write


@dataclass(frozen=True, slots=True)
class Message:
    """`name` is the handler's; `to` is where its replies go; `about` is the pod or object that it concerns.

    It may come twice, when a worker dies after its commit: `data` carries what its handler knows it again by.
    """

    name: str
    to: str
    about: Key
    data: Body


Handle = Callable[[Message, View], Generator[Write, Body | Status | None, None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """One line of a parts list. `actor` names who writes in the log what the message makes necessary."""

    name: str
    handle: Handle
    actor: Callable[[Key, View], str]
