"""What keeps a cluster awake that nobody looks at."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from clusters.engine.driver import Driver
from clusters.engine.transaction import changing
from clusters.models import Cluster
from clusters.reconcile.writes import Create
from tests.clusters.engine.test_driver import cluster, drive, row

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]
__all__ = ["cluster"]


def test_requests_keep_a_cluster_awake_but_not_for_ever(cluster: Cluster) -> None:
    head = {"apiVersion": "podium.dev/v1", "kind": "Traffic", "metadata": {"name": "load", "namespace": "default"}}
    with changing(cluster.pk, "alice") as tx:
        tx.apply(Create("traffic", {**head, "spec": {"target": {"service": "web"}}}))
    drive(Driver(cluster.pk, "a"), most=60)

    Cluster.objects.filter(pk=cluster.pk).update(touched_at=Now() - timedelta(minutes=30))
    drive(Driver(cluster.pk, "b"), most=5)
    assert not row(cluster).asleep

    Cluster.objects.filter(pk=cluster.pk).update(touched_at=Now() - timedelta(hours=2))
    drive(Driver(cluster.pk, "c"), most=5)
    assert row(cluster).asleep
