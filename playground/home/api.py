"""The page's way to change a cluster: the request that kubectl would send, run by the same verb as its visitor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from clusters.apiserver.answer import Answer
from clusters.apiserver.auth import User
from clusters.apiserver.call import perform
from clusters.models import Cluster
from playground.home.action import Action, Call, first_line
from playground.home.rights import actor, may_edit


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an action: `refusal` is the API's own sentence, as kubectl prints it; "" when all went well."""

    line: str
    done: str
    refusal: str = ""
    reason: str = ""

    @property
    def ok(self) -> bool:
        return not self.refusal

    @property
    def first(self) -> str:
        return first_line(self.line)


def visitor(request: HttpRequest, cluster: Cluster) -> User:
    return User(actor(request.session), may_edit=may_edit(request.session, cluster.slug))


def send(user: User, cluster: Cluster, call: Call) -> Answer:
    return perform(
        cluster, user, call.method, call.path, body=call.body, content_type=call.content_type, query=dict(call.query)
    )


def run(user: User, cluster: Cluster, action: Action) -> Outcome:
    """The action's requests one after the other, until one is refused."""
    for call in action.calls:
        answer = send(user, cluster, call)
        if answer.code >= 400 and not (answer.code == 404 and call.may_be_gone):
            return Outcome(action.line, action.done, told(answer.body), str(answer.body.get("reason", "")))
    return Outcome(action.line, action.done)


def told(status: dict[str, Any]) -> str:
    """`Error from server (Forbidden): pods "web" is forbidden: ...`"""
    reason, message = status.get("reason"), status.get("message", "")
    return f"Error from server ({reason}): {message}" if reason else f"Error from server: {message}"
