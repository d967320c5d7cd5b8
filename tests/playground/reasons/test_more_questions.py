"""Questions that a student asks after smaller mishaps: configuration, budgets, schedules, what waits inside a pod."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body, put
from playground.reasons.questions import answers
from tests.playground.reasons.simevidence import SimEvidence, lines, why
from tests.sim import Sim, deployment, fault, pod, service


def configured(sim: Sim, **container: Any) -> list[str]:
    sim.apply(pod("web", **container)).run(10)
    return lines(why(sim, "pods", sim.get("pods", "web"), "config"))


def config_map(name: str, **data: str) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def test_a_config_map_that_is_not_there_is_named_with_the_one_that_was_meant() -> None:
    sim = Sim(nodes=1).apply(config_map("settings"))

    chain = configured(sim, envFrom=[{"configMapRef": {"name": "setings"}}])

    assert chain == [
        'The kubelet cannot make web: configmap "setings" not found.',
        "There is no ConfigMap setings in default; there is settings.",
        "test made pod web",
    ]


def test_a_key_that_is_not_there_is_told_with_those_that_are() -> None:
    sim = Sim(nodes=1).apply(config_map("settings", colour="red"))
    source = {"configMapKeyRef": {"name": "settings", "key": "color"}}

    chain = configured(sim, env=[{"name": "A", "valueFrom": source}])

    assert chain[1] == "ConfigMap settings has no key color; it holds colour."


def test_what_cannot_be_made_does_not_count_as_crashing() -> None:
    sim = Sim(nodes=1).apply(pod("web", envFrom=[{"configMapRef": {"name": "gone"}}])).run(10)

    found = answers("pods", sim.get("pods", "web"), SimEvidence(sim))

    assert [one.slug for one in found if one.urgent] == ["config"]


def test_an_init_container_that_never_ends_is_named_with_its_last_words() -> None:
    waits = {"name": "wait", "image": "busybox:1.37", "command": ["sh", "-c", "echo no database yet; sleep 3600"]}
    sim = Sim(nodes=1).apply(pod("web", spec={"initContainers": [waits]})).run(15)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "starting"))

    assert chain[0] == "The init container wait has to end first; the last that it wrote is no database yet"


def test_a_finalizer_alone_holds_a_pod_whose_processes_have_ended() -> None:
    held = put(pod("web", spec={"terminationGracePeriodSeconds": 1}), "metadata.finalizers", ["example.com/keep"])
    sim = Sim(nodes=1).apply(held).run(10).delete("pods", "web").run(10)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "terminating"))

    assert len(chain) == 2
    assert chain[0].startswith("The finalizer example.com/keep holds it")


def test_a_budget_that_lets_nobody_go_says_by_what_rule() -> None:
    budget = {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": "strict"},
        "spec": {"maxUnavailable": 0, "selector": {"matchLabels": {"app": "web"}}},
    }
    sim = Sim(nodes=1).apply(deployment("web", 2), budget).run(20)

    chain = lines(why(sim, "poddisruptionbudgets", sim.list("poddisruptionbudgets")[0], "budget"))

    assert chain == [
        "2 of 2 pods are healthy, and 2 must be: it lets nobody go.",
        "With maxUnavailable: 0 not one may ever be missing: a drain waits for ever.",
        "test made PodDisruptionBudget strict",
    ]


def cronjob(**spec: Any) -> Body:
    container = {"name": "j", "image": "busybox:1.37", "command": ["true"]}
    template = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    return {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": {"name": "tick"},
        "spec": {"schedule": "*/5 * * * *", "jobTemplate": {"spec": {"template": template}}, **spec},
    }


def test_a_cron_job_counts_down_to_its_next_run() -> None:
    sim = Sim(nodes=1).apply(cronjob()).run(1)

    found = why(sim, "cronjobs", sim.list("cronjobs")[0], "schedule")

    assert found.question == "When does tick run next?"
    assert found.figures[0].due > sim.now
    assert not found.urgent


def test_a_suspended_cron_job_says_so() -> None:
    sim = Sim(nodes=1).apply(cronjob(suspend=True)).run(1)

    found = why(sim, "cronjobs", sim.list("cronjobs")[0], "schedule")

    assert lines(found)[0] == "It is suspended: its schedule */5 * * * * starts nothing until somebody resumes it."


def test_a_tag_that_is_like_none_is_told_with_those_that_there_are() -> None:
    sim = Sim(nodes=1).apply(pod("web", image="nginx:vanilla")).run(10)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "pull"))

    assert chain[1].startswith("The registry has nginx, but not with the tag vanilla; there are ")


def test_a_deadline_of_its_own_is_no_faults_doing() -> None:
    sim = Sim(nodes=1).apply(fault("NodeCrash", "gone", node="worker-1")).run(5).delete("faults", "gone", "").run(40)
    sim.apply(pod("web", spec={"activeDeadlineSeconds": 5})).run(60)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "killed"))

    assert chain[1:] == ["It may be at work for 5 s, and not longer.", "test made pod web"]


def test_a_pod_that_names_a_node_that_is_not_there_waits_for_nobody() -> None:
    sim = Sim(nodes=1).apply(pod("web", spec={"nodeName": "moon"})).run(5)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "starting"))

    assert chain[0] == "It names the node moon, and there is no such node: nobody starts it."


def test_a_scheduler_that_nobody_is() -> None:
    sim = Sim(nodes=1).apply(pod("web", spec={"schedulerName": "mine"})).run(5)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "pending"))

    assert chain == ["There is no scheduler called mine: nobody looks at it.", "test made pod web"]


def test_a_load_balancer_of_a_class_that_nobody_makes_stays_pending() -> None:
    wanted = put(put(service("web"), "spec.type", "LoadBalancer"), "spec.loadBalancerClass", "example.com/mine")
    sim = Sim(nodes=1).apply(deployment("web", 1), wanted).run(20)

    chain = lines(why(sim, "services", sim.get("services", "web"), "load-balancer"))

    assert chain[1] == "No controller here makes load balancers of the class example.com/mine."


def test_what_is_left_in_a_namespace_is_named() -> None:
    space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "old"}}
    held = put(put(config_map("keep"), "metadata.namespace", "old"), "metadata.finalizers", ["example.com/keep"])
    sim = Sim(nodes=1).apply(space).run(2).apply(held).run(2).delete("namespaces", "old", "").run(20)

    chain = lines(why(sim, "namespaces", sim.get("namespaces", "old", ""), "terminating"))

    assert "What is left is ConfigMap keep, which its finalizer example.com/keep holds." in chain


def test_a_service_whose_deployment_was_scaled_away_ends_at_who_did_that() -> None:
    sim = Sim(nodes=1).apply(deployment("web", 1), deployment("wet", 1), service("web")).run(10)
    sim.apply(deployment("web", 0)).run(10)

    chain = lines(why(sim, "services", sim.get("services", "web"), "endpoints"))

    assert chain[-1] == "test scaled web from 1 to 0"
    assert not any("nearest" in one for one in chain)


def test_a_field_has_the_moment_of_the_write_that_made_it_so() -> None:
    sim = Sim(nodes=1).apply(deployment("bad", 1, command=["sh", "-c", "exit 3"])).run(20)

    found = why(sim, "pods", sim.pods("bad")[0], "crashing")

    field = next(link for link in found.links if link.field.endswith(".command"))
    assert (field.at, field.revision) == (found.links[-1].at, found.links[-1].revision)


def test_a_deletion_wrote_no_field() -> None:
    sim = Sim(nodes=1).apply(deployment("web", 1)).run(10)
    sim.delete("pods", sim.pods("web")[0]["metadata"]["name"]).run(40)

    found = why(sim, "pods", sim.running("web")[0], "returned")

    made, keeps, deleted = found.links
    assert keeps.revision == made.revision != deleted.revision


def test_an_old_replicaset_is_the_way_back() -> None:
    sim = Sim(nodes=1).apply(deployment("web", 1)).run(20).apply(deployment("web", 1, image="nginx:1.28")).run(30)
    old = next(one for one in sim.list("replicasets") if one["spec"]["replicas"] == 0)

    chain = lines(why(sim, "replicasets", old, "old-revision"))

    assert chain[0] == "It is revision 1 of web, which is at revision 2 now."
    assert "kubectl rollout undo deployment/web" in chain[1]
    assert "web a new pod template" in chain[2]


def test_a_volume_that_stays_behind_says_whose_it_was() -> None:
    spec = {
        "capacity": {"storage": "1Gi"},
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "",
        "hostPath": {"path": "/x"},
    }
    volume = {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "disk"}, "spec": spec}
    asked = {"storageClassName": "", "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": "data"}, "spec": asked}
    sim = Sim(nodes=1).apply(volume).run(2).apply(claim).run(10).delete("persistentvolumeclaims", "data").run(10)

    chain = lines(why(sim, "persistentvolumes", sim.get("persistentvolumes", "disk", ""), "volume"))

    assert chain[0] == "Its claim data is gone, and persistentVolumeReclaimPolicy: Retain keeps what is on it."
    assert chain[1] == "It is still written to be that claim’s: who takes spec.claimRef away gives it free."
    assert chain[-1] == "test asked claim data to go"
