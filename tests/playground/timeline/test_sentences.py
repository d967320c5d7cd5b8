"""From a change to a plain sentence."""

from __future__ import annotations

from clusters.kinds.body import Body, put
from playground.timeline.line import Line
from playground.timeline.runs import KEPT
from playground.timeline.teller import Entry, Teller
from tests.playground.things import crash, cronjob, deployment, ended, job, keeper, node, pod, replicaset, thing


class Log:
    """Entries one after the other, and what was told of them."""

    def __init__(self) -> None:
        self.teller = Teller()

    def put(self, op: str, resource: str, body: Body, actor: str, why: str = "") -> Log:
        metadata = body["metadata"]
        place = (resource, metadata.get("namespace", ""), metadata["name"])
        self.teller.hear([Entry(self.teller.revision + 1, op, *place, actor, why, 0, body)])
        return self

    def told(self) -> list[str]:
        return [str(line) for line in reversed(self.teller.lines(KEPT))]


def test_a_made_pod_says_who_made_it_and_why() -> None:
    log = Log().put("ADDED", "pods", pod("web-1"), "replicaset-controller", "1 of 3 replicas was missing.")

    assert log.told() == ["replicaset-controller made pod web-1: 1 of 3 replicas was missing"]


def test_a_pods_way_to_readiness_is_told_step_by_step() -> None:
    first = pod("web-1")
    placed = put(first, "spec.nodeName", "worker-1")
    running = {**placed, "status": {"containerStatuses": [{"name": "nginx", "state": {"running": {"startedAt": "x"}}}]}}
    ready = {**running, "status": {**running["status"], "conditions": [{"type": "Ready", "status": "True"}]}}

    log = Log().put("ADDED", "pods", first, "alice").put("MODIFIED", "pods", placed, "default-scheduler")
    log.put("MODIFIED", "pods", running, "kubelet/worker-1").put("MODIFIED", "pods", ready, "kubelet/worker-1")

    assert log.told() == [
        "alice made pod web-1",
        "default-scheduler put web-1 on worker-1",
        "kubelet/worker-1 started nginx of web-1",
        "web-1 is ready",
    ]


def test_a_silent_node_says_who_marked_it() -> None:
    log = Log().put("ADDED", "nodes", node("worker-2"), "kubelet/worker-2")

    log.put("MODIFIED", "nodes", node("worker-2", ready="Unknown"), "node-lifecycle-controller")

    assert log.told()[-1] == "worker-2 stopped answering: node-lifecycle-controller marked it NotReady"


def test_a_fault_is_told_by_what_it_does() -> None:
    log = Log().put("ADDED", "faults", crash("worker-2"), "alice").put("DELETED", "faults", crash("worker-2"), "bob")

    assert log.told() == ["alice cut the power of worker-2", "bob gave worker-2 its power back"]


def test_the_reason_of_a_pod_at_the_door_is_told_once() -> None:
    def refused(message: str) -> Body:
        condition = {"type": "PodScheduled", "status": "False", "message": message}
        return pod("big", status={"conditions": [condition]})

    log = Log().put("ADDED", "pods", pod("big"), "alice")
    for _ in range(3):
        log.put("MODIFIED", "pods", refused("0/3 nodes are available"), "default-scheduler")

    assert log.told()[1:] == ["default-scheduler found no node for big: 0/3 nodes are available"]


def test_scaling_and_a_new_image_are_told_with_numbers_and_names() -> None:
    web = deployment("web", replicas=3)
    scaled = put(web, "spec.replicas", 5)
    rolled = {
        **scaled,
        "spec": {**scaled["spec"], "template": {"spec": {"containers": [{"name": "c", "image": "nginx:2"}]}}},
    }

    log = Log().put("ADDED", "deployments", web, "alice").put("MODIFIED", "deployments", scaled, "alice")
    log.put("MODIFIED", "deployments", rolled, "alice")

    assert log.told() == [
        "alice made Deployment web with 3 pods",
        "alice scaled web from 3 to 5",
        "alice gave web a new pod template (nginx:1.29 becomes nginx:2): it rolls out",
    ]


