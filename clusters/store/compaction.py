"""What the log and the outputs may forget (etcd: compaction; kubelet: log rotation)."""

from __future__ import annotations

import orjson
from django.db import connection

from clusters.models import Cluster
from clusters.reconcile.clock import MINUTE
from clusters.store import blobs, snapshots
from clusters.store.clock import cluster_now, wall_now

# cluster time; a scrub reaches back 30 minutes, so the log is cut well behind that
KEEP_LOG, KEEP_LEASES = 60 * MINUTE, 5 * MINUTE
KEEP_CONTAINER, KEEP_CLUSTER = 10 << 20, 200 << 20  # bytes of output
AT_ONCE, PORTIONS = 5000, 10  # lines removed in one transaction, so that no commit waits long; and how often in a round

# each lease's last line of a minute stays: a machine that fell silent is told by the last thing that it said
LEASES = """DELETE FROM clusters_change c USING (
  SELECT revision, at / %(minute)s AS own,
    lead(at / %(minute)s) OVER (PARTITION BY namespace, name ORDER BY revision) AS next FROM clusters_change
  WHERE cluster_id = %(cluster)s AND resource = 'leases' AND at < %(before)s
) old WHERE c.cluster_id = %(cluster)s AND c.revision = old.revision AND old.own = old.next"""
FLOOR = """SELECT revision, living::text FROM clusters_moment WHERE cluster_id = %s AND at <= %s
ORDER BY revision DESC LIMIT 1"""
RAISE = "UPDATE clusters_cluster SET floor = %s WHERE id = %s AND floor < %s"
# what the floor's snapshot names stays, as etcd keeps each key's last value
CUT = """DELETE FROM clusters_change WHERE cluster_id = %s AND revision IN (SELECT revision FROM clusters_change
WHERE cluster_id = %s AND revision <= %s AND revision <> ALL(%s) ORDER BY revision LIMIT %s)"""
EARLIER = "DELETE FROM clusters_moment WHERE cluster_id = %s AND revision < %s"
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
    snapshots.take(cluster.pk, now)
    with connection.cursor() as cursor:
        cursor.execute(LEASES, {"cluster": cluster.pk, "before": now - KEEP_LEASES, "minute": MINUTE})
        cursor.execute(FLOOR, [cluster.pk, now - KEEP_LOG])
        found = cursor.fetchone()
        if found is not None:
            _cut(cluster, found[0], orjson.loads(found[1]))
        cursor.execute(ORPHANS, [cluster.pk])
        cursor.execute(LONG, [cluster.pk, KEEP_CONTAINER, KEEP_CLUSTER])
    blobs.sweep(cluster, found[0] if found else cluster.floor)


def _cut(cluster: Cluster, floor: int, living: snapshots.Living) -> None:
    """First the floor, then the lines: a reader in between is told "gone" instead of missing some."""
    named = [line for lines in living.values() for line in lines]
    with connection.cursor() as cursor:
        cursor.execute(RAISE, [floor, cluster.pk, floor])
        for _ in range(PORTIONS):
            cursor.execute(CUT, [cluster.pk, cluster.pk, floor, named, AT_ONCE])
            if cursor.rowcount < AT_ONCE:
                break
        cursor.execute(EARLIER, [cluster.pk, floor])
