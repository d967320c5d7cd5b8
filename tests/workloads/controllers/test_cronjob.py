"""What the documentation says of CronJobs, statement by statement."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, annotations_of, controller_of, dig, labels_of, owner_reference, put
from tests.sim import Sim, job
from workloads.kinds.job import JOB


@pytest.fixture
def sim() -> Sim:
    """It begins at nine o'clock sharp."""
    return Sim(nodes=2)


def cronjob(script: str = "exit 0", schedule: str = "* * * * *", job_spec: Body | None = None, **spec: Any) -> Body:
    template = {"metadata": {"labels": {"of": "tick"}}, "spec": {**job("tick", script)["spec"], **(job_spec or {})}}
    body = {"apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "tick"}}
    return {**body, "spec": {"schedule": schedule, "jobTemplate": template, **spec}}


def jobs(sim: Sim) -> list[str]:
    return [one["metadata"]["name"] for one in sim.list("jobs")]


def status(sim: Sim) -> Body:
    found: Body = sim.get("cronjobs", "tick")["status"]
    return found


def reasons(sim: Sim) -> list[str]:
    return [event["reason"] for event in sim.events(about="tick")]


def test_a_job_is_made_when_the_schedule_says_so(sim: Sim) -> None:
    sim.apply(cronjob()).run(50)
    assert jobs(sim) == []

    sim.run(20)

    (made,) = sim.list("jobs")
    assert made["metadata"]["name"] == "tick-29460061"
    assert annotations_of(made)["batch.kubernetes.io/cronjob-scheduled-timestamp"] == "2026-01-05T09:01:00Z"
    assert labels_of(made)["of"] == "tick"
    assert (controller_of(made) or {})["kind"] == "CronJob"
    assert status(sim)["lastScheduleTime"] == "2026-01-05T09:01:00Z"


def test_it_says_what_it_made_and_what_it_saw_end(sim: Sim) -> None:
    sim.apply(cronjob()).run(70)

    said = [(event["reason"], event["message"]) for event in sim.events(about="tick")]
    assert said == [
        ("SuccessfulCreate", "Created job tick-29460061"),
        ("SawCompletedJob", "Saw completed job: tick-29460061, condition: Complete"),
    ]
    assert status(sim)["lastSuccessfulTime"].startswith("2026-01-05T09:01:0")


def test_what_runs_is_listed_as_active(sim: Sim) -> None:
    sim.apply(cronjob("sleep 600")).run(70)

    (reference,) = status(sim)["active"]
    assert (reference["kind"], reference["name"], reference["apiVersion"]) == ("Job", "tick-29460061", "batch/v1")


def test_three_successes_and_one_failure_are_kept(sim: Sim) -> None:
    sim.apply(cronjob()).run(345)

    assert jobs(sim) == ["tick-29460063", "tick-29460064", "tick-29460065"]
    assert len(sim.list("pods", "default")) == 3
    assert "SuccessfulDelete" in reasons(sim)


def test_of_failures_one_is_kept(sim: Sim) -> None:
    sim.apply(cronjob("exit 1", job_spec={"backoffLimit": 0})).run(4 * 60)

    assert len(jobs(sim)) == 1


def test_a_history_limit_of_zero_keeps_nothing(sim: Sim) -> None:
    sim.apply(cronjob(successfulJobsHistoryLimit=0)).run(100)

    assert jobs(sim) == []


def test_allow_lets_jobs_run_at_the_same_time(sim: Sim) -> None:
    sim.apply(cronjob("sleep 600")).run(3 * 60 + 5)

    assert len(status(sim)["active"]) == 3


def test_forbid_skips_a_time_while_the_last_job_runs(sim: Sim) -> None:
    sim.apply(cronjob("sleep 150", concurrencyPolicy="Forbid")).run(3 * 60 + 5)

    assert jobs(sim) == ["tick-29460061"]
    (skipped,) = sim.events("JobAlreadyActive", "tick")
    assert skipped["message"] == (
        "Not starting job because prior execution is running and concurrency policy is Forbid"
    )


def test_forbid_makes_up_for_the_time_when_the_last_job_ends(sim: Sim) -> None:
    sim.apply(cronjob("sleep 90", concurrencyPolicy="Forbid")).run(165)

    assert jobs(sim) == ["tick-29460061", "tick-29460062"]
    assert status(sim)["lastScheduleTime"] == "2026-01-05T09:02:00Z"


def test_replace_ends_the_last_job(sim: Sim) -> None:
    sim.apply(cronjob("sleep 600", concurrencyPolicy="Replace")).run(2 * 60 + 5)

    assert jobs(sim) == ["tick-29460062"]
    assert sim.events("SuccessfulDelete", "tick")[0]["message"] == "Deleted job tick-29460061"
    assert [one["name"] for one in status(sim)["active"]] == ["tick-29460062"]


def test_a_suspended_cronjob_makes_nothing(sim: Sim) -> None:
    sim.apply(cronjob(suspend=True)).run(200)

    assert jobs(sim) == []


def test_a_time_that_passed_while_it_was_suspended_is_made_up_for(sim: Sim) -> None:
    sim.apply(cronjob(suspend=True, schedule="0 * * * *")).run(3700)

    sim.patch("cronjobs", "tick", "spec.suspend", False).run(5)

    assert jobs(sim) == ["tick-29460120"]


def test_after_its_starting_deadline_a_time_is_lost(sim: Sim) -> None:
    sim.apply(cronjob(suspend=True, schedule="0 * * * *", startingDeadlineSeconds=60)).run(3700)

    sim.patch("cronjobs", "tick", "spec.suspend", False).run(5)

    assert jobs(sim) == []


def test_a_controller_that_was_down_starts_only_the_last_of_what_it_missed(sim: Sim) -> None:
    sim.apply(cronjob())
    sim.crash("control-plane").run(5 * 60)
    assert jobs(sim) == []

    sim.delete("faults", "crash-control-plane").run(30)

    assert len(jobs(sim)) == 1
    assert "TooManyMissedTimes" not in reasons(sim)


def test_more_than_a_hundred_missed_times_are_told(sim: Sim) -> None:
    sim.apply(cronjob(suspend=True)).run(102 * 60)

    sim.patch("cronjobs", "tick", "spec.suspend", False).run(5)

    (told,) = sim.events("TooManyMissedTimes", "tick")
    assert told["message"].startswith("too many missed start times. Set or decrease .spec.startingDeadlineSeconds")


def test_a_time_zone_decides_what_nine_oclock_is(sim: Sim) -> None:
    sim.apply(cronjob(schedule="30 4 * * *", timeZone="America/New_York")).run(1900)

    (made,) = sim.list("jobs")
    stamp = annotations_of(made)["batch.kubernetes.io/cronjob-scheduled-timestamp"]
    assert stamp == "2026-01-05T04:30:00-05:00"


def test_a_job_made_by_hand_from_it_is_seen(sim: Sim) -> None:
    sim.apply(cronjob(schedule="0 0 1 1 *")).run(1)
    owner = sim.get("cronjobs", "tick")
    by_hand = put(job("by-hand"), "metadata.ownerReferences", [owner_reference(owner)])

    sim.apply(by_hand).settle()

    (told,) = sim.events("UnexpectedJob", "tick")
    assert told["message"] == "Saw a job that the controller did not create or forgot: by-hand"


def test_a_job_that_was_deleted_is_missed(sim: Sim) -> None:
    sim.apply(cronjob("sleep 600")).run(70)

    sim.delete("jobs", "tick-29460061", propagation="Background").run(2)

    assert "active" not in status(sim)
    assert sim.events("MissingJob", "tick")[0]["message"] == "Active job went missing: tick-29460061"


def test_a_deleted_cronjob_takes_its_jobs_and_pods_along(sim: Sim) -> None:
    sim.apply(cronjob("sleep 600")).run(70)

    sim.delete("cronjobs", "tick").settle(quiet=35)

    assert jobs(sim) == []
    assert sim.list("pods", "default") == []


def test_restarts_make_no_job_twice(sim: Sim) -> None:
    sim.apply(cronjob()).run(59)

    for _ in range(5):
        sim.restart().run(1)

    assert jobs(sim) == ["tick-29460061"]
    assert [JOB.word(one) for one in sim.list("jobs")] == ["Complete"]
    assert dig(sim.get("cronjobs", "tick"), "status.active") is None