def test_a_crash_loop_is_told_with_its_waiting_and_its_end() -> None:
    def with_state(state: Body) -> Body:
        return pod(
            "moody", node="w", status={"containerStatuses": [{"name": "app", "state": state, "restartCount": 2}]}
        )

    log = Log().put("ADDED", "pods", with_state({"running": {"startedAt": "x"}}), "kubelet/w")
    log.put("MODIFIED", "pods", with_state({"terminated": {"exitCode": 1, "reason": "Error"}}), "kubelet/w")
    log.put("MODIFIED", "pods", with_state({"waiting": {"reason": "CrashLoopBackOff"}}), "kubelet/w")

    assert log.told()[1:] == [
        "kubelet/w saw that app of moody ended with exit code 1",
        "kubelet/w waits before it starts app of moody again: it ended too often",
    ]


def test_what_only_machines_read_is_not_told() -> None:
    quiet = [
        ("configmaps", thing("v1", "ConfigMap", "kube-root-ca.crt", "default")),
        ("services", thing("v1", "Service", "kubernetes", "default", spec={})),
        ("namespaces", thing("v1", "Namespace", "kube-system")),
    ]

    log = Log()
    for resource, body in quiet:
        log.put("ADDED", resource, body, "system:bootstrap")

    assert log.told() == []


def test_a_heartbeat_says_nothing() -> None:
    log = Log().put("ADDED", "nodes", node("worker-1"), "kubelet/worker-1")

    log.put("MODIFIED", "nodes", node("worker-1"), "kubelet/worker-1")

    assert log.told() == ["worker-1 joined the cluster"]


def test_nothing_is_told_twice() -> None:
    log = Log().put("ADDED", "pods", pod("web-1"), "alice")
    entry = Entry(1, "ADDED", "pods", "default", "web-1", "alice", "", 0, pod("web-1"))

    log.teller.hear([entry])

    assert len(log.told()) == 1


def test_people_are_told_apart_from_machinery() -> None:
    def by(actor: str) -> bool:
        return Line(1, 0, actor, ("made it",)).by_person

    assert by("quiet-otter")
    assert not any(map(by, ("kubelet/worker-1", "default-scheduler", "replicaset-controller", "system:bootstrap")))


def test_a_replica_set_says_by_how_much_it_grew() -> None:
    log = Log().put("ADDED", "replicasets", replicaset("web-1", replicas=2), "deployment-controller")

    log.put("MODIFIED", "replicasets", replicaset("web-1", replicas=3), "deployment-controller")

    assert log.told()[-1] == "deployment-controller scaled ReplicaSet web-1 from 2 to 3"


def test_a_stateful_sets_update_is_told_with_its_order_and_its_end() -> None:
    first = put(keeper("StatefulSet", "db", "redis:7", replicas=2), "metadata.generation", 1)
    second = put(keeper("StatefulSet", "db", "redis:8", replicas=2), "metadata.generation", 2)
    counts = {"replicas": 2, "availableReplicas": 2, "updatedReplicas": 2, "observedGeneration": 2}

    log = Log().put("ADDED", "statefulsets", first, "alice").put("MODIFIED", "statefulsets", second, "alice")
    log.put("MODIFIED", "statefulsets", {**second, "status": counts}, "statefulset-controller")

    assert log.told() == [
        "alice made StatefulSet db with 2 pods",
        "alice gave db a new pod template (redis:7 becomes redis:8): the last member gets it first",
        "statefulset-controller says that db is complete: 2 of 2",
    ]


def test_a_daemon_set_says_on_how_many_nodes_it_is() -> None:
    agent = keeper("DaemonSet", "agent")
    counts = {"desiredNumberScheduled": 3, "updatedNumberScheduled": 3, "numberAvailable": 3}

    log = Log().put("ADDED", "daemonsets", agent, "alice")
    log.put("MODIFIED", "daemonsets", {**agent, "status": counts}, "daemonset-controller")
    log.put(
        "MODIFIED", "daemonsets", {**agent, "status": {**counts, "desiredNumberScheduled": 4}}, "daemonset-controller"
    )

    assert log.told() == [
        "alice made DaemonSet agent",
        "daemonset-controller says that agent is ready on 3 nodes",
        "daemonset-controller wants agent on 4 nodes, not 3",
    ]


def test_a_replication_controller_is_called_by_its_kind() -> None:
    old = thing("v1", "ReplicationController", "old", "default", spec={"replicas": 2})

    log = Log().put("ADDED", "replicationcontrollers", old, "alice")

    assert log.told() == ["alice made ReplicationController old for 2 pods"]


