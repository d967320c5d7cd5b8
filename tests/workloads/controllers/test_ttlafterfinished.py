"""A Job that is over goes after its time."""

from __future__ import annotations

from clusters.admission.apply import DELETED
from tests.sim import Sim, job


def test_a_finished_job_goes_with_its_pods_when_its_time_is_over() -> None:
    sim = Sim(nodes=1).apply(job("work", ttlSecondsAfterFinished=30)).settle()
    assert sim.find("jobs", "work") is not None

    sim.run(40)

    assert sim.find("jobs", "work") is None
    assert sim.list("pods", "default") == []
    gone = sim.log.last("jobs", DELETED)
    assert sim.log.all("jobs")[-2].why == "It ended 30 seconds ago."
    assert gone.actor == "garbage-collector-controller"


def test_a_failed_job_goes_too_and_one_that_runs_stays() -> None:
    sim = Sim(nodes=1).apply(job("bad", "exit 1", backoffLimit=0, ttlSecondsAfterFinished=0))
    sim.apply(job("long", "sleep 600", ttlSecondsAfterFinished=0)).run(30)

    assert sim.find("jobs", "bad") is None
    assert sim.find("jobs", "long") is not None


def test_without_a_time_it_stays() -> None:
    sim = Sim(nodes=1).apply(job("work")).run(10_000)

    assert sim.find("jobs", "work") is not None


def test_the_time_may_be_set_when_it_is_over() -> None:
    sim = Sim(nodes=1).apply(job("work")).run(100)

    sim.patch("jobs", "work", "spec.ttlSecondsAfterFinished", 10).settle()

    assert sim.find("jobs", "work") is None
