"""The timeline of a cluster: how much changed when, and the marks. Read from the log, and on from where it was read."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping
from threading import Lock
from typing import Any

import psycopg

from clusters.kinds.body import Body
from clusters.models import Change, Cluster
from clusters.reconcile.clock import SECOND
from clusters.store.clock import cluster_now
from clusters.store.past import bounds
from clusters.store.pool import raw
from playground.timeline.frame import about
from playground.timeline.marks import MARKED, Mark, Marker
from playground.timeline.moment import Moment
from playground.timeline.sentences import RESOURCES

STEP = 5 * SECOND  # of cluster time; a bar of the timeline
MOST_BARS, MOST_MARKS = 1440, 400
MOST = 200  # clusters remembered

BARS = """SELECT at / %s, count(*), max(revision) FROM clusters_change
WHERE cluster_id = %s AND revision > %s AND revision <= %s AND resource = ANY(%s) GROUP BY 1 ORDER BY 1"""

_known: OrderedDict[int, tuple[Lock, History]] = OrderedDict()
_guard = Lock()


class History:
    """What this process has read of one cluster's log."""

    def __init__(self, floor: int) -> None:
        self.revision = floor
        self.bars: dict[int, tuple[int, int]] = {}  # by number of steps: how many changes, the last revision
        self.marks: deque[Mark] = deque(maxlen=MOST_MARKS)
        self._marker = Marker()

    def read(self, cluster: Cluster) -> None:
        """On to the cluster's revision."""
        with psycopg.Cursor(raw()) as cursor:
            values = (STEP, cluster.pk, self.revision, cluster.revision, list(RESOURCES))
            for step, count, last in cursor.execute(BARS.encode(), values).fetchall():
                self.bars[step] = (self.bars.get(step, (0, 0))[0] + count, last)
        while len(self.bars) > MOST_BARS:
            del self.bars[min(self.bars)]
        self._read_marks(cluster)
        self.revision = cluster.revision

    def _read_marks(self, cluster: Cluster) -> None:
        lines = Change.objects.filter(cluster=cluster, revision__gt=self.revision, revision__lte=cluster.revision)
        lines = lines.filter(resource__in=MARKED).exclude(resource="events", op__in=("MODIFIED", "DELETED"))
        rows = lines.order_by("revision").values_list("revision", "at", "op", "resource", "body")
        for revision, at, op, resource, body in rows.iterator(1000):
            found = self._marker.mark(revision, at, op, resource, body)
            if found is not None:
                if found.instead:
                    self._take_back(found)
                self.marks.append(found)

    def _take_back(self, mark: Mark) -> None:
        last = next((one for one in reversed(self.marks) if one.about == mark.about), None)
        if last is not None:
            self.marks.remove(last)


def told(cluster: Cluster, since: int) -> Mapping[str, Any]:
    """What is new after the revision `since`, for the page. Times in microseconds of cluster time."""
    lock, history = _of(cluster)
    with lock:
        if history.revision < cluster.revision:
            history.read(cluster)
        bars = [[step * STEP, count] for step, (count, last) in sorted(history.bars.items()) if last > since]
        marks = [_mark(mark) for mark in history.marks if mark.revision > since]
        moment = Moment(history.revision, cluster_now(cluster))
    return {**about(moment, bounds(cluster.pk), moment.at), "step": STEP, "bars": bars, "marks": marks}


def _mark(mark: Mark) -> Body:
    return {"revision": mark.revision, "at": mark.at, "sort": mark.sort, "words": mark.words, "about": mark.about}


def _of(cluster: Cluster) -> tuple[Lock, History]:
    with _guard:
        if cluster.pk not in _known:
            _known[cluster.pk] = (Lock(), History(cluster.floor))
        _known.move_to_end(cluster.pk)
        while len(_known) > MOST:
            _known.popitem(last=False)
        return _known[cluster.pk]
