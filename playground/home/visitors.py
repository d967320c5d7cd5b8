"""Making a visitor's cluster within the limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from clusters.apiserver.ownership.fieldset import leaves
from clusters.apiserver.ownership.managers import APPLY, Manager, with_managers
from clusters.engine.assembly import kinds
from clusters.engine.birth import create_cluster
from clusters.kinds.body import Body
from clusters.kinds.schema import shape_of
from clusters.models import Cluster
from clusters.reconcile.clock import rfc3339
from clusters.store.clock import wall_now
from playground.examples.shelf import welcome
from playground.home import limits

MANAGER = "kubectl"
LOCK = 0x706F6469  # one at a time counts and takes a place


class Full(Exception):
    """There is no place for another visitor's cluster; the message says why and what helps."""


def new_cluster(name: str, visitor: str, address: str) -> Cluster:
    """A small cluster on which something lives, or Full."""
    with one_at_a_time():
        check_room(address)
        return create_cluster(
            name,
            nodes=limits.nodes(),
            limits=dict(limits.quota()),
            manifests=[as_applied(body) for body in welcome()],
            owner=visitor,
            address=address,
        )


def as_applied(body: Body) -> Body:
    """With the owners of its fields as `kubectl apply --server-side` leaves them: then the editor may go on with it."""
    kind = next(
        kind for kind in kinds().values() if (kind.api_version, kind.kind) == (body["apiVersion"], body["kind"])
    )
    fields = frozenset(leaves(shape_of(kind), body))
    return with_managers(body, [Manager(MANAGER, APPLY, kind.api_version, "", fields, rfc3339(wall_now()))])


def check_room(address: str) -> None:
    """Raise Full when this address, or all visitors together, have as many clusters as they may."""
    theirs = Cluster.objects.exclude(owner="")
    if theirs.filter(address=address).count() >= limits.per_address():
        raise Full(
            f"{limits.per_address()} clusters were already made from your address. "
            f"One that nobody uses for {limits.UNUSED_HOURS} hours makes room for another."
        )
    if theirs.count() >= limits.in_all():
        raise Full(f"All {limits.in_all()} places are taken. Unused clusters make room within a day.")


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two visitors at once must not share the last place."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
