"""What an object is, in plain words."""

from __future__ import annotations

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from playground.inspector.summaries import summary_of
from playground.inspector.telling import Summary
from tests.playground.things import (
    Around,
    crash,
    cronjob,
    deployment,
    ended,
    job,
    keeper,
    node,
    pod,
    replicaset,
    revision,
    thing,
)

RUNNING = {
    "name": "nginx",
    "ready": True,
    "restartCount": 0,
    "state": {"running": {"startedAt": "2027-01-15T08:00:00Z"}},
}


def summary(plural: str, body: Body, around: Around | None = None) -> Summary:
    return summary_of(kinds()[plural], body, around or Around())


def says(told: Summary) -> str:
    return "".join(str(word) for word in told.says)


def test_a_killed_node_of_which_nobody_knows_yet_is_said_to_be_believed_up() -> None:
    machine = {"metadata": {"name": "worker-1"}, "power": "off"}

    told = summary("nodes", node("worker-1"), Around(faults=[crash("worker-1")], machines=[machine]))

    assert "does not know yet" in says(told)
    assert (told.inks[0].believed, told.inks[0].true) == ("up", "down")
    assert told.inks[0].differs


def test_a_pod_at_the_door_says_the_schedulers_reason() -> None:
    reason = "0/3 nodes are available: 3 Insufficient cpu."
    condition = {"type": "PodScheduled", "status": "False", "message": reason}

    assert reason in says(summary("pods", pod(status={"conditions": [condition]})))


def test_running_is_not_ready() -> None:
    told = summary("pods", pod(node="worker-1", status={"phase": "Running", "containerStatuses": [RUNNING]}))

    assert "not ready" in says(told)


def test_a_process_on_a_dead_machine_is_believed_to_run_and_does_not() -> None:
    body = pod(node="worker-1", status={"phase": "Running", "containerStatuses": [RUNNING]})
    sandbox = {"metadata": {"namespace": "worker-1", "name": "uid-web-1"}, "running": ["nginx"]}
    machine = {"metadata": {"name": "worker-1"}, "power": "off"}

    told = summary("pods", body, Around(sandboxes=[sandbox], machines=[machine]))

    assert (told.inks[0].believed, told.inks[0].true) == ("runs", "no process")


def test_a_crash_loop_says_how_the_process_ended() -> None:
    waiting = {"waiting": {"reason": "CrashLoopBackOff"}}
    status = {"name": "nginx", "state": waiting, "lastState": {"terminated": {"exitCode": 137}}, "restartCount": 4}

    told = says(summary("pods", pod(node="worker-1", status={"phase": "Running", "containerStatuses": [status]})))

    assert "exit code 137" in told


def test_a_container_that_took_too_much_memory_is_said_to_have_been_ended_by_the_kernel() -> None:
    waiting = {"waiting": {"reason": "CrashLoopBackOff"}}
    ended = {"terminated": {"exitCode": 137, "reason": "OOMKilled", "finishedAt": "2027-01-15T08:00:00Z"}}
    status = {"name": "nginx", "state": waiting, "lastState": ended, "restartCount": 4}

    told = summary("pods", pod(node="worker-1", status={"phase": "Running", "containerStatuses": [status]}))

    assert "nginx took more memory than its limit allows" in says(told)
    assert "OOMKilled, exit code 137" in str(told.tables[0].rows[0][4].words[0])


def test_sidecars_and_ephemeral_containers_stand_beside_the_others() -> None:
    body = pod(node="worker-1", status={"phase": "Running", "containerStatuses": [RUNNING]})
    body["spec"]["initContainers"] = [
        {"name": "setup", "image": "busybox"},
        {"name": "logger", "image": "busybox", "restartPolicy": "Always"},
    ]
    body["spec"]["ephemeralContainers"] = [{"name": "debugger", "image": "busybox"}]

    names = [str(row[0].words[0]) for row in summary("pods", body).tables[0].rows]

    assert names == ["setup (init)", "logger (sidecar)", "nginx", "debugger (ephemeral)"]


def test_an_evicted_pod_says_why() -> None:
    message = "The node was low on resource: memory. "
    body = pod(node="worker-1", status={"phase": "Failed", "reason": "Evicted", "message": message})

    assert "was evicted from worker-1: The node was low on resource: memory." in says(summary("pods", body))


def test_a_deployment_says_how_far_its_rollout_is() -> None:
    web = deployment("web", replicas=3, replicas_=None)
    web["status"] = {"replicas": 4, "updatedReplicas": 1, "readyReplicas": 3}

    assert "1 of 3 pods are of the new template" in says(summary("deployments", web))


def test_a_kept_replica_set_says_why_it_is_kept() -> None:
    assert "undone" in says(summary("replicasets", replicaset("web-1", replicas=0)))


