"""A worker may die at any time: the next one goes on from what is stored."""

from __future__ import annotations

import pytest

from clusters.kernel import Request
from clusters.kinds.body import Body
from tests.sim import Sim, UserView, deployment, pod
from tests.workloads.kubelet.reading import container
from workloads.kubelet.containers import CONTAINERS


def busy(sim: Sim) -> Sim:
    probe = {"exec": {"command": ["cat", "/tmp/healthy"]}, "initialDelaySeconds": 5, "periodSeconds": 5}
    script = "touch /tmp/healthy; sleep 12; rm -f /tmp/healthy; sleep 600"
    sim.apply(deployment("web", 4, image="nginx:1.27"))
    sim.apply(pod("live", "busybox:1.37", command=["sh", "-c", script], livenessProbe=probe))
    sim.apply(pod("bad", "busybox:1.37", command=["sh", "-c", "sleep 1; exit 3"]))
    sim.apply(pod("typo", "ngnix"))
    return sim


def statuses(sim: Sim) -> list[tuple[str, Body]]:
    """What the API tells of every pod."""
    return [(body["metadata"]["name"], body["status"]) for body in sim.pods()]


def test_a_new_worker_writes_nothing_that_need_not_be() -> None:
    sim = busy(Sim(nodes=2)).run(30)
    seen = len(sim.log)

    sim.restart().run(0)

    assert [(e.actor, e.change.key) for e in sim.log[seen:]] == []


def test_nothing_changes_by_restarting_the_worker_every_second() -> None:
    calm, shaken = busy(Sim(nodes=2)), busy(Sim(nodes=2))

    calm.run(60)
    for _ in range(60):
        shaken.run(1)
        shaken.restart()

    assert statuses(shaken) == statuses(calm)


@pytest.mark.parametrize("slice_", [1, 7])
def test_what_happens_does_not_depend_on_where_batches_end(slice_: int) -> None:
    whole, cut = Sim(nodes=2), Sim(nodes=2)
    cut.slice = slice_

    busy(whole).run(30)
    busy(cut).run(30)

    assert statuses(cut) == statuses(whole)


def test_a_request_is_answered_by_the_process_that_listens() -> None:
    sim = Sim(nodes=1).apply(pod("web", "nginx:1.27")).settle()
    from clusters.reconcile.world import Due

    view = UserView(sim.loop, Due(sim.now, 0, 0))
    body = sim.get("pods", "web")

    answered = CONTAINERS.answer(view, body, Request("http", 80))
    refused = CONTAINERS.answer(view, body, Request("http", 81))
    sim.crash(body["spec"]["nodeName"]).run(1)
    silent = CONTAINERS.answer(view, body, Request("http", 80))

    assert (answered.ok, answered.status) == (True, 200)
    assert refused.reason == "connection refused"
    assert silent.reason == "no route to host"
    assert container(sim, "web")["restartCount"] == 0
