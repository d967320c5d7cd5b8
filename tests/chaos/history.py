"""What the log of a real cluster says, read straight from Postgres: the promises of the store and the engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import psycopg

from clusters.kinds.body import Body, dig, labels_of
from tests.podium import Podium


@dataclass(frozen=True)
class Line:
    revision: int
    op: str
    resource: str
    namespace: str
    name: str
    uid: str
    body: Body
    actor: str
    cause: int | None


def history(podium: Podium, cluster: str) -> list[Line]:
    """Every line of the cluster's log."""
    statement = """SELECT revision, op, resource, namespace, name, uid, body, actor, cause FROM clusters_change
    WHERE cluster_id = (SELECT id FROM clusters_cluster WHERE name = %s) ORDER BY revision"""
    with psycopg.connect(podium.database_url) as connection:
        return [Line(*row) for row in connection.execute(statement, (cluster,)).fetchall()]


def missing_revisions(lines: list[Line]) -> list[int]:
    """Gaps, and revisions that stand twice (which the table's key forbids)."""
    found = [line.revision for line in lines]
    return sorted(set(range(1, max(found) + 1)) - set(found))


def most_active_pods(lines: list[Line], app: str) -> int:
    """The greatest number of pods with this label that existed at once and were not on their way out."""
    alive: set[str] = set()
    most = 0
    for line in lines:
        if line.resource != "pods" or labels_of(line.body).get("app") != app:
            continue
        if line.op == "DELETED" or line.body["metadata"].get("deletionTimestamp"):
            alive.discard(line.uid)
        else:
            alive.add(line.uid)
        most = max(most, len(alive))
    return most


def restarts(lines: list[Line], app: str) -> int:
    """The greatest restartCount that any container of these pods ever had."""
    pods = [line.body for line in lines if line.resource == "pods" and labels_of(line.body).get("app") == app]
    statuses = [status for pod in pods for status in dig(pod, "status.containerStatuses") or ()]
    return max((status["restartCount"] for status in statuses), default=0)


def started_twice(lines: list[Line]) -> list[str]:
    """Pods for which the log says more than once that they were scheduled, or one container created or started."""
    told: Counter[tuple[Any, ...]] = Counter()
    last: dict[str, Body] = {line.name: line.body for line in lines if line.resource == "events"}
    for event in last.values():
        if event["reason"] in ("Scheduled", "Created", "Started"):
            about = event["involvedObject"]
            told[about["uid"], about.get("fieldPath"), event["reason"]] += event["count"]
    return [str(place) for place, count in told.items() if count > 1]
