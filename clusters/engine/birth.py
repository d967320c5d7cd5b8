"""Making a cluster, starting it over from its first snapshot, and taking it away."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction

from clusters.engine.addons import addons
from clusters.engine.genesis import first_writes
from clusters.engine.transaction import Transaction, changing
from clusters.kinds.body import Body, dig
from clusters.kinds.problem import Status
from clusters.models import Cluster, Snapshot
from clusters.reconcile.timings import PROFILES
from clusters.reconcile.writes import Create
from clusters.store.announce import wake
from clusters.store.clock import wall_now
from clusters.store.read import listing

BOOTSTRAP = "system:bootstrap"
LETTERS = "bcdfghjkmnpqrstvwxz23456789"
MOST_NODES = 1000
TABLES = (
    "clusters_blob",
    "clusters_blobuse",
    "clusters_moment",
    "clusters_output",
    "clusters_token",
    "clusters_snapshot",
    "clusters_change",
    "clusters_kubeobject",
)


def create_cluster(
    name: str,
    nodes: int = 3,
    timings: str = "classroom",
    speed: float = 1.0,
    limits: Mapping[str, int] | None = None,
    manifests: Sequence[Body] = (),
    **fields: Any,
) -> Cluster:
    """A new cluster with a control plane, `nodes` workers and the manifests' objects.

    `fields`: owner, address, pinned. Raises ValueError for bad arguments, Status where a manifest is refused.
    """
    if timings not in PROFILES:
        raise ValueError(f"timings must be one of {', '.join(sorted(PROFILES))}")
    if not 0 <= nodes <= MOST_NODES:
        raise ValueError(f"nodes must be from 0 to {MOST_NODES}")
    wall = wall_now()
    with transaction.atomic():
        cluster = Cluster.objects.create(
            name=name,
            slug="".join(secrets.choice(LETTERS) for _ in range(10)),
            secret=secrets.token_urlsafe(24),
            seed=secrets.token_hex(8),
            timings=timings,
            limits=dict(limits or {}),
            speed=speed,
            anchor_wall=wall,
            anchor_cluster=wall,
            **fields,
        )
        Snapshot.objects.create(cluster=cluster, writes={"nodes": nodes, "manifests": list(manifests)})
    with changing(cluster.pk, BOOTSTRAP) as tx:
        _begin(tx, nodes, manifests)
    return cluster


def start_over(cluster: Cluster, actor: str = BOOTSTRAP) -> None:
    """Everything as it was when the cluster was made. Revisions go on counting: it is a write like any other."""
    first = Snapshot.objects.get(cluster=cluster).writes
    with changing(cluster.pk, actor) as tx:
        tx.clear()
        _begin(tx, first["nodes"], first["manifests"])


def delete_cluster(cluster: Cluster) -> None:
    """Gone with its objects, log and links."""
    with transaction.atomic(), connection.cursor() as cursor:
        Cluster.objects.select_for_update().filter(pk=cluster.pk).first()
        for table in TABLES:
            cursor.execute(f"DELETE FROM {table} WHERE cluster_id = %s", [cluster.pk])
        cursor.execute("DELETE FROM clusters_cluster WHERE id = %s", [cluster.pk])


def wait_until_ready(cluster: Cluster, seconds: float = 30, pause: Callable[[float], None] = time.sleep) -> bool:
    """Whether all its nodes became Ready within so many seconds of wall time."""
    wanted = Snapshot.objects.get(cluster=cluster).writes["nodes"] + 1
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready_nodes(cluster) >= wanted:
            return True
        wake(cluster.pk)
        pause(0.02)
    return False


def ready_nodes(cluster: Cluster) -> int:
    """How many of its nodes are Ready."""
    nodes = [orjson.loads(row.body) for row in listing(cluster.pk, "nodes").rows]
    return sum(any(c["type"] == "Ready" and c["status"] == "True" for c in _conditions(node)) for node in nodes)


def _conditions(node: Body) -> Sequence[Body]:
    found: Sequence[Body] = dig(node, "status.conditions") or ()
    return found


def _begin(tx: Transaction, nodes: int, manifests: Sequence[Body]) -> None:
    for write in [*first_writes(nodes, _authority()), *addons(), *(_creation(tx, body) for body in manifests)]:
        answer = tx.apply(write)
        if isinstance(answer, Status):
            raise answer


def _authority() -> str:
    """Podium's certificate authority; a Podium that has none yet serves no API either."""
    found: Path = settings.PODIUM.home / "pki" / "ca.crt"
    return found.read_text() if found.exists() else ""


def _creation(tx: Transaction, body: Body) -> Create:
    kind = next(k for k in tx.kinds.values() if (k.api_version, k.kind) == (body["apiVersion"], body["kind"]))
    if kind.namespaced and not dig(body, "metadata.namespace"):
        body = {**body, "metadata": {**body["metadata"], "namespace": "default"}}
    return Create(kind.plural, body)
