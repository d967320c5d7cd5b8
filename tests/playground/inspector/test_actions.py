"""What can be done to an object, as requests and as kubectl's line."""

from __future__ import annotations

from clusters.engine.assembly import kinds
from clusters.kinds.body import Body
from playground.home.action import Action
from playground.inspector.actions import actions_of
from playground.inspector.actions.node import add_node
from tests.playground.things import (
    Around,
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


def offered(plural: str, body: Body, around: Around, **form: str) -> dict[str, Action]:
    return {action.name: action for action in actions_of(kinds()[plural], body, around, form)}


def test_scaling_writes_the_scale_subresource_and_shows_the_line() -> None:
    scale = offered("deployments", deployment("web"), Around(), replicas="5")["scale"]

    assert scale.line == "kubectl scale deployment/web --replicas=5"
    assert scale.calls[0].path == "/apis/apps/v1/namespaces/default/deployments/web/scale"
    assert scale.calls[0].body == {"spec": {"replicas": 5}}


def test_what_is_no_number_scales_to_what_is_wanted_already() -> None:
    for text in ("", "-1", "many", "1e9", "٣", "99999999999"):
        scale = offered("deployments", deployment("web", replicas=3), Around(), replicas=text)["scale"]
        assert scale.calls[0].body == {"spec": {"replicas": 3}}


def test_a_first_revision_cannot_be_undone() -> None:
    web = deployment("web")

    assert "undo" not in offered("deployments", web, Around(replicasets=[replicaset("web-1", owner=web)]))


def test_undo_puts_the_earlier_template_back_without_its_hash() -> None:
    web = deployment("web")
    sets = [replicaset("web-1", revision=1, owner=web), replicaset("web-2", revision=2, owner=web)]

    undo = offered("deployments", web, Around(replicasets=sets))["undo"]

    template = undo.calls[0].body[0]["value"]
    assert template["metadata"]["labels"] == {"app": "web"}
    assert template["spec"]["containers"][0]["image"] == "nginx:1.28"


def test_a_cordoned_node_can_be_uncordoned_and_not_cordoned() -> None:
    found = offered("nodes", node("worker-1", unschedulable=True), Around())

    assert "uncordon" in found
    assert "cordon" not in found


def test_drain_cordons_and_evicts_all_but_mirror_pods() -> None:
    rs = replicaset("web-1")
    mirror = pod("etcd", node="worker-1", metadata={"annotations": {"kubernetes.io/config.mirror": "x"}})
    pods = [pod("web-a", node="worker-1", owner=rs), pod("web-b", node="worker-2", owner=rs), mirror]

    drain = offered("nodes", node("worker-1"), Around(pods=pods))["drain"]

    cordon, *evictions = drain.calls
    assert cordon.body == {"spec": {"unschedulable": True}}
    assert [call.path for call in evictions] == ["/api/v1/namespaces/default/pods/web-a/eviction"]
    assert drain.line == "kubectl drain worker-1 --ignore-daemonsets --delete-emptydir-data"


def test_draining_a_pod_without_owner_needs_force_and_says_so() -> None:
    drain = offered("nodes", node("worker-1"), Around(pods=[pod("alone", node="worker-1")]))["drain"]

    assert drain.line.endswith("--force")
    assert "nobody makes again" in drain.asks


def test_a_new_node_takes_the_lowest_free_name() -> None:
    action = add_node([node("worker-1"), node("worker-3"), node("control-plane")])

    assert action.calls[0].body["metadata"]["name"] == "worker-2"


def test_a_pod_that_is_going_can_be_forced() -> None:
    going = pod("web-1", metadata={"deletionTimestamp": "2026-01-01T00:00:00Z"})

    found = offered("pods", going, Around())

    assert found["force"].line == "kubectl delete pod web-1 --grace-period=0 --force"
    assert "crash" not in found


def test_a_namespace_other_than_default_stands_in_the_line() -> None:
    blue = deployment("web")
    blue["metadata"]["namespace"] = "blue"

    assert offered("deployments", blue, Around())["restart"].line == "kubectl rollout restart deployment/web -n blue"


def test_a_stateful_sets_undo_applies_the_revision_before() -> None:
    db = keeper("StatefulSet", "db", replicas=3)
    kept = [revision(db, number, f"nginx:1.{number}") for number in (1, 3, 2)]

    found = offered("statefulsets", db, Around(controllerrevisions=kept))

    assert found["undo"].line == "kubectl rollout undo statefulset/db"
    assert found["undo"].calls[0].body == kept[2]["data"]
    assert found["undo"].calls[0].path == "/apis/apps/v1/namespaces/default/statefulsets/db"
    assert found["scale"].line == "kubectl scale statefulset/db --replicas=3"
    assert found["restart"].line == "kubectl rollout restart statefulset/db"


def test_a_daemon_set_cannot_be_scaled_but_restarted() -> None:
    agent = keeper("DaemonSet", "agent")

    found = offered("daemonsets", agent, Around())

    assert list(found) == ["restart", "delete"]
    assert found["delete"].line == "kubectl delete daemonset agent"


def test_a_replication_controller_is_scaled() -> None:
    old = thing("v1", "ReplicationController", "old", "default", spec={"replicas": 2})

    scale = offered("replicationcontrollers", old, Around())["scale"]

    assert scale.line == "kubectl scale replicationcontroller/old --replicas=2"
    assert scale.calls[0].path == "/api/v1/namespaces/default/replicationcontrollers/old/scale"


def test_a_job_can_be_suspended_until_it_is_over() -> None:
    running = offered("jobs", job(), Around())
    resting = offered("jobs", job(suspend=True), Around())

    assert running["suspend"].line == """kubectl patch job pi -p '{"spec":{"suspend":true}}'"""
    assert resting["resume"].calls[0].body == {"spec": {"suspend": False}}
    assert list(offered("jobs", job(status=ended("Complete")), Around())) == ["delete"]


def test_a_job_takes_its_pods_along_when_it_is_deleted_on_the_page() -> None:
    delete = offered("jobs", job(), Around())["delete"]

    assert delete.calls[0].body["propagationPolicy"] == "Background"
    assert delete.line == "kubectl delete job.batch pi"


def test_a_cron_job_can_start_a_job_now() -> None:
    run = offered("cronjobs", cronjob(), Around())["run"]

    made = run.calls[0].body
    assert run.line == f"kubectl create job {made['metadata']['name']} --from=cronjob/hello"
    assert made["metadata"]["annotations"] == {"cronjob.kubernetes.io/instantiate": "manual"}
    assert run.calls[0].path == "/apis/batch/v1/namespaces/default/jobs"
