"""Jobs and CronJobs as the API server fills them in, judges and shows them."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.apiserver.decoding import check
from clusters.kinds.body import Body, put
from tests.clusters.kinds.desk import cells, filled, wrongs
from workloads.kinds.cronjob import CRONJOB
from workloads.kinds.job import JOB
from workloads.kinds.jobspec.indexes import NotIndexes, known, parsed, shown

POD: Body = {"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "busybox"}]}}


def job(**spec: Any) -> Body:
    return {"spec": {"template": POD, **spec}}


def cronjob(**spec: Any) -> Body:
    return {"spec": {"schedule": "*/5 * * * *", "jobTemplate": {"spec": {"template": POD}}, **spec}}


def test_a_job_runs_one_pod_once_and_six_times_again() -> None:
    spec = filled(JOB, job())["spec"]

    names = ("completions", "parallelism", "backoffLimit", "completionMode", "suspend", "podReplacementPolicy")
    assert [spec[name] for name in names] == [1, 1, 6, "NonIndexed", False, "TerminatingOrFailed"]


def test_a_job_with_parallelism_alone_is_a_work_queue() -> None:
    assert "completions" not in filled(JOB, job(parallelism=3))["spec"]


def test_with_a_limit_per_index_the_whole_has_none() -> None:
    spec = filled(JOB, job(completions=2, completionMode="Indexed", backoffLimitPerIndex=1))["spec"]

    assert spec["backoffLimit"] == 2147483647


def test_with_a_failure_policy_only_failed_pods_are_replaced() -> None:
    rules = [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]
    spec = filled(JOB, job(podFailurePolicy={"rules": rules}))["spec"]

    assert spec["podReplacementPolicy"] == "Failed"
    assert spec["podFailurePolicy"]["rules"][0]["onPodConditions"][0]["status"] == "True"


def test_a_job_has_the_labels_of_its_template() -> None:
    labels = {"controller-uid": "u", "job-name": "it"}
    prefixed = {f"batch.kubernetes.io/{name}": value for name, value in labels.items()}

    assert filled(JOB, job())["metadata"]["labels"] == labels | prefixed


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"parallelism": -1}, "spec.parallelism: Invalid value: -1: must be greater than or equal to 0"),
        ({"ttlSecondsAfterFinished": -1}, "spec.ttlSecondsAfterFinished: Invalid value: -1"),
        ({"completionMode": "Sorted"}, 'supported values: "Indexed", "NonIndexed"'),
        (
            {"completionMode": "Indexed", "parallelism": 2},
            "spec.completions: Required value: when completion mode is Indexed",
        ),
        ({"backoffLimitPerIndex": 1}, "requires indexed completion mode"),
        ({"podReplacementPolicy": "Never"}, 'supported values: "Failed", "TerminatingOrFailed"'),
        ({"successPolicy": {"rules": []}}, "requires indexed completion mode"),
        ({"managedBy": "me"}, "must be a domain-prefixed path"),
        ({"podFailurePolicy": {"rules": [{"action": "FailJob"}]}}, "specifying one of OnExitCodes and OnPodConditions"),
        (
            {
                "podFailurePolicy": {
                    "rules": [{"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [1]}}]
                }
            },
            "requires the backoffLimitPerIndex to be set",
        ),
        (
            {"podFailurePolicy": {"rules": [{"action": "Count", "onExitCodes": {"operator": "In", "values": [0]}}]}},
            "must not be 0 for the In operator",
        ),
        (
            {"podFailurePolicy": {"rules": [{"action": "Count", "onExitCodes": {"operator": "In", "values": [3, 1]}}]}},
            "must be ordered",
        ),
    ],
)
def test_a_wrong_job_is_refused(spec: Body, told: str) -> None:
    (sentence,) = wrongs(JOB, job(**spec))

    assert told in sentence


def test_a_jobs_pods_do_not_restart_for_ever() -> None:
    template = put(POD, "spec.restartPolicy", "Always")

    assert wrongs(JOB, {"spec": {"template": template}}) == [
        'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ]


def test_a_failure_policy_needs_pods_that_are_never_restarted() -> None:
    rules = {"rules": [{"action": "Count", "onExitCodes": {"operator": "In", "values": [1]}}]}
    template = put(POD, "spec.restartPolicy", "OnFailure")

    (sentence,) = wrongs(JOB, {"spec": {"template": template, "podFailurePolicy": rules}})
    assert 'only "Never" is supported when podFailurePolicy is specified' in sentence


@pytest.mark.parametrize("changed", [{"completions": 3}, {"completionMode": "Indexed", "completions": 1}])
def test_what_a_job_is_never_changes(changed: Body) -> None:
    assert wrongs(JOB, job(**changed), job())[0].endswith("field is immutable")


def test_an_indexed_job_scales_only_with_its_parallelism() -> None:
    before = job(completions=3, parallelism=3, completionMode="Indexed")

    assert wrongs(JOB, job(completions=5, parallelism=5, completionMode="Indexed"), before) == []
    (sentence,) = wrongs(JOB, job(completions=5, parallelism=3, completionMode="Indexed"), before)
    assert "can only be modified in tandem with spec.parallelism" in sentence


def test_an_index_must_fit_into_a_hostname() -> None:
    long = {**job(completions=10, completionMode="Indexed"), "metadata": {"name": "a" * 62}}

    assert "will not able to create pod with invalid DNS label" in wrongs(JOB, long)[0]


@pytest.mark.parametrize(
    ("indexes", "text"), [((), ""), ((1,), "1"), ((1, 2), "1,2"), ((1, 2, 3, 5, 7, 8, 9, 10), "1-3,5,7-10")]
)
def test_indexes_are_written_as_ranges(indexes: tuple[int, ...], text: str) -> None:
    assert shown(indexes) == text
    assert sorted(known(text, 100)) == list(indexes)


@pytest.mark.parametrize("text", ["a", "3,1", "1-1", "1-9", "9", "0-2,2", "-1"])
def test_wrong_indexes_are_refused(text: str) -> None:
    with pytest.raises(NotIndexes):
        parsed(text, 5)


def test_a_job_shows_its_completions() -> None:
    made = filled(JOB, job(completions=3))
    made["status"] = {"succeeded": 1, "startTime": "2026-01-05T09:01:00Z"}

    assert cells(JOB, made) == {
        "Name": "it",
        "Status": "Running",
        "Completions": "1/3",
        "Duration": "30s",
        "Age": "90s",
    }
    made["spec"] = {**made["spec"], "parallelism": 4}
    del made["spec"]["completions"]
    assert cells(JOB, made)["Completions"] == "1/1 of 4"


def test_a_cronjob_keeps_three_successes_and_one_failure() -> None:
    spec = filled(CRONJOB, cronjob())["spec"]

    names = ("concurrencyPolicy", "suspend", "successfulJobsHistoryLimit", "failedJobsHistoryLimit")
    assert [spec[name] for name in names] == ["Allow", False, 3, 1]
    assert "completions" not in spec["jobTemplate"]["spec"]


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"schedule": ""}, "spec.schedule: Required value"),
        ({"schedule": "* * * *"}, "expected exactly 5 fields, found 4: [* * * *]"),
        ({"schedule": "61 * * * *"}, "end of range (61) above maximum (59): 61"),
        ({"schedule": "TZ=UTC 0 * * * *"}, "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"),
        ({"timeZone": "Mars/Base"}, 'spec.timeZone: Invalid value: "Mars/Base": unknown time zone Mars/Base'),
        ({"timeZone": "Local"}, "timeZone must be an explicit time zone"),
        ({"concurrencyPolicy": "Maybe"}, 'supported values: "Allow", "Forbid", "Replace"'),
        ({"startingDeadlineSeconds": -1}, "must be greater than or equal to 0"),
        ({"jobTemplate": {"spec": {"template": POD, "manualSelector": True}}}, "Unsupported value: true"),
        ({"jobTemplate": {"spec": {"template": {"spec": {}}}}}, "spec.jobTemplate.spec.template.spec.containers"),
    ],
)
def test_a_wrong_cronjob_is_refused(spec: Body, told: str) -> None:
    assert any(told in sentence for sentence in wrongs(CRONJOB, cronjob(**spec)))


def test_a_cronjobs_name_leaves_room_for_the_time() -> None:
    long = {**cronjob(), "metadata": {"name": "a" * 53}}

    assert wrongs(CRONJOB, long) == [f'metadata.name: Invalid value: "{"a" * 53}": must be no more than 52 characters']


def test_a_cronjob_shows_its_schedule() -> None:
    made = filled(CRONJOB, cronjob(timeZone="Europe/Berlin"))
    made["status"] = {"lastScheduleTime": "2026-01-05T09:01:00Z", "active": [{"name": "it-1"}]}

    assert cells(CRONJOB, made) == {
        "Name": "it",
        "Schedule": "*/5 * * * *",
        "Timezone": "Europe/Berlin",
        "Suspend": "False",
        "Active": 1,
        "Last Schedule": "30s",
        "Age": "90s",
    }


def test_what_the_api_server_fills_in_need_not_be_said() -> None:
    rules = [{"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}]
    body = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "it"},
        **job(podFailurePolicy={"rules": rules}),
    }

    assert check(JOB, body).errors == []
