"""The tellers of this process: one a cluster that somebody reads, caught up from the log when asked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import fields
from threading import Lock

from clusters.models import Change, Cluster
from playground.timeline.line import Line
from playground.timeline.sentences import RESOURCES
from playground.timeline.teller import Entry, Teller

MOST = 200  # clusters remembered
BATCH = 2000
BACK = 8000  # so far back in the log a new teller begins

_tellers: OrderedDict[int, tuple[Lock, Teller]] = OrderedDict()
_guard = Lock()


def lines(cluster: Cluster, most: int) -> Sequence[Line]:
    """What happened, newest first."""
    lock, teller = of(cluster)
    with lock:
        catch_up(cluster, teller)
        return teller.lines(most)


def of(cluster: Cluster) -> tuple[Lock, Teller]:
    with _guard:
        if cluster.pk not in _tellers:
            _tellers[cluster.pk] = (Lock(), Teller(max(cluster.floor, cluster.revision - BACK)))
        _tellers.move_to_end(cluster.pk)
        while len(_tellers) > MOST:
            _tellers.popitem(last=False)
        return _tellers[cluster.pk]


def catch_up(cluster: Cluster, teller: Teller) -> None:
    """Read on to the log's end; only what has sentences. Lines that were compacted meanwhile stay untold."""
    found = Change.objects.filter(cluster=cluster, revision__gt=teller.revision, resource__in=RESOURCES)
    rows = found.order_by("revision").values_list(*(field.name for field in fields(Entry)))
    teller.hear(Entry(*row) for row in rows.iterator(BATCH))
