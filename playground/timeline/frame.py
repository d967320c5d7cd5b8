"""The picture's first frame as it would have been at a moment: the same rows, built from the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from clusters.kinds.body import Body, key_of, put
from clusters.models import Change, Cluster
from clusters.reconcile.clock import MINUTE, Time, rfc3339
from clusters.reconcile.timings import PROFILES
from clusters.store.clock import Clock, cluster_now, wall_now
from clusters.store.compaction import KEEP_LEASES
from clusters.store.past import Bounds, bounds, objects_at
from playground.timeline.moment import Moment
from playground.topology.frames import NODE_LEASES, RESOURCES, Board, snapshot


def frame_at(cluster: Cluster, moment: Moment) -> bytes:
    """A snapshot frame whose clock stands at the moment, with the moment and how far back one can look."""
    past = objects_at(cluster.pk, moment.revision, RESOURCES, inflate=False)
    board = Board(PROFILES[cluster.timings].monitor_grace)
    for resource, bodies in past.objects.items():
        for body in bodies:
            board.put(resource, key_of(body).namespace, key_of(body).name, body)
    for name, lease in heard(cluster, moment).items():
        board.put("leases", NODE_LEASES, name, lease)
    board.revision = moment.revision
    board.measure(moment.at)
    wall = wall_now()
    # it does not go, and yet is not paused: nobody stopped it then
    frame: dict[str, Any] = orjson.loads(snapshot(board, Clock(wall, moment.at, 0.0, False), wall))
    return orjson.dumps(frame | dict(about(moment, bounds(cluster.pk), cluster_now(cluster))))


def about(moment: Moment, limits: Bounds, now: Time) -> Mapping[str, int]:
    """Beside the frame; times in microseconds."""
    since = now if limits.since is None else limits.since
    return {"at": moment.at, "revision": moment.revision, "floor": limits.floor, "since": since, "now": now}


def heard(cluster: Cluster, moment: Moment) -> dict[str, Body]:
    """Of old renewals each minute's last is kept: whoever was heard again within the minute had not fallen silent."""
    if moment.at > cluster_now(cluster) - KEEP_LEASES:
        return {}
    lines = Change.objects.filter(cluster=cluster, resource="leases", namespace=NODE_LEASES)
    soon = lines.filter(at__gt=moment.at, at__lte=moment.at + MINUTE).exclude(op="DELETED").order_by("-revision")
    found = dict(soon.values_list("name", "body"))
    return {name: put(lease, "spec.renewTime", rfc3339(moment.at)) for name, lease in found.items()}
