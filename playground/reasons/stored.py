"""The evidence of a stored cluster: its objects, and its log by object and by revision, each asked for once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clusters.kinds.body import Body, dig, uid_of
from clusters.models import Change, Cluster, KubeObject
from clusters.reconcile.clock import Time
from clusters.store import read
from playground.home.reading import Reading
from playground.reasons.evidence import Moment

NAMES = ("revision", "op", "resource", "namespace", "name", "actor", "cause", "why", "at", "body")
LAST = 240  # moments of one object that are read: of more, its beginning and its end


class StoredEvidence:
    """One cluster, for one request. `until`: as of this revision; None: now."""

    def __init__(self, cluster: Cluster, around: Reading, until: int | None = None) -> None:
        self._cluster, self._around = cluster, around
        self._log = Change.objects.filter(cluster=cluster)
        if until is not None:
            self._log = self._log.filter(revision__lte=until)
        self._stories: dict[str, Sequence[Moment]] = {}
        self._rare: dict[str, Sequence[Moment]] = {}
        self._moments: dict[int, Moment | None] = {}

    @property
    def now(self) -> Time:
        return self._around.now

    def get(self, resource: str, namespace: str, name: str) -> Body | None:
        return self._around.get(resource, namespace, name)

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]:
        return self._around.list(resource, namespace)

    def events(self, uid: str) -> Sequence[Body]:
        return [one for one in self._around.events(uid) if dig(one, "involvedObject.uid") == uid]

    def story(self, uid: str) -> Sequence[Moment]:
        if uid not in self._stories:
            found = self._log.filter(uid=uid)
            last = _moments(found.order_by("-revision")[:LAST])[::-1]
            first = _moments(found.order_by("revision")[:1]) if len(last) == LAST else []
            self._stories[uid] = [*(one for one in first if one.revision < last[0].revision), *last]
            self._moments |= {one.revision: one for one in self._stories[uid]}
        return self._stories[uid]

    def gone(self, resource: str, namespace: str, name: str) -> Moment | None:
        removed = self._log.filter(op="DELETED", resource=resource, namespace=namespace, name=name)
        return next(iter(_moments(removed.order_by("-revision")[:1])), None)

    def every(self, resource: str) -> Sequence[Moment]:
        if resource not in self._rare:
            self._rare[resource] = _moments(self._log.filter(resource=resource).order_by("-revision")[:LAST])[::-1]
        return self._rare[resource]

    def moment(self, revision: int) -> Moment | None:
        if revision not in self._moments:
            self._moments[revision] = next(iter(_moments(self._log.filter(revision=revision))), None)
        return self._moments[revision]

    def kept(self, resource: str, namespace: str, name: str) -> Moment | None:
        found = KubeObject.objects.filter(cluster=self._cluster, resource=resource, namespace=namespace, name=name)
        row = found.values_list("revision", "actor", "cause", "why", "body").first()
        if row is None:
            return None
        revision, actor, cause, why, body = row
        line = self.moment(revision)
        at = line.at if line else 0
        return Moment(revision, "MODIFIED", resource, namespace, name, actor, cause or 0, why, at, body)

    def last_line(self, pod: Body, container: str, restart: int) -> str:
        found = read.output(self._cluster.pk, uid_of(pod), container, restart)
        return found[-1][2].rstrip("\n") if found else ""


def _moments(rows: Any) -> list[Moment]:
    return [
        Moment(revision, op, resource, namespace, name, actor, cause or 0, why, at, body)
        for revision, op, resource, namespace, name, actor, cause, why, at, body in rows.values_list(*NAMES)
    ]
