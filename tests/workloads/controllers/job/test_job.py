"""What the documentation says of Jobs, statement by statement."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from clusters.admission.apply import DELETED
from clusters.kinds.body import Body, annotations_of, controller_of, dig, labels_of, put, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import parse
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, job
from workloads.kinds.job import JOB

FINALIZER = "batch.kubernetes.io/job-tracking"
INDEX = "batch.kubernetes.io/job-completion-index"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def status(sim: Sim, name: str = "work") -> Body:
    found: Body = sim.get("jobs", name)["status"]
    return found


def reason(sim: Sim, type_: str, name: str = "work") -> str:
    found = condition_of(sim.get("jobs", name), type_)
    return str(found["reason"]) if found and found["status"] == "True" else ""


def pods(sim: Sim, name: str = "work") -> list[Body]:
    return [pod for pod in sim.list("pods", "default") if labels_of(pod).get("job-name") == name]


def ages(sim: Sim) -> list[int]:
    """Seconds between one pod's making and the next."""
    made = sorted(parse(pod["metadata"]["creationTimestamp"]) for pod in pods(sim))
    return [(after - before) // 1_000_000 for before, after in pairwise(made)]


def indexed(script: str = "exit 0", completions: int = 3, **spec: Any) -> Body:
    return job("work", script, **{"completions": completions, "completionMode": "Indexed", "parallelism": 3, **spec})


# running to completion


def test_a_job_without_numbers_runs_one_pod_once(sim: Sim) -> None:
    sim.apply(job("work", "echo done")).settle()

    (pod,) = pods(sim)
    assert dig(pod, "status.phase") == "Succeeded"
    assert sim.logs(pod) == "done\n"
    assert status(sim)["succeeded"] == 1
    assert (reason(sim, "SuccessCriteriaMet"), reason(sim, "Complete")) == ("CompletionsReached", "CompletionsReached")


def test_a_jobs_pods_are_chosen_by_its_uid(sim: Sim) -> None:
    sim.apply(job("work")).settle()

    made = sim.get("jobs", "work")
    (pod,) = pods(sim)
    assert made["spec"]["selector"] == {"matchLabels": {"batch.kubernetes.io/controller-uid": uid_of(made)}}
    assert labels_of(pod)["batch.kubernetes.io/job-name"] == "work"
    assert labels_of(pod)["controller-uid"] == uid_of(made)
    assert (controller_of(pod) or {})["uid"] == uid_of(made)


def test_no_more_pods_run_at_once_than_parallelism_says(sim: Sim) -> None:
    sim.apply(job("work", "sleep 10", completions=5, parallelism=2)).run(5)
    assert len(pods(sim)) == 2

    sim.settle(quiet=15)

    assert len(pods(sim)) == 5
    assert status(sim)["succeeded"] == 5


def test_near_the_end_only_as_many_pods_run_as_completions_are_missing(sim: Sim) -> None:
    sim.apply(job("work", "sleep 10", completions=3, parallelism=2)).run(15)

    assert status(sim)["active"] == 1


def test_a_work_queue_is_done_when_one_pod_has_succeeded_and_all_have_ended(sim: Sim) -> None:
    script = "case $HOSTNAME in *[a-m0-9]) sleep 3;; *) sleep 20;; esac"
    sim.apply(job("work", script, parallelism=4)).run(8)
    ended = status(sim).get("succeeded", 0)

    assert ended + status(sim)["active"] == 4  # nobody new is sent in
    sim.settle(quiet=25)
    assert reason(sim, "Complete") == "CompletionsReached"
    assert len(pods(sim)) == 4


def test_zero_parallelism_pauses_a_job(sim: Sim) -> None:
    sim.apply(job("work", parallelism=0, completions=1)).settle()
    assert pods(sim) == []

    sim.patch("jobs", "work", "spec.parallelism", 1).settle()

    assert reason(sim, "Complete")


def test_zero_completions_are_reached_at_once(sim: Sim) -> None:
    sim.apply(job("work", completions=0)).settle()

    assert pods(sim) == []
    assert reason(sim, "Complete")


def test_less_parallelism_ends_running_pods(sim: Sim) -> None:
    sim.apply(job("work", "sleep 600", completions=4, parallelism=4)).run(5)

    sim.patch("jobs", "work", "spec.parallelism", 1).run(2)

    assert status(sim)["active"] == 1


def test_a_finished_jobs_pods_stay_for_their_logs_until_the_job_goes(sim: Sim) -> None:
    sim.apply(job("work", "echo done")).settle()
    assert len(pods(sim)) == 1

    sim.delete("jobs", "work", propagation="Background").settle()

    assert pods(sim) == []


def test_a_job_that_goes_leaves_its_pods_unless_asked_for_more(sim: Sim) -> None:
    sim.apply(job("work", "sleep 600")).run(5)

    sim.delete("jobs", "work").run(5)

    (pod,) = pods(sim)
    assert sim.find("jobs", "work") is None
    assert (controller_of(pod), pod["metadata"].get("finalizers")) == (None, None)


def test_a_running_job_that_goes_takes_its_running_pods_along(sim: Sim) -> None:
    sim.apply(job("work", "sleep 600", parallelism=2, completions=2)).run(5)

    sim.delete("jobs", "work", propagation="Background").settle(quiet=35)

    assert pods(sim) == []


def test_a_job_that_goes_in_the_foreground_goes_last(sim: Sim) -> None:
    sim.apply(job("work", "sleep 600")).run(5)

    sim.delete("jobs", "work", propagation="Foreground").settle(quiet=35)

    order = [
        e.change.kind.plural for e in sim.log if e.change.op == DELETED and e.change.kind.plural in ("jobs", "pods")
    ]
    assert order == ["pods", "jobs"]


# what is said


def test_events_tell_of_pods_and_of_the_end(sim: Sim) -> None:
    sim.apply(job("work")).settle()

    (pod,) = pods(sim)
    said = [(e["type"], e["reason"], e["message"]) for e in sim.events(about="work")]
    assert said == [
        ("Normal", "SuccessfulCreate", f"Created pod: {pod['metadata']['name']}"),
        ("Normal", "Completed", "Job completed"),
    ]


def test_ready_and_terminating_pods_are_counted(sim: Sim) -> None:
    sim.apply(job("work", "trap '' TERM; sleep 600", parallelism=2, completions=2)).run(5)
    assert (status(sim)["active"], status(sim)["ready"], status(sim)["terminating"]) == (2, 2, 0)

    sim.delete("pods", pods(sim)[0]).run(1)

    assert status(sim)["terminating"] == 1


def test_the_table_shows_how_far_it_is(sim: Sim) -> None:
    sim.apply(job("work", "sleep 20", completions=2)).run(30)

    cells = {column.name: column.value for column in JOB.columns if callable(column.value)}
    made = sim.get("jobs", "work")
    assert [cells[name](made, sim.now) for name in ("Status", "Completions", "Duration")] == ["Running", "1/2", "30s"]
    sim.settle(quiet=25)
    assert cells["Status"](sim.get("jobs", "work"), sim.now) == "Complete"


# failing


def test_a_failed_pod_is_tried_again_after_ten_seconds_then_twice_as_long(sim: Sim) -> None:
    sim.apply(job("work", "exit 1", backoffLimit=3)).run(100)

    assert ages(sim) == [10, 20, 40]


def test_too_many_failures_fail_the_job(sim: Sim) -> None:
    sim.apply(job("work", "exit 1", backoffLimit=1)).run(60)

    assert len(pods(sim)) == 2
    assert status(sim)["failed"] == 2
    failed = condition_of(sim.get("jobs", "work"), "Failed")
    assert failed is not None
    assert failed["message"] == "Job has reached the specified backoff limit"
    assert (reason(sim, "FailureTarget"), failed["reason"]) == ("BackoffLimitExceeded", "BackoffLimitExceeded")
    assert sim.events("BackoffLimitExceeded", "work")[0]["type"] == "Warning"


def test_a_job_is_tried_six_times_again_unless_it_says_otherwise(sim: Sim) -> None:
    sim.apply(job("work", "exit 1")).run(1200)

    assert len(pods(sim)) == 7


def test_where_the_kubelet_restarts_containers_the_restarts_are_limited(sim: Sim) -> None:
    body = job("work", "exit 1", backoffLimit=2)
    sim.apply(put(body, "spec.template.spec.restartPolicy", "OnFailure")).run(120)

    assert reason(sim, "Failed") == "BackoffLimitExceeded"
    made = [entry for entry in sim.log.all("pods", "ADDED") if entry.actor == "job-controller"]
    assert len(made) == 1


def test_when_a_job_fails_its_other_pods_end(sim: Sim) -> None:
    script = "case $JOB_COMPLETION_INDEX in 0) exit 1;; *) sleep 600;; esac"
    sim.apply(indexed(script, backoffLimit=0)).settle(quiet=35)

    assert reason(sim, "Failed") == "BackoffLimitExceeded"
    assert status(sim).get("active", 0) == 0


def test_a_job_has_not_failed_before_its_last_pod_has_ended(sim: Sim) -> None:
    script = "case $JOB_COMPLETION_INDEX in 0) sleep 2; exit 1;; *) trap '' TERM; sleep 600;; esac"
    sim.apply(indexed(script, backoffLimit=0)).run(10)
    assert (reason(sim, "FailureTarget"), reason(sim, "Failed")) == ("BackoffLimitExceeded", "")
    assert status(sim)["terminating"] == 2

    sim.run(40)

    assert reason(sim, "Failed") == "BackoffLimitExceeded"


def test_the_deadline_ends_all_pods_and_wins_over_the_backoff_limit(sim: Sim) -> None:
    sim.apply(job("work", "sleep 600", activeDeadlineSeconds=20)).run(60)

    assert reason(sim, "Failed") == "DeadlineExceeded"
    assert sim.events("DeadlineExceeded", "work")[0]["message"] == "Job was active longer than specified deadline"
    assert pods(sim) == []


# finalizers


def test_a_pod_is_held_until_it_is_counted(sim: Sim) -> None:
    sim.apply(job("work", "sleep 20")).run(5)
    assert pods(sim)[0]["metadata"]["finalizers"] == [FINALIZER]

    sim.settle(quiet=25)

    assert pods(sim)[0]["metadata"].get("finalizers") is None
    assert status(sim)["uncountedTerminatedPods"] == {}


def test_a_pod_is_noted_before_it_is_released(sim: Sim) -> None:
    sim.apply(job("work")).settle()

    uid = uid_of(pods(sim)[0])
    noted = [dig(e.change.new, "status.uncountedTerminatedPods.succeeded") for e in sim.log.all("jobs")]
    assert [uid] in noted


def test_a_pod_that_is_deleted_by_force_when_it_is_over_still_counts(sim: Sim) -> None:
    sim.apply(job("work", "sleep 5", completions=2)).run(8)

    for pod in pods(sim):
        sim.delete("pods", pod, grace=0)
    sim.settle(quiet=10)

    assert status(sim)["succeeded"] == 2


def test_restarting_the_controller_counts_nothing_twice(sim: Sim) -> None:
    sim.apply(job("work", "sleep 3", completions=6, parallelism=2)).run(4)

    for _ in range(4):
        sim.restart().run(3)
    sim.settle(quiet=10)

    assert status(sim)["succeeded"] == 6
    assert len(pods(sim)) == 6


# suspending


def test_a_suspended_job_makes_no_pods_and_has_no_start(sim: Sim) -> None:
    sim.apply(job("work", suspend=True)).settle()

    assert pods(sim) == []
    assert "startTime" not in status(sim)
    assert reason(sim, "Suspended") == "JobSuspended"
    assert sim.events("Suspended", "work")[0]["message"] == "Job suspended"
    assert JOB.word(sim.get("jobs", "work")) == "Suspended"


def test_suspending_ends_running_pods_and_resuming_makes_new_ones(sim: Sim) -> None:
    sim.apply(job("work", "sleep 600", activeDeadlineSeconds=100)).run(5)
    before = status(sim)["startTime"]

    sim.patch("jobs", "work", "spec.suspend", True).run(60)
    assert status(sim).get("active", 0) == 0
    sim.patch("jobs", "work", "spec.suspend", False).run(5)

    assert status(sim)["active"] == 1
    assert status(sim)["startTime"] > before
    suspended = condition_of(sim.get("jobs", "work"), "Suspended")
    assert suspended is not None
    assert (suspended["status"], suspended["reason"]) == ("False", "JobResumed")
    assert sim.events("Resumed", "work")


def test_where_its_pods_go_may_change_while_it_has_never_started(sim: Sim) -> None:
    sim.apply(job("work", suspend=True)).settle()

    sim.patch("jobs", "work", "spec.template.spec.nodeSelector", {"disk": "ssd"}).settle()

    assert sim.get("jobs", "work")["spec"]["template"]["spec"]["nodeSelector"] == {"disk": "ssd"}
    sim.patch("jobs", "work", "spec.suspend", False).settle()
    with pytest.raises(Status, match="field is immutable"):
        sim.patch("jobs", "work", "spec.template.spec.nodeSelector", {"disk": "hdd"})


# replacement


def test_a_pod_that_is_asked_to_go_is_replaced_at_once(sim: Sim) -> None:
    sim.apply(job("work", "trap '' TERM; sleep 600")).run(5)

    sim.delete("pods", pods(sim)[0]).run(12)

    assert (status(sim)["active"], status(sim)["terminating"], status(sim)["failed"]) == (1, 1, 1)


def test_with_replacement_policy_failed_the_old_pod_ends_first(sim: Sim) -> None:
    sim.apply(job("work", "trap '' TERM; sleep 600", podReplacementPolicy="Failed")).run(5)

    sim.delete("pods", pods(sim)[0]).run(12)
    assert (status(sim).get("active", 0), status(sim)["terminating"]) == (0, 1)
    sim.run(50)

    assert status(sim)["active"] == 1


# selectors


def test_a_manual_selector_adopts_pods_of_a_job_that_is_gone(sim: Sim) -> None:
    sim.apply(job("old", "sleep 600")).run(5)
    selector = sim.get("jobs", "old")["spec"]["selector"]
    labels = sim.get("jobs", "old")["spec"]["template"]["metadata"]["labels"]
    sim.delete("jobs", "old", propagation="Orphan").run(2)

    new = job("new", "sleep 600", manualSelector=True, selector=selector)
    sim.apply(put(new, "spec.template.metadata", {"labels": labels})).run(2)

    (pod,) = pods(sim, "old")
    assert (controller_of(pod) or {})["name"] == "new"
    assert pod["metadata"]["finalizers"] == [FINALIZER]


def test_a_pod_whose_labels_no_longer_match_is_let_go(sim: Sim) -> None:
    sim.apply(job("work", "sleep 600")).run(5)
    first = pods(sim)[0]

    sim.patch("pods", first["metadata"]["name"], "metadata.labels", {"mine": "now"}).run(2)

    freed = sim.get("pods", first["metadata"]["name"])
    assert (controller_of(freed), freed["metadata"].get("finalizers") or []) == (None, [])
    assert len(pods(sim)) == 1


def test_a_job_that_somebody_else_manages_is_left_alone(sim: Sim) -> None:
    sim.apply(job("work", managedBy="example.com/other")).settle()

    assert pods(sim) == []
    assert status(sim) == {}


# indexes


def test_each_pod_of_an_indexed_job_knows_its_index(sim: Sim) -> None:
    sim.apply(indexed("echo $JOB_COMPLETION_INDEX at $(hostname)")).settle()

    found = sorted(pods(sim), key=lambda pod: annotations_of(pod)[INDEX])
    assert [sim.logs(pod) for pod in found] == [f"{index} at work-{index}\n" for index in range(3)]
    assert [labels_of(pod)[INDEX] for pod in found] == ["0", "1", "2"]
    assert [pod["metadata"]["name"].rpartition("-")[0] for pod in found] == ["work-0", "work-1", "work-2"]
    assert (status(sim)["completedIndexes"], status(sim)["succeeded"]) == ("0-2", 3)


def test_a_failed_index_is_tried_again(sim: Sim) -> None:
    sim.apply(indexed("test $JOB_COMPLETION_INDEX != 1", backoffLimit=2)).run(100)

    assert status(sim)["completedIndexes"] == "0,2"
    assert sorted(labels_of(pod)[INDEX] for pod in pods(sim)) == ["0", "1", "1", "1", "2"]


def test_an_indexed_job_can_be_scaled_with_its_completions(sim: Sim) -> None:
    sim.apply(indexed("sleep 600", completions=3)).run(5)
    body = put(put(sim.get("jobs", "work"), "spec.completions", 1), "spec.parallelism", 1)

    sim.apply(body).run(2)

    assert status(sim)["active"] == 1
    alive = [pod for pod in pods(sim) if not pod["metadata"].get("deletionTimestamp")]
    assert [labels_of(pod)[INDEX] for pod in alive] == ["0"]


def test_with_a_limit_per_index_the_others_go_on(sim: Sim) -> None:
    sim.apply(indexed("test $JOB_COMPLETION_INDEX != 1", completions=4, backoffLimitPerIndex=1)).run(100)

    assert (status(sim)["completedIndexes"], status(sim)["failedIndexes"]) == ("0,2,3", "1")
    assert reason(sim, "Failed") == "FailedIndexes"
    counts = [annotations_of(pod)["batch.kubernetes.io/job-index-failure-count"] for pod in pods(sim)
              if labels_of(pod)[INDEX] == "1"]  # fmt: skip
    assert sorted(counts) == ["0", "1"]


def test_too_many_failed_indexes_end_the_job(sim: Sim) -> None:
    script = "test $JOB_COMPLETION_INDEX -gt 1 && sleep 600; exit 1"
    sim.apply(indexed(script, completions=4, parallelism=4, backoffLimitPerIndex=0, maxFailedIndexes=1)).run(60)

    assert reason(sim, "Failed") == "MaxFailedIndexesExceeded"
    assert status(sim)["failedIndexes"] == "0,1"


# policies


def policy(*rules: Body) -> Body:
    return {"podFailurePolicy": {"rules": list(rules)}}


def on_code(action: str, *values: int) -> Body:
    return {"action": action, "onExitCodes": {"operator": "In", "values": list(values)}}


def test_a_rule_can_fail_the_whole_job(sim: Sim) -> None:
    sim.apply(job("work", "exit 42", **policy(on_code("FailJob", 42)))).run(20)

    (pod,) = pods(sim)
    failed = condition_of(sim.get("jobs", "work"), "Failed")
    assert failed is not None
    assert (failed["reason"], failed["message"]) == (
        "PodFailurePolicy",
        f"Container work for pod default/{pod['metadata']['name']} failed with exit code 42 "
        "matching FailJob rule at index 0",
    )


def test_a_rule_can_ignore_a_failure(sim: Sim) -> None:
    sim.apply(job("work", "exit 42", backoffLimit=0, **policy(on_code("Ignore", 42)))).run(40)

    assert status(sim).get("failed", 0) == 0
    assert len(pods(sim)) > 1
    assert reason(sim, "Failed") == ""


def test_an_evicted_pod_can_be_ignored(sim: Sim) -> None:
    rule = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}
    sim.apply(job("work", "sleep 600", backoffLimit=0, **policy(rule))).run(5)
    node = pods(sim)[0]["spec"]["nodeName"]

    taint = {"key": "out", "effect": "NoExecute"}
    sim.patch("nodes", node, "spec.taints", [taint]).run(60)

    assert status(sim).get("failed", 0) == 0
    assert status(sim)["active"] == 1


