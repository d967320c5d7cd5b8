"""What the log and the outputs may forget (etcd: compaction; kubelet: log rotation)."""

from __future__ import annotations

from django.db import connection

from clusters.models import Cluster
from clusters.reconcile.clock import MINUTE
from clusters.store import blobs
from clusters.store.clock import cluster_now, wall_now

# cluster time; a scrub reaches back 30 minutes, so the log is cut well behind that
KEEP_LOG, KEEP_LEASES = 60 * MINUTE, 5 * MINUTE
KEEP_CONTAINER, KEEP_CLUSTER = 10 << 20, 200 << 20  # bytes of output
AT_ONCE = 5000  # lines removed in one transaction, so that no commit waits long

LEASES = "DELETE FROM clusters_change WHERE cluster_id = %s AND resource = 'leases' AND at < %s"
FLOOR = """SELECT max(revision) FROM (SELECT revision, at FROM clusters_change WHERE cluster_id = %s
ORDER BY revision LIMIT %s) oldest WHERE at < %s"""
RAISE = "UPDATE clusters_cluster SET floor = %s WHERE id = %s AND floor < %s"
CUT = "DELETE FROM clusters_change WHERE cluster_id = %s AND revision <= %s"
ORPHANS = """DELETE FROM clusters_output t WHERE cluster_id = %s AND NOT EXISTS
(SELECT 1 FROM clusters_kubeobject o WHERE o.cluster_id = t.cluster_id AND o.resource = 'pods' AND o.uid = t.owner)"""
LONG = """DELETE FROM clusters_output WHERE id IN (SELECT id FROM (
SELECT id, sum(size) OVER (PARTITION BY owner, container, restart ORDER BY id DESC) AS own,
sum(size) OVER (ORDER BY id DESC) AS whole FROM clusters_output WHERE cluster_id = %s) AS sums
WHERE own > %s OR whole > %s)"""


def compact_some() -> None:
    """Every cluster that the engine had in the last minutes: the others have not grown."""
    for cluster in Cluster.objects.filter(driven_at__gt=wall_now() - 5 * MINUTE):
        compact(cluster)


def compact(cluster: Cluster) -> None:
    """Forget old lease renewals, the log beyond its floor, and output that is too much or nobody's."""
    now = cluster_now(cluster)
    with connection.cursor() as cursor:
        cursor.execute(LEASES, [cluster.pk, now - KEEP_LEASES])
        cursor.execute(FLOOR, [cluster.pk, AT_ONCE, now - KEEP_LOG])
        floor = cursor.fetchone()[0]
        if floor is not None:
            # first the floor, then the lines: a reader in between is told "gone" instead of missing some
            cursor.execute(RAISE, [floor, cluster.pk, floor])
            cursor.execute(CUT, [cluster.pk, floor])
        cursor.execute(ORPHANS, [cluster.pk])
        cursor.execute(LONG, [cluster.pk, KEEP_CONTAINER, KEEP_CLUSTER])
    blobs.sweep(cluster, floor or cluster.floor)
