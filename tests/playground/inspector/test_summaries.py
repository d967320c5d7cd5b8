"""What an object is, in plain words."""

from __future__ import annotations

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from playground.inspector.summaries import summary_of
from playground.inspector.telling import Summary
from tests.playground.things import Around, crash, deployment, keeper, node, pod, replicaset, revision, thing

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