def test_a_rule_can_count(sim: Sim) -> None:
    rules = policy(on_code("Count", 1), {"action": "FailJob", "onExitCodes": {"operator": "NotIn", "values": [1]}})
    sim.apply(job("work", "exit 1", backoffLimit=1, **rules)).run(40)

    assert reason(sim, "Failed") == "BackoffLimitExceeded"


def test_a_rule_can_fail_an_index_at_once(sim: Sim) -> None:
    script = "test $JOB_COMPLETION_INDEX != 1 || exit 42"
    sim.apply(indexed(script, backoffLimitPerIndex=5, **policy(on_code("FailIndex", 42)))).run(60)

    assert status(sim)["failedIndexes"] == "1"
    assert len(pods(sim)) == 3


def test_a_success_policy_ends_the_job_when_the_leader_is_done(sim: Sim) -> None:
    script = "test $JOB_COMPLETION_INDEX = 0 || sleep 600"
    rules: Body = {"successPolicy": {"rules": [{"succeededIndexes": "0", "succeededCount": 1}]}}
    sim.apply(indexed(script, **rules)).settle(quiet=40)

    met = condition_of(sim.get("jobs", "work"), "SuccessCriteriaMet")
    assert met is not None
    assert (met["reason"], met["message"]) == ("SuccessPolicy", "Matched rules at index 0")
    assert reason(sim, "Complete") == "SuccessPolicy"
    assert status(sim).get("active", 0) == 0


# creation that is refused


def test_a_pod_that_is_refused_is_told_and_tried_again(sim: Sim) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
    sim.apply(quota).settle()
    sim.apply(job("work")).run(5)
    assert sim.events("FailedCreate", "work")[0]["message"].startswith('Error creating: pods "work-')

    sim.delete("resourcequotas", "none").run(60)

    assert reason(sim, "Complete")


# wherever a batch ends


def story(batch: int) -> list[tuple[str, str, str]]:
    """Who wrote what, when a batch ends after so many writes."""
    sim = Sim(nodes=2)
    sim.slice = batch
    sim.apply(indexed("test $JOB_COMPLETION_INDEX != 1", completions=4, parallelism=2, backoffLimitPerIndex=1))
    sim.apply(job("other", "sleep 3", completions=3, parallelism=2)).run(40)
    told = [entry for entry in sim.log if entry.change.kind.plural in ("jobs", "pods")]
    return [(entry.actor, entry.change.op, str(entry.change.key)) for entry in told]


@pytest.mark.parametrize("batch", [1, 3, 7])
def test_what_a_job_does_is_the_same_wherever_a_batch_ends(batch: int) -> None:
    assert story(batch) == story(10**9)