def test_a_job_is_told_from_its_making_to_its_end() -> None:
    log = Log().put("ADDED", "jobs", job(), "cronjob-controller", "It was scheduled for 2026-01-05T09:00:00Z.")
    log.put("MODIFIED", "jobs", job(status={"active": 2}), "job-controller")
    log.put("MODIFIED", "jobs", job(status={**ended("Complete"), "succeeded": 3}), "job-controller")

    assert log.told() == [
        "cronjob-controller made Job pi: it was scheduled for 2026-01-05T09:00:00Z",
        "job-controller says that pi is complete: 3 of 3",
    ]


def test_a_job_that_failed_says_why() -> None:
    log = Log().put("ADDED", "jobs", job(), "alice")
    log.put("MODIFIED", "jobs", job(status=ended("Failed", "Job was active longer than specified deadline")), "x")

    assert log.told()[-1].endswith("says that pi has failed: Job was active longer than specified deadline")


def test_a_cron_job_is_suspended_and_resumed() -> None:
    log = Log().put("ADDED", "cronjobs", cronjob(), "alice")
    log.put("MODIFIED", "cronjobs", cronjob(suspend=True), "alice").put("MODIFIED", "cronjobs", cronjob(), "alice")

    assert log.told() == [
        "alice made CronJob hello with the schedule */5 * * * *",
        "alice suspended CronJob hello",
        "alice resumed CronJob hello",
    ]


def test_a_budget_says_when_it_has_nothing_left() -> None:
    def budget(allowed: int) -> Body:
        status = {"disruptionsAllowed": allowed, "expectedPods": 3}
        return thing("policy/v1", "PodDisruptionBudget", "web", "default", spec={}, status=status)

    log = Log().put("ADDED", "poddisruptionbudgets", budget(1), "alice")
    log.put("MODIFIED", "poddisruptionbudgets", budget(0), "alice")
    log.put("MODIFIED", "poddisruptionbudgets", budget(1), "disruption-controller")

    assert log.told()[1:] == [
        "alice says that web lets nobody more go",
        "disruption-controller says that web lets 1 go again",
    ]


def test_a_pod_that_is_not_ready_any_more_says_by_which_probe() -> None:
    def ready(state: str) -> Body:
        return pod("web-1", status={"conditions": [{"type": "Ready", "status": state}]})

    log = Log().put("ADDED", "pods", ready("True"), "alice")
    why = "Its readiness probe failed 3 times in a row: HTTP probe failed with statuscode: 500"

    log.put("MODIFIED", "pods", ready("False"), "kubelet/worker-1", why)

    assert log.told()[-1] == (
        "web-1 is not ready any more: its readiness probe failed 3 times in a row: "
        "HTTP probe failed with statuscode: 500"
    )


def test_a_container_that_was_killed_says_why_and_one_that_ended_does_not_say_it_twice() -> None:
    def state(**said: Body) -> Body:
        return pod("web-1", status={"containerStatuses": [{"name": "web", "state": said}]})

    for why, told in (
        ("A fault ended web (ContainerCrash).", ": a fault ended web (ContainerCrash)"),
        ("web ended with exit code 1.", ""),
    ):
        log = Log().put("ADDED", "pods", state(running={"startedAt": "x"}), "alice")

        log.put("MODIFIED", "pods", state(terminated={"exitCode": 1}), "kubelet/worker-1", why)

        assert log.told()[-1] == f"kubelet/worker-1 saw that web of web-1 ended with exit code 1{told}"


def test_a_service_says_because_of_whom_it_sends_otherwise() -> None:
    def slice_(ready: bool) -> Body:
        labels = {"kubernetes.io/service-name": "web"}
        endpoint = {"conditions": {"ready": ready}}
        return thing(
            "discovery.k8s.io/v1",
            "EndpointSlice",
            "web-x",
            "default",
            metadata={"labels": labels},
            endpoints=[endpoint],
        )

    log = Log().put("ADDED", "endpointslices", slice_(True), "endpointslice-controller")

    log.put("MODIFIED", "endpointslices", slice_(False), "endpointslice-controller", "web-1 is not ready any more.")

    assert log.told()[-1] == "endpointslice-controller now sends web to no pod: web-1 is not ready any more"
