"""A Sim as the reasons see a cluster."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body, Key, uid_of
from clusters.reconcile.batch import Entry
from clusters.reconcile.clock import Time
from playground.reasons.answer import Answer
from playground.reasons.evidence import Moment
from playground.reasons.questions import answers
from tests.sim import DELETED, Sim


class SimEvidence:
    """Everything that was written, by object and by revision. `forgets` the log up to a revision."""

    def __init__(self, sim: Sim, forgets: int = 0) -> None:
        self.now: Time = sim.now
        self._sim = sim
        self._moments: dict[int, Moment] = {}
        self._stories: dict[str, list[Moment]] = {}
        self._last: dict[tuple[str, str, str], Moment] = {}
        for entry in sim.log:
            moment = told(entry)
            self._last[moment.place] = moment
            if moment.revision > forgets:
                self._moments[moment.revision] = moment
                self._stories.setdefault(uid_of(moment.body), []).append(moment)

    def get(self, resource: str, namespace: str, name: str) -> Body | None:
        return self._sim.loop.objects.get(resource, Key(namespace, name))

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]:
        return self._sim.loop.objects.list(resource, namespace)

    def events(self, uid: str) -> Sequence[Body]:
        return [one for one in self.list("events") if one["involvedObject"].get("uid") == uid]

    def story(self, uid: str) -> Sequence[Moment]:
        return self._stories.get(uid, ())

    def gone(self, resource: str, namespace: str, name: str) -> Moment | None:
        place = (resource, namespace, name)
        removed = [moment for moment in self._moments.values() if moment.place == place and moment.op == DELETED]
        return removed[-1] if removed else None

    def every(self, resource: str) -> Sequence[Moment]:
        return [moment for moment in self._moments.values() if moment.resource == resource]

    def moment(self, revision: int) -> Moment | None:
        return self._moments.get(revision)

    def kept(self, resource: str, namespace: str, name: str) -> Moment | None:
        found = self._last.get((resource, namespace, name))
        return found if found and found.op != DELETED else None

    def last_line(self, pod: Body, container: str, restart: int) -> str:
        wanted = [
            one for one in self._sim.outputs if one.owner == pod["metadata"]["uid"] and one.container == container
        ]
        lines = [text for one in wanted if one.restart == restart for _, _, text in one.lines]
        return lines[-1].rstrip("\n") if lines else ""


def told(entry: Entry) -> Moment:
    change = entry.change
    body = change.new if change.new is not None else change.old
    assert body is not None
    place = (change.kind.plural, change.key.namespace, change.key.name)
    return Moment(entry.revision, change.op, *place, entry.actor, entry.cause, entry.why, entry.at, body)


def why(sim: Sim, resource: str, body: Body, slug: str = "", forgets: int = 0) -> Answer:
    """The answer to one question about this object; without a slug the most pressing."""
    found = answers(resource, body, SimEvidence(sim, forgets))
    chosen = [one for one in found if slug in ("", one.slug)]
    assert chosen, (slug, [one.slug for one in found])
    return chosen[0]


def lines(answer: Answer) -> list[str]:
    return [str(link) for link in answer.links]
