"""The picture's first frame as it would have been at a moment: the same rows, built from the log."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

import orjson

from clusters.kinds.body import Body, key_of, put
from clusters.models import Change, Cluster
from clusters.reconcile.clock import MINUTE, Time, rfc3339
from clusters.reconcile.timings import PROFILES
from clusters.store.clock import Clock, cluster_now, wall_now
from clusters.store.compaction import KEEP_LEASES
from clusters.store.past import Bounds, Place, bounds, lines_at, living_now, places_since
from clusters.store.snapshots import living_at
from playground.timeline.moment import Moment
from playground.topology.board import NODE_LEASES, RESOURCES, Board
from playground.topology.frames import snapshot
from playground.topology.live import board_of

MOST = 8  # clusters whose board is kept

_kept: OrderedDict[int, Kept] = OrderedDict()
_guard = Lock()


class Kept:
    """The board of the moment that was shown last: to a moment near it little has to be read."""

    def __init__(self, patience: int) -> None:
        self.lock = Lock()
        self.board = Board(patience)
        self._lines: dict[int, Place] = {}  # of whom each line that the board has tells

    def begin(self, cluster: Cluster) -> None:
        """With what the pages of this process show: most of it was so before."""
        shown = None if self._lines else board_of(cluster.pk)
        if shown is not None:
            self.board, until = shown
            unlike = dict.fromkeys(places_since(cluster.pk, until))
            for place in unlike:
                self.board.drop(*place)
            living = living_now(cluster.pk, RESOURCES)
            self._lines = {line: place for line, place in living if line <= until and place not in unlike}

    def go(self, cluster: Cluster, moment: Moment) -> None:
        living = living_at(cluster.pk, moment.revision, RESOURCES)
        wanted = dict.fromkeys(line for lines in living.values() for line in lines)
        let_go = dict.fromkeys(("sandboxes", *place) for place in self.board.machines.let_go(moment.at))
        for line in [known for known, of in self._lines.items() if known not in wanted or of[:3] in let_go]:
            self.board.drop(*self._lines.pop(line))
        for line, resource, text in lines_at(cluster.pk, [new for new in wanted if new not in self._lines], RESOURCES):
            self._put(line, resource, orjson.loads(text))
        beats = heard(cluster, moment)
        for name, lease in beats.items():
            self.board.put("leases", NODE_LEASES, name, lease)
        # what was put over a lease's own line is of this moment alone
        self._lines = {line: of for line, of in self._lines.items() if of[0] != "leases" or of[2] not in beats}
        self.board.revision = moment.revision
        self.board.measure(moment.at)

    def _put(self, line: int, resource: str, body: Body) -> None:
        key = key_of(body)
        self.board.put(resource, key.namespace, key.name, body)
        self._lines[line] = (resource, key.namespace, key.name, str(body["metadata"].get("uid", "")))


def frame_at(cluster: Cluster, moment: Moment) -> bytes:
    """A snapshot frame whose clock stands at the moment, with the moment and how far back one can look."""
    kept, wall = _of(cluster), wall_now()
    with kept.lock:
        kept.begin(cluster)
        kept.go(cluster, moment)
        # it does not go, and yet is not paused: nobody stopped it then
        text = snapshot(kept.board, Clock(wall, moment.at, 0.0, False), wall)
    told = orjson.dumps(dict(about(moment, bounds(cluster.pk), cluster_now(cluster))))
    return text[:-1] + b"," + told[1:]


def _of(cluster: Cluster) -> Kept:
    with _guard:
        if cluster.pk not in _kept:
            _kept[cluster.pk] = Kept(PROFILES[cluster.timings].monitor_grace)
        _kept.move_to_end(cluster.pk)
        while len(_kept) > MOST:
            _kept.popitem(last=False)
        return _kept[cluster.pk]


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
