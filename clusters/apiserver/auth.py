"""Who asks, and what they may do: bearer tokens of one cluster, of which only the hash is kept."""

from __future__ import annotations

import time
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson
from django.utils.crypto import salted_hmac

from clusters.apiserver.discovery import REVIEWS
from clusters.apiserver.target import READS, STREAMS, Target
from clusters.kinds import token
from clusters.kinds.body import Body, Key
from clusters.kinds.problem import Status
from clusters.models import Cluster, Token
from clusters.reconcile.clock import SECOND
from clusters.store import read
from clusters.store.clock import cluster_now

FRESH = 1.0  # seconds for which a row that was read is believed
MARGIN = 0.1  # what is fresh now is so for the question that follows
MOST_KNOWN = 5000
_clusters: dict[str, tuple[float, Cluster | None]] = {}
_tokens: dict[str, tuple[float, Token | None]] = {}


@dataclass(frozen=True, slots=True)
class User:
    """`name` is the actor in the log. Who may not edit may look at everything, unless it may not even look."""

    name: str
    may_edit: bool = False
    groups: tuple[str, ...] = ("system:authenticated",)
    may_look: bool = True


UNAUTHORIZED = Status(401, "Unauthorized", "Unauthorized")
ANONYMOUS = User("system:anonymous", groups=("system:unauthenticated",))


def issue(cluster: Cluster, user: str, may_edit: bool) -> str:
    """The token of this user. Asked again it is the same: a page that is loaded often leaves one row behind."""
    about = f"{cluster.slug}/{cluster.secret}/{user}/{may_edit}"
    made = urlsafe_b64encode(salted_hmac("podium.token", about, algorithm="sha256").digest()).decode().rstrip("=")
    Token.objects.get_or_create(digest=_digest(made), defaults={"cluster": cluster, "user": user, "may_edit": may_edit})
    return made


def cluster_named(slug: str) -> Cluster | None:
    """The cluster's row, at most a second old."""
    known = _clusters.get(slug)
    if known is None or known[0] < time.monotonic():
        known = (time.monotonic() + FRESH, Cluster.objects.filter(slug=slug).first())
        _keep(_clusters, slug, known)
    return known[1]


def holder(given: str) -> tuple[User, str] | None:
    """Whose token it is, and the slug of the cluster that it is for."""
    digest = _digest(given)
    known = _tokens.get(digest)
    if known is None or known[0] < time.monotonic():
        known = (time.monotonic() + FRESH, Token.objects.select_related("cluster").filter(digest=digest).first())
        _keep(_tokens, digest, known)
    row = known[1]
    return None if row is None else (User(row.user, row.may_edit), row.cluster.slug)


def is_fresh(slug: str, given: str) -> bool:
    """Whether both can be answered without asking the database."""
    then = time.monotonic() + MARGIN
    of_cluster, of_token = _clusters.get(slug), _tokens.get(_digest(given)) if given else (then, None)
    return of_cluster is not None and of_cluster[0] >= then and of_token is not None and of_token[0] >= then


def authorize(user: User, target: Target) -> None:
    """Raises Forbidden with the authorizer's own sentence."""
    looks = user.may_look and target.verb in READS and target.subresource not in STREAMS
    if user.may_edit or looks or target.kind in REVIEWS:
        return
    kind = target.kind
    where = f'in the namespace "{target.namespace}"' if target.namespace else "at the cluster scope"
    what = f'cannot {target.verb} resource "{target.resource}" in API group "{kind.group}" {where}'
    raise Status.forbidden(kind.resource, target.name, f'User "{user.name}" {what}')


def acting(user: User, headers: Mapping[str, str]) -> User:
    """As whom it is asked (`kubectl --as`): without role bindings only the group system:masters may do anything.

    Raises Forbidden where somebody may not speak for others.
    """
    name = headers.get("impersonate-user")
    if not name:
        return user
    if not user.may_edit:
        told = f'User "{user.name}" cannot impersonate resource "users" in API group "" at the cluster scope'
        raise Status.forbidden("users", name, told)
    named = headers.get("impersonate-group")
    groups = (*((named,) if named else _groups(name)), "system:authenticated")
    may_edit = "system:masters" in groups
    return User(name, may_edit, groups, may_look=may_edit)


def _groups(name: str) -> tuple[str, ...]:
    """Of a ServiceAccount; nobody else has any by name."""
    kind, _, rest = name.removeprefix("system:").partition(":")
    home = rest.partition(":")[0]
    is_account = kind == "serviceaccount" and name.startswith("system:") and home
    return ("system:serviceaccounts", f"system:serviceaccounts:{home}") if is_account else ()


def account(cluster: Cluster, said: Body, given: str) -> User | None:
    """The ServiceAccount whose token it is: without role bindings it may ask what the server serves, and no more."""
    stored = read.get(cluster.pk, "machines", Key("", token.signer(said)))
    machine = orjson.loads(stored.body) if stored else None
    if not token.is_valid(given, said, machine, cluster_now(cluster) // SECOND):
        return None
    name = str(said["sub"])
    return User(name, groups=(*_groups(name), "system:authenticated"), may_look=False)


def _digest(given: str) -> str:
    return sha256(given.encode()).hexdigest()


def _keep(shelf: dict[str, Any], key: str, value: Any) -> None:
    if len(shelf) > MOST_KNOWN:
        shelf.clear()
    shelf[key] = value
