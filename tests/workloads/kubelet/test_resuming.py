"""A worker may die at any time: the next one goes on from what is stored."""

from __future__ import annotations

import pytest

from clusters.kernel import Request
from clusters.kinds.body import Body, put
from clusters.reconcile.writes import Update
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


def eventful(sim: Sim) -> Sim:
    """Everything that a kubelet does over time, in one small cluster."""
    heeds = "trap 'sleep 1; exit 0' TERM; while true; do sleep 1; done"
    side = {"name": "side", "image": "busybox:1.37", "restartPolicy": "Always", "command": ["sh", "-c", heeds],
            "startupProbe": {"exec": {"command": ["true"]}, "periodSeconds": 2}}  # fmt: skip
    setup = {"name": "setup", "image": "busybox:1.37", "command": ["sh", "-c", "sleep 3"]}
    hooks = {"postStart": {"exec": {"command": ["sleep", "2"]}}, "preStop": {"sleep": {"seconds": 3}}}
    spec = {"initContainers": [side, setup], "terminationGracePeriodSeconds": 8}
    sim.apply(pod("whole", "busybox:1.37", command=["sh", "-c", heeds], lifecycle=hooks, spec=spec))
    limits = {"limits": {"memory": "100Mi"}}
    args = ["--vm", "1", "--vm-bytes", "250M", "--vm-hang", "1"]
    sim.apply(pod("hungry", "polinux/stress", command=["stress"], args=args, resources=limits))
    policy = [{"resourceName": "memory", "restartPolicy": "RestartContainer"}]
    asks = {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "200m", "memory": "128Mi"}}
    sim.apply(pod("growing", "nginx:1.27", resources=asks, resizePolicy=policy))
    script = "while true; do seq 1 900 >> /cache/pile; sleep 2; done"
    cache = {"volumes": [{"name": "cache", "emptyDir": {"sizeLimit": "20Ki"}}], "terminationGracePeriodSeconds": 3}
    mounts = [{"name": "cache", "mountPath": "/cache"}]
    sim.apply(pod("hoarder", "busybox:1.37", command=["sh", "-c", script], volumeMounts=mounts, spec=cache))
    return sim


def meddle(sim: Sim, second: int) -> None:
    """What people do meanwhile."""
    if second == 12:
        body = sim.get("pods", "growing")
        grown = {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"cpu": "300m", "memory": "256Mi"}}
        containers = [{**body["spec"]["containers"][0], "resources": grown}]
        sim.write(Update("pods", put(body, "spec.containers", containers), subresource="resize"))
    if second == 15:
        debugger = {"name": "debugger", "image": "busybox:1.37", "command": ["sh", "-c", "sleep 10; exit 4"]}
        body = put(sim.get("pods", "whole"), "spec.ephemeralContainers", [debugger])
        sim.write(Update("pods", body, subresource="ephemeralcontainers"))
    if second == 32:
        sim.delete("pods", "whole")


@pytest.mark.parametrize("parts", [2, 4])
def test_no_moment_is_a_bad_one_for_a_new_worker(parts: int) -> None:
    calm, shaken = eventful(Sim(nodes=2)), eventful(Sim(nodes=2))

    for second in range(45):
        for sim in (calm, shaken):
            meddle(sim, second)
        calm.run(1)
        for _ in range(parts):
            shaken.run(1 / parts).restart()
        assert statuses(shaken) == statuses(calm), second

    assert shaken.find("pods", "whole") is None
    assert container(shaken, "growing")["restartCount"] == 1
    assert shaken.get("pods", "hoarder")["status"]["reason"] == "Evicted"


@pytest.mark.parametrize("slice_", [2])
def test_an_eventful_life_does_not_depend_on_where_batches_end(slice_: int) -> None:
    whole, cut = Sim(nodes=2), Sim(nodes=2)
    cut.slice = slice_
    eventful(whole)
    eventful(cut)

    for second in range(40):
        for sim in (whole, cut):
            meddle(sim, second)
            sim.run(1)

    assert statuses(cut) == statuses(whole)