def test_a_service_without_matching_pods_names_the_labels() -> None:
    service = thing("v1", "Service", "web", "default", spec={"selector": {"app": "wbe"}, "clusterIP": "10.96.0.9"})

    assert "app=wbe" in says(summary("services", service, Around(pods=[pod("web-1")])))


def test_a_secret_does_not_show_its_values() -> None:
    secret = thing("v1", "Secret", "ticket", "default", data={"SEAT": "cm93IDc="})

    told = summary("secrets", secret)

    assert "cm93" not in str(told)
    assert "row 7" not in str(told)


def test_every_kind_can_be_summed_up() -> None:
    for kind in kinds().values():
        body = thing(kind.api_version, kind.kind, "some", "default" if kind.namespaced else "", spec={})
        if kind.served:
            assert says(summary_of(kind, body, Around()))


def test_a_stateful_set_says_how_far_its_members_and_its_update_are() -> None:
    db = keeper("StatefulSet", "db", replicas=3, serviceName="db")
    settled = {"currentRevision": "db-1", "updateRevision": "db-1", "readyReplicas": 1, "updatedReplicas": 3}

    assert says(summary("statefulsets", {**db, "status": settled})).endswith("Each waits for the one before it.")
    moving = {**settled, "updateRevision": "db-2", "updatedReplicas": 1}
    told = summary("statefulsets", {**db, "status": moving}, Around(controllerrevisions=[revision(db, 2, "redis:8")]))

    assert "1 of 3 members are of the new one" in says(told)
    assert "redis:8" in str(told.tables[-1].rows)


def test_a_daemon_set_says_on_how_many_nodes_it_is_ready() -> None:
    counts = {"desiredNumberScheduled": 3, "updatedNumberScheduled": 3, "numberReady": 3, "numberMisscheduled": 1}

    told = says(summary("daemonsets", {**keeper("DaemonSet", "agent"), "status": counts}))

    assert told.startswith("agent has a ready pod on each of 3 nodes that shall have one.")
    assert "1 more node" in told


def test_a_job_says_how_far_it_is() -> None:
    told = summary("jobs", job(status={"succeeded": 1, "active": 2, "failed": 1}))

    assert says(told) == "pi is at work: 1 of 3 completions, 2 pods at it now. 1 pod failed so far."
    assert (told.inks[0].wanted, told.inks[0].believed) == ("2", "2")


def test_a_job_that_is_over_says_how_it_ended() -> None:
    done = summary("jobs", job(status={**ended("Complete"), "succeeded": 3}))
    failed = summary("jobs", job(status=ended("Failed", "Job has reached the specified backoff limit")))

    assert says(done) == "pi has done its work: 3 of 3 completions in 30s."
    assert says(failed) == "pi has failed, with 0 of 3 completions: Job has reached the specified backoff limit."
    assert done.inks[0].wanted == "0"


def test_a_cron_job_says_when_it_is_due_and_lists_its_jobs() -> None:
    hello = cronjob()
    around = Around(jobs=[job("hello-1", owner=hello, status={**ended("Complete"), "succeeded": 3})])

    told = summary("cronjobs", hello, around)

    assert says(told).startswith("hello starts its next Job in ")
    assert [str(cell.words[0]) for cell in told.tables[0].rows[0]] == ["hello-1", "Complete", "3/3"]
    assert says(summary("cronjobs", cronjob(suspend=True))) == (
        "hello is suspended: it starts nothing, whatever the time."
    )


def test_a_budget_says_whom_it_lets_go() -> None:
    status = {"disruptionsAllowed": 0, "currentHealthy": 2, "desiredHealthy": 2, "expectedPods": 3}
    body = thing("policy/v1", "PodDisruptionBudget", "web", "default", spec={"minAvailable": 2}, status=status)

    assert says(summary("poddisruptionbudgets", body)) == (
        "web lets nobody go now: 2 of 3 pods are healthy, 2 must stay. A drain waits."
    )


def test_a_quota_says_what_is_spent() -> None:
    status = {"used": {"pods": "4", "cpu": "500m"}}
    body = thing("v1", "ResourceQuota", "team", "default", spec={"hard": {"pods": "4", "cpu": "2"}}, status=status)

    told = summary("resourcequotas", body)

    assert says(told).endswith("Nothing is left of pods: more is refused.")
    assert [str(row[0].words[0]) for row in told.tables[0].rows] == ["cpu", "pods"]


def test_a_limit_range_is_a_table() -> None:
    item = {"type": "Container", "default": {"memory": "512Mi"}, "max": {"cpu": "1"}}
    body = thing("v1", "LimitRange", "limits", "default", spec={"limits": [item]})

    rows = [[str(cell.words[0]) for cell in row] for row in summary("limitranges", body).tables[0].rows]

    assert rows == [
        ["Container", "memory", "", "", "512Mi", ""],
        ["Container", "cpu", "", "", "", "1"],
    ]
