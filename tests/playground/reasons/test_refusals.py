"""Questions about what may not be: quotas, ranges, accounts, sizes, names that nobody has, what waits for others."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body
from playground.reasons.questions import answers
from playground.reasons.questions.refusal import refused
from playground.reasons.questions.request import why_failed
from tests.playground.reasons.simevidence import SimEvidence, lines, why
from tests.sim import Sim, deployment, fault, job, pod, service


def made(kind: str, name: str, version: str = "v1", **spec: Any) -> Body:
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec}


def scaler(least: int, most: int) -> Body:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    aim = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}
    spec = {"minReplicas": least, "maxReplicas": most, "metrics": [{"type": "Resource", "resource": aim}]}
    return made("HorizontalPodAutoscaler", "web", "autoscaling/v2", scaleTargetRef=target, **spec)


def failed(sim: Sim, host: str, **request: Any) -> list[str]:
    found = why_failed(sim.send(sim.pods("web")[0], host, **request), SimEvidence(sim))
    assert found is not None
    return lines(found)


def test_a_quota_that_is_full_is_told_with_what_it_allows() -> None:
    sim = Sim(nodes=1).apply(made("ResourceQuota", "small", hard={"pods": "2"}), deployment("web", 3)).settle()

    chain = lines(why(sim, "deployments", sim.get("deployments", "web"), "rollout"))
    full = why(sim, "resourcequotas", sim.get("resourcequotas", "small"), "quota")

    assert chain[1].startswith("The API server refuses its pods: exceeded quota: small, requested: pods=1")
    assert chain[2] == "The quota small allows no more than pods=2."
    assert lines(full) == [
        "Of pods all is used: the API server refuses what would be more.",
        "test made ResourceQuota small",
    ]


def test_a_quota_that_counts_what_nobody_says_names_the_field() -> None:
    sim = Sim(nodes=1).apply(made("ResourceQuota", "small", hard={"requests.cpu": "2"}), deployment("web")).settle()

    found = why(sim, "deployments", sim.get("deployments", "web"), "rollout")

    assert "counts requests.cpu" in lines(found)[2]
    assert found.links[2].field == "spec.template.spec.containers[].resources"


def test_an_account_that_is_not_there_is_no_matter_of_a_quota() -> None:
    web = deployment("web")
    web["spec"]["template"]["spec"]["serviceAccountName"] = "defualt"
    sim = Sim(nodes=1).apply(web).settle()

    found = why(sim, "deployments", sim.get("deployments", "web"), "rollout")

    assert lines(found)[2] == "There is no ServiceAccount defualt in default; there is default."
    assert [link.lookup for link in found.links[1:3]] == ["ServiceAccount", "ServiceAccount"]


def test_a_command_that_cannot_be_started_says_what_the_runtime_says() -> None:
    sim = Sim(nodes=1).apply(deployment("web", command=["ngnix"])).run(20)

    chain = lines(why(sim, "pods", sim.pods("web")[0], "crashing"))

    assert chain[1].endswith('could not even be started: exec: "ngnix": executable file not found in $PATH')


def test_ends_are_counted_with_the_first_one() -> None:
    sim = Sim(nodes=1).apply(deployment("web", command=["sh", "-c", "exit 3"])).run(20)
    body = sim.pods("web")[0]
    restarts = body["status"]["containerStatuses"][0]["restartCount"]

    found = why(sim, "pods", body, "crashing")

    assert lines(found)[0].startswith(f"web has ended {restarts + 1} times")


def test_a_sidecar_that_does_not_start_is_named_with_its_probe() -> None:
    probe = {"httpGet": {"path": "/nope", "port": 80}, "periodSeconds": 2}
    sidecar = {"name": "proxy", "image": "nginx", "restartPolicy": "Always", "startupProbe": probe}
    sim = Sim(nodes=1).apply(pod("web", spec={"initContainers": [sidecar]})).run(5)

    found = why(sim, "pods", sim.get("pods", "web"), "starting")

    assert "the sidecar proxy, whose startup probe GET /nope on port 80 fails" in lines(found)[0]
    assert found.links[0].field == "spec.initContainers[proxy].startupProbe"


def test_a_pod_that_waits_for_a_claim_says_why_the_claim_waits() -> None:
    claim = made("PersistentVolumeClaim", "data", storageClassName="fats", accessModes=["ReadWriteOnce"])
    claim["spec"]["resources"] = {"requests": {"storage": "1Gi"}}
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    sim = Sim(nodes=1).apply(claim, pod("db", spec={"volumes": [volume]})).run(10)

    chain = lines(why(sim, "pods", sim.get("pods", "db"), "pending"))

    assert chain[2].startswith("There is no StorageClass fats")


def test_a_job_whose_image_is_not_there_has_a_reason() -> None:
    stuck = job("stuck")
    stuck["spec"]["template"]["spec"]["containers"][0]["image"] = "ngnix"
    sim = Sim(nodes=1).apply(stuck).run(10)

    chain = lines(why(sim, "jobs", sim.get("jobs", "stuck"), "job"))

    assert chain[0] == "0 of 1 pod have done their work."
    assert "cannot pull ngnix" in chain[1]


def test_the_replacement_of_a_lost_pod_crashes_because_of_its_template_and_not_of_the_loss() -> None:
    sim = Sim(nodes=2, addons=True).apply(deployment("bad", command=["sh", "-c", "exit 3"])).run(20)
    sim.apply(fault("NodeCrash", "crash", node=sim.pods("bad")[0]["spec"]["nodeName"])).run(200)
    heir = max(sim.pods("bad"), key=lambda one: one["metadata"]["creationTimestamp"])

    crashes, here = (why(sim, "pods", heir, slug) for slug in ("crashing", "here"))

    assert lines(crashes)[-1] == "test made Deployment bad with 1 pod"
    assert "test began the fault crash" in lines(here)[-1]


def test_what_had_ended_was_removed_and_not_killed() -> None:
    sim = Sim(nodes=1).apply(pod("web"), job("done", ttlSecondsAfterFinished=5)).run(4)
    killed, ended = sim.get("pods", "web"), sim.list("pods", "default")[0]
    sim.delete("pods", "web").run(40)

    assert why(sim, "pods", killed, "killed").question == "Why was web killed?"
    assert why(sim, "pods", ended, "killed").question == f"Why was {ended['metadata']['name']} removed?"


def test_a_job_is_there_because_of_its_schedule_and_not_of_the_job_before() -> None:
    container = {"name": "c", "image": "busybox", "command": ["true"]}
    template = {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [container]}}}}
    cron = made("CronJob", "tick", "batch/v1", schedule="*/1 * * * *", jobTemplate=template)
    sim = Sim(nodes=1).apply(cron).run(200)
    last = max(sim.list("jobs"), key=lambda one: one["metadata"]["name"])

    chain = lines(why(sim, "jobs", last, "here"))

    assert chain[1:] == ["The schedule of tick is */1 * * * *.", "test made CronJob tick with the schedule */1 * * * *"]


def test_an_autoscaler_that_a_fault_keeps_busy_ends_at_the_fault_with_its_arithmetic() -> None:
    room = {"requests": {"cpu": "100m"}, "limits": {"cpu": "500m"}}
    sim = Sim(nodes=1).apply(deployment("web", 2, resources=room), scaler(2, 4)).run(60)
    sim.apply(fault("CPUHog", "hog", pod=sim.pods("web")[0]["metadata"]["name"])).run(90)

    wants = why(sim, "horizontalpodautoscalers", sim.get("horizontalpodautoscalers", "web"), "scaling")
    has = why(sim, "deployments", sim.get("deployments", "web"), "size")

    assert wants.question == "Why does web want 4 pods?"
    assert "test began the fault hog (CPUHog)" in lines(wants)[-1]
    assert any("rounded up" in str(word) for row in wants.figures[0].rows for word in row.words)
    assert has.question == "Why does web have 4 pods?"
    assert "test began the fault hog (CPUHog)" in lines(has)[-1]


def test_a_cordoned_node_names_the_budget_for_which_a_drain_waits() -> None:
    budget = made("PodDisruptionBudget", "all", "policy/v1", minAvailable=1, selector={"matchLabels": {"app": "web"}})
    sim = Sim(nodes=1).apply(deployment("web"), budget).run(10)
    sim.patch("nodes", "worker-1", "spec.unschedulable", True, "").run(1)

    chain = lines(why(sim, "nodes", sim.get("nodes", "worker-1"), "node"))

    assert chain[1].endswith("its budget all lets nobody go.")


def test_a_service_of_which_some_pods_are_not_ready_says_which_and_why() -> None:
    sim = Sim(nodes=1).apply(deployment("web"), service("web")).settle()
    sim.apply(pod("other", image="ngnix")).patch("pods", "other", "metadata.labels", {"app": "web"}).run(10)

    found = why(sim, "services", sim.get("services", "web"), "endpoints")

    assert found.question == "Why does only 1 of 2 pods of web get requests?"
    assert not found.urgent
    assert lines(found)[1].startswith("other: The kubelet of worker-1 cannot pull ngnix")


def test_a_policy_that_selects_nobody_names_the_nearest() -> None:
    policy = made("NetworkPolicy", "deny", "networking.k8s.io/v1", podSelector={"matchLabels": {"app": "wed"}})
    sim = Sim(nodes=1).apply(deployment("web"), policy).settle()

    chain = lines(why(sim, "networkpolicies", sim.get("networkpolicies", "deny"), "policy"))

    assert chain[1].endswith("with app=web.")


def test_names_and_addresses_that_nobody_has_are_explained() -> None:
    sim = Sim(nodes=1, addons=True).apply(deployment("web"), service("web")).run(20)

    assert "The nearest name is web, of the Service web." in failed(sim, "wed")
    assert any(line.endswith("but not with a port of it: it has 80.") for line in failed(sim, "web", port=81))
    assert failed(sim, "10.0.0.77")[-1].endswith("of this cluster has the address 10.0.0.77.")


def test_a_pod_whose_binding_is_forgotten_did_not_name_its_node_itself() -> None:
    sim = Sim(nodes=1).apply(deployment("web")).settle()

    chain = lines(why(sim, "pods", sim.pods("web")[0], "placed", forgets=sim.loop.revision))

    assert (
        chain[0] == "It came to worker-1, and what the log still holds begins later: who chose is not known any more."
    )


def test_every_step_of_a_chain_has_its_moment() -> None:
    sim = Sim(nodes=2, addons=True).apply(deployment("web", 2), service("web", selector={"app": "weg"})).run(20)
    sim.apply(pod("big", resources={"requests": {"cpu": "100"}}), deployment("bad", image="ngnix")).run(10)
    sim.patch("nodes", "worker-1", "spec.unschedulable", True, "").run(1)
    sim.delete("pods", sim.pods("web")[0]).run(2)

    for resource in ("pods", "deployments", "replicasets", "services", "endpointslices", "nodes"):
        for body in sim.list(resource):
            for answer in answers(resource, body, SimEvidence(sim)):
                assert all(link.at for link in answer.links), (resource, answer.question, lines(answer))


def test_a_webhook_that_says_no_is_named() -> None:
    told = 'admission webhook "policy.example.com" denied the request: no latest tags'
    failure = {"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": told}
    since = {"lastTransitionTime": "2026-01-05T09:00:00Z"}
    body = {"metadata": {"name": "web", "namespace": "default"}, "status": {"conditions": [{**failure, **since}]}}

    said, rule = refused(body, SimEvidence(Sim(nodes=1)))

    assert str(said) == f"The API server refuses its pods: {told}."
    assert str(rule) == "Whoever answers for the webhook policy.example.com says no."
    assert rule.term is not None
