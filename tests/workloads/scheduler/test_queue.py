"""Who is next: the order of the queue, back-off and the last resort (Kubernetes: kube-scheduler's queue)."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body, Key
from clusters.reconcile.clock import MINUTE, SECOND, rfc3339
from tests.sim import BEGIN, Sim, pod
from workloads.scheduler.framework import NODE_ADDED, POD_GONE
from workloads.scheduler.plugins.prioritysort import PrioritySort
from workloads.scheduler.queue import Queue

PAUSE = "registry.k8s.io/pause:3.10"


def waiting(name: str, priority: int = 0, made: int = BEGIN) -> Body:
    metadata = {"name": name, "namespace": "default", "uid": name, "creationTimestamp": rfc3339(made)}
    return {"metadata": metadata, "spec": {"priority": priority}}


def told(name: str, times: int, at: int) -> Body:
    about = {"uid": name}
    metadata = {"name": f"{name}.1", "namespace": "default"}
    return {
        "metadata": metadata, "involvedObject": about, "reason": "FailedScheduling",
        "count": times, "lastTimestamp": rfc3339(at),
    }  # fmt: skip


def filled(*pods: Body) -> Queue:
    queue = Queue(PrioritySort().rank)
    for one in pods:
        queue.offer(one)
    return queue


def popped(queue: Queue, now: int = BEGIN) -> list[str]:
    found = []
    while (chosen := queue.pop(now)) is not None:
        found.append(chosen.key.name)
    return found


def refuse(queue: Queue, body: Body, at: int, times: int = 1, kin: bytes = b"") -> None:
    queue.attempts.changed(told(body["metadata"]["uid"], times, at), None)
    queue.wait(body, kin or body["metadata"]["name"].encode(), frozenset([POD_GONE]), "no", at)


def test_the_more_important_pod_is_first() -> None:
    assert popped(filled(waiting("a"), waiting("b", 10), waiting("c", 5))) == ["b", "c", "a"]


def test_of_equally_important_pods_the_older_is_first() -> None:
    assert popped(filled(waiting("a", made=BEGIN - SECOND), waiting("b", made=BEGIN - MINUTE))) == ["b", "a"]


def test_a_refused_pod_is_asked_about_only_when_something_helps() -> None:
    queue = filled(waiting("a"))
    queue.pop(BEGIN)
    refuse(queue, waiting("a"), BEGIN)

    queue.stir([NODE_ADDED], None)
    assert popped(queue, BEGIN + MINUTE) == []

    queue.stir([POD_GONE], None)
    assert popped(queue, BEGIN + MINUTE) == ["a"]


def test_back_off_doubles_from_one_second_to_ten() -> None:
    waits = []
    for times in range(1, 7):
        queue = filled()
        refuse(queue, waiting("a"), BEGIN, times)
        queue.stir([POD_GONE], None)
        waits.append(((queue.next_due(BEGIN) or 0) - BEGIN) // SECOND)

    assert waits == [1, 2, 4, 8, 10, 10]


def test_after_five_minutes_a_refused_pod_is_tried_anyway() -> None:
    queue = filled()
    refuse(queue, waiting("a"), BEGIN)

    assert queue.next_due(BEGIN) == BEGIN + 5 * MINUTE
    chosen = queue.pop(BEGIN + 5 * MINUTE)
    assert chosen is not None
    assert chosen.is_flushed


def test_of_pods_that_are_alike_one_is_tried_at_a_time() -> None:
    queue = filled()
    for name in "abc":
        refuse(queue, waiting(name), BEGIN, kin=b"same")

    queue.stir([POD_GONE], None)
    assert popped(queue, BEGIN + MINUTE) == ["a"]

    queue.next_of(b"same", None)
    assert popped(queue, BEGIN + MINUTE) == ["b"]


def test_a_pod_that_is_gone_is_not_in_the_queue() -> None:
    queue = filled(waiting("a"), waiting("b"))
    refuse(queue, waiting("c"), BEGIN)

    for name in "ac":
        queue.drop(Key("default", name))

    assert popped(queue, BEGIN + 6 * MINUTE) == ["b"]


def asking(name: str, cpu: str, **spec: Any) -> Body:
    return pod(name, PAUSE, resources={"requests": {"cpu": cpu}}, spec=spec)


def test_a_pod_that_still_fits_nowhere_says_so_again_after_five_minutes() -> None:
    sim = Sim(nodes=2).apply(asking("big", "30")).settle()

    sim.run(290)
    assert sim.events("FailedScheduling", "big")[0]["count"] == 1

    sim.run(30)
    assert sim.events("FailedScheduling", "big")[0]["count"] == 2


def test_a_worker_that_takes_over_keeps_the_back_off() -> None:
    sim = Sim(nodes=1).apply(asking("first", "3")).settle().apply(asking("late", "3")).run(0.2)
    sim.delete("pods", "first", grace=0).run(0.1).restart().run(0.1)
    assert not sim.get("pods", "late")["spec"].get("nodeName")

    sim.settle(quiet=12)

    assert sim.get("pods", "late")["spec"]["nodeName"] == "worker-1"


def test_a_batch_that_was_refused_is_scheduled_again() -> None:
    sim = Sim(nodes=1).apply(asking("web", "1"), asking("big", "30"))
    until = sim.now + SECOND

    sim.loop.run(until, lambda written: False)
    sim.loop.undo()
    assert not sim.get("pods", "web")["spec"].get("nodeName")
    sim.settle()

    assert sim.get("pods", "web")["spec"]["nodeName"] == "worker-1"
    assert [one["count"] for one in sim.events("FailedScheduling", "big")] == [1]


def test_pods_of_one_batch_are_bound_by_priority() -> None:
    urgent = {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "urgent"}, "value": 9}
    sim = Sim(nodes=2).apply(urgent)

    sim.apply(asking("a", "1"), asking("b", "1"), asking("c", "1", priorityClassName="urgent")).settle()

    bound = [
        e.change.key.name
        for e in sim.log.all("pods")
        if e.actor == "default-scheduler" and e.change.new["spec"].get("nodeName")
    ]
    assert bound[0] == "c"
