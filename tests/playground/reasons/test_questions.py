"""Each question on the log of a Sim: a short chain that ends at the field or the event that began it."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body, put
from playground.reasons.answer import MOST, Answer, Spelt
from playground.reasons.questions import QUESTIONS
from playground.reasons.questions.request import why_failed
from tests.networking.traffic.crowd import traffic
from tests.playground.reasons.simevidence import SimEvidence, lines, why
from tests.sim import Sim, deployment, job, pod, service

BAD = ["sh", "-c", "echo boom; exit 3"]
PROBE = {"httpGet": {"path": "/nope", "port": 80}, "periodSeconds": 1, "failureThreshold": 2}


def figures(answer: Answer) -> dict[str, str]:
    return {row.label: "".join(map(str, row.words)) for table in answer.figures for row in table.rows}


def claim(name: str, class_: str) -> Body:
    spec = {"storageClassName": class_, "accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


def pending(sim: Sim, spec: Body, **container: Any) -> list[str]:
    sim.apply(pod("big", spec=spec, **container)).run(2)
    return lines(why(sim, "pods", sim.get("pods", "big"), "pending"))


def test_a_pod_is_here_because_of_whoever_wrote_its_deployment() -> None:
    sim = Sim(nodes=1).apply(deployment("web")).settle()

    chain = lines(why(sim, "pods", sim.pods("web")[0], "here"))

    assert chain == [
        f"replicaset-controller made pod {sim.pods('web')[0]['metadata']['name']}: 1 of 1 replicas was missing",
        f"deployment-controller made ReplicaSet {sim.list('replicasets')[0]['metadata']['name']}: revision 1 needs it",
        "test made Deployment web with 1 pod",
    ]


def test_a_pod_is_on_this_node_because_the_scheduler_chose_it() -> None:
    sim = Sim(nodes=2).apply(pod("web", spec={"nodeSelector": {"kubernetes.io/os": "linux"}})).settle()

    found = why(sim, "pods", sim.get("pods", "web"), "placed")

    assert lines(found)[0].startswith("default-scheduler put web on worker-")
    assert [link.field for link in found.links] == ["", "spec.nodeSelector", ""]


def test_a_pod_is_pending_for_want_of_room() -> None:
    sim = Sim(nodes=2)

    chain = pending(sim, {}, resources={"requests": {"cpu": "100"}})

    assert chain[0].startswith("The scheduler found no node for it: 0/3 nodes are available:")
    assert chain[1:] == ["On 2 nodes: it asks for more cpu than is left there.", "test made pod big"]
    assert figures(why(sim, "pods", sim.get("pods", "big"), "pending"))["cpu that it asks for"] == "100 CPU"


def test_a_pod_is_pending_because_of_a_taint() -> None:
    sim = Sim(nodes=1)
    sim.patch("nodes", "worker-1", "spec.taints", [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}], "")

    assert pending(sim, {})[1] == "On 1 node: it does not tolerate the taint gpu: yes."


def test_a_pod_is_pending_because_of_its_own_wishes() -> None:
    chain = pending(Sim(nodes=1), {"nodeSelector": {"disk": "ssd"}})

    assert chain[1] == "On 1 node: the node does not have the label disk=ssd."


def test_a_pod_is_pending_because_of_a_volume() -> None:
    sim = Sim(nodes=1)
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}

    chain = pending(sim, {"volumes": [volume]})

    assert 'persistentvolumeclaim "data" not found' in chain[0]
    assert chain[1] == "Everywhere: there is no claim data."


def test_a_pod_is_pending_because_its_gate_is_closed() -> None:
    assert (
        "its gate example.com/wait is closed"
        in pending(Sim(nodes=1), {"schedulingGates": [{"name": "example.com/wait"}]})[0]
    )


def test_a_pod_was_killed_by_whoever_deleted_it() -> None:
    sim = Sim(nodes=1).apply(pod("web")).settle()
    body = sim.get("pods", "web")
    sim.delete("pods", "web").run(40)

    assert lines(why(sim, "pods", body, "killed")) == ["test asked web to go"]


def test_a_pod_that_took_too_much_memory_says_so_with_its_limit() -> None:
    limits = {"limits": {"memory": "4Mi"}}
    sim = Sim(nodes=1).apply(pod("big", spec={"restartPolicy": "Never"}, resources=limits)).settle()

    found = why(sim, "pods", sim.get("pods", "big"), "crashing")

    assert "It took more memory than its limit of 4Mi, and the kernel ended it." in lines(found)
    assert "spec.containers[big].resources.limits.memory" in [link.field for link in found.links]


def test_a_deleted_pod_comes_back_because_its_owner_counts() -> None:
    sim = Sim(nodes=1).apply(deployment("web", 2)).settle()
    gone = sim.pods("web")[0]["metadata"]["name"]
    sim.delete("pods", gone).settle()
    heir = max(sim.running("web"), key=lambda one: int(one["metadata"]["resourceVersion"]))

    found = why(sim, "pods", heir, "returned")

    assert found.question == f"Why did it come back after {gone} was deleted?"
    assert "wants 2 pods, and had fewer. To be rid of them, scale it or delete it." in lines(found)[1]
    assert lines(found)[-1] == f"test asked {gone} to go"


def test_a_service_without_endpoints_shows_the_nearest_miss_with_its_letters() -> None:
    sim = Sim(nodes=1).apply(deployment("frontend"), service("front", selector={"app": "frontent"})).settle()

    found = why(sim, "services", sim.get("services", "front"), "endpoints")

    assert lines(found)[0] == "It selects app=frontent, and no pod of this namespace has these labels."
    (spelt,) = [word for word in found.links[1].words if isinstance(word, Spelt)]
    assert spelt.parts == (("app=fronten", False), ("d", True))
    assert lines(found)[-1].startswith("test made Service front")


def test_a_service_whose_selector_was_changed_names_the_change() -> None:
    sim = Sim(nodes=1).apply(deployment("web"), service("web")).settle()
    sim.patch("services", "web", "spec.selector", {"app": "wed"}).settle()

    assert lines(why(sim, "services", sim.get("services", "web")))[-1] == "test changed what Service web selects"


def test_a_service_without_a_ready_pod_says_why_the_pod_is_not_ready() -> None:
    sim = Sim(nodes=1).apply(deployment("web", readinessProbe=PROBE), service("web")).run(10)

    chain = lines(why(sim, "services", sim.get("services", "web"), "endpoints"))

    assert chain[0] == "It selects 1 pod, and none of them is ready."
    assert any("readiness probe GET /nope on port 80 fails" in line for line in chain)
    assert chain[-1] == "test made Deployment web with 1 pod"


def test_a_service_with_a_wrong_target_port_shows_the_ports_in_a_row() -> None:
    ports = [{"port": 80, "targetPort": 8080}]
    sim = Sim(nodes=1).apply(deployment("web"), service("web", ports=ports)).settle()

    found = why(sim, "services", sim.get("services", "web"), "endpoints")

    assert figures(found) == {"port": "80", "targetPort": "8080", "what listens": "80"}
    assert found.links[0].field == "spec.ports[].targetPort"


def test_a_stuck_rollout_shows_its_arithmetic_and_the_write_that_began_it() -> None:
    sim = Sim(nodes=2).apply(deployment("web", 4)).settle()
    sim.patch("deployments", "web", "spec.template.spec.containers", [{"name": "web", "image": "nginx:1.99"}]).run(15)

    found = why(sim, "deployments", sim.get("deployments", "web"), "rollout")

    assert figures(found)["maxSurge"] == "1: at most 5 pods at once; there are 5"
    assert figures(found)["maxUnavailable"] == "1: at least 3 available; there are 3"
    assert any("The registry has nginx, but not with the tag 1.99" in line for line in lines(found))
    assert "gave web a new pod template" in lines(found)[-1]


def test_a_finalizer_holds_an_object_in_terminating() -> None:
    held = put(pod("web"), "metadata.finalizers", ["example.com/mine"])
    sim = Sim(nodes=1).apply(held).settle()
    sim.delete("pods", "web").run(40)

    chain = lines(why(sim, "pods", sim.get("pods", "web"), "terminating"))

    assert chain[0].startswith("The finalizer example.com/mine holds it")
    assert chain[-1] == "test asked web to go"


def test_a_claim_that_a_pod_uses_names_the_pod() -> None:
    sim = Sim(nodes=1).apply(claim("data", "standard"))
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    sim.apply(pod("db", spec={"volumes": [volume]})).settle()
    sim.delete("persistentvolumeclaims", "data").settle()

    chain = lines(why(sim, "persistentvolumeclaims", sim.get("persistentvolumeclaims", "data"), "terminating"))

    assert chain[1] == "db uses it."


def test_a_crash_loop_shows_exit_code_last_line_and_back_off() -> None:
    sim = Sim(nodes=1).apply(deployment("bad", command=BAD)).run(20)

    found = why(sim, "pods", sim.pods("bad")[0], "crashing")

    assert "exit code 3" in lines(found)[1]
    assert lines(found)[1].endswith("Its last line was boom")
    assert lines(found)[2] == "That is what its command comes to: sh -c echo boom; exit 3"
    assert lines(found)[3] == "test made Deployment bad with 1 pod"
    assert found.figures[0].due > sim.now
    assert figures(found)["The wait now"].endswith("it doubles each time, up to a limit")


def test_a_container_killed_by_its_liveness_probe_names_the_probe() -> None:
    sim = Sim(nodes=1).apply(deployment("web", livenessProbe=PROBE)).run(60)

    chain = lines(why(sim, "pods", sim.pods("web")[0]))

    assert any("liveness probe GET /nope on port 80 failed 2 times in a row" in line for line in chain)


def test_an_image_that_is_not_there_names_the_nearest_tag() -> None:
    sim = Sim(nodes=1).apply(deployment("web", image="nginx:1.29x")).run(5)

    found = why(sim, "pods", sim.pods("web")[0], "pull")

    assert lines(found)[1].startswith(
        "The registry has nginx, but not with the tag 1.29x; the nearest that exists is nginx:1.29"
    )
    assert found.links[1].field == "spec.containers[web].image"


def test_an_image_whose_name_is_misspelt_names_the_nearest_repository() -> None:
    sim = Sim(nodes=1).apply(deployment("web", image="ngnix")).run(5)

    assert "the nearest that exists is nginx:latest" in lines(why(sim, "pods", sim.pods("web")[0], "pull"))[1]


def test_a_claim_is_pending_because_its_class_is_not_there() -> None:
    sim = Sim(nodes=1).apply(claim("data", "fats")).run(5)

    chain = lines(why(sim, "persistentvolumeclaims", sim.get("persistentvolumeclaims", "data")))

    assert chain[1].startswith("There is no StorageClass fats")
    assert chain[-1].startswith("test made claim data")


def test_an_autoscaler_that_knows_no_metric_says_which_request_is_missing() -> None:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"}
    metric = {
        "type": "Resource",
        "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 5}},
    }
    spec = {"scaleTargetRef": target, "minReplicas": 1, "maxReplicas": 4, "metrics": [metric]}
    hpa = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}, "spec": spec}
    sim = Sim(nodes=1).apply(deployment("web"), hpa).run(60)

    found = why(sim, "horizontalpodautoscalers", sim.get("horizontalpodautoscalers", "web"), "scaling")

    assert "missing request for cpu" in lines(found)[1]
    assert found.links[1].field == "spec.containers[].resources.requests of the pods"


def test_a_job_failed_because_of_its_command() -> None:
    sim = Sim(nodes=1).apply(job("fail", "echo sorry; exit 3", backoffLimit=1)).run(30)

    chain = lines(why(sim, "jobs", sim.get("jobs", "fail"), "job"))

    assert chain[0].startswith("BackoffLimitExceeded")
    assert "exit code 3" in chain[1]
    assert chain[1].endswith("its last line was sorry")
    assert chain[2] == "test made Job fail, to run sh -c echo sorry; exit 3"


def test_a_request_fails_where_its_way_ends() -> None:
    sim = Sim(nodes=1, addons=True).apply(deployment("web"), service("web", selector={"app": "weg"})).run(20)

    found = why_failed(sim.send(sim.pods("web")[0], "web"), SimEvidence(sim))

    assert found is not None
    assert "connection refused" in lines(found)[0]
    assert "The nearest is" in "".join(lines(found)) or "made Service web" in lines(found)[-1]


def test_the_traffic_to_a_service_without_endpoints_is_led_back_to_its_selector() -> None:
    sim = Sim(nodes=1, addons=True).apply(deployment("web"), service("web", selector={"app": "weg"})).run(20)
    sim.apply(traffic(rate=20)).run(5)

    chain = lines(why(sim, "traffic", sim.get("traffic", "load"), "traffic"))

    assert chain[0] == "no endpoints: no ready pod stands behind the Service, so the node refuses the connection."
    assert chain[-1].startswith("test made Service web")


def test_a_request_that_was_answered_has_no_reason() -> None:
    sim = Sim(nodes=1, addons=True).apply(deployment("web"), service("web")).run(20)

    assert why_failed(sim.send(sim.pods("web")[0], "web"), SimEvidence(sim)) is None


def test_a_pod_is_not_ready_because_of_its_probe_and_the_probe_has_a_history() -> None:
    sim = Sim(nodes=1).apply(deployment("web", readinessProbe=PROBE)).run(10)

    found = why(sim, "pods", sim.pods("web")[0], "not-ready")

    assert "HTTP probe failed with statuscode: 404" in lines(found)[1]
    assert figures(found)["readiness probe"] == "GET /nope on port 80 every 1 s"


def test_an_ingress_without_a_controller_is_only_a_signpost() -> None:
    rule = {
        "http": {
            "paths": [
                {"path": "/", "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"number": 80}}}}
            ]
        }
    }
    body = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "shop"},
        "spec": {"ingressClassName": "none", "rules": [rule]},
    }
    sim = Sim(nodes=1).apply(body).settle()

    chain = lines(why(sim, "ingresses", sim.get("ingresses", "shop"), "ingress"))

    assert chain[1] == "It names the class none, and there is no such IngressClass."


def test_a_cordoned_node_names_who_cordoned_it() -> None:
    sim = Sim(nodes=1).patch("nodes", "worker-1", "spec.unschedulable", True, "").run(1)

    assert "test cordoned worker-1" in lines(why(sim, "nodes", sim.get("nodes", "worker-1"), "node"))[1]


def test_where_the_log_has_forgotten_each_object_still_knows_its_last_cause() -> None:
    sim = Sim(nodes=1).apply(deployment("web")).settle()
    body = sim.pods("web")[0]

    chain = lines(why(sim, "pods", body, "here", forgets=sim.loop.revision))

    assert chain[0].startswith(f"{body['metadata']['name']} was made at 09:00:03, before what the log still holds")
    assert "web was made at 09:00:03" in chain[-1]


def test_a_healthy_object_has_no_pressing_question() -> None:
    sim = (
        Sim(nodes=1)
        .apply(deployment("web", readinessProbe={"httpGet": {"path": "/", "port": 80}}), service("web"))
        .settle()
    )

    for resource in ("pods", "deployments", "replicasets", "services", "nodes"):
        for body in sim.list(resource):
            assert not why(sim, resource, body).urgent


def test_every_question_has_a_name_of_its_own_and_no_chain_is_longer_than_five() -> None:
    assert len({question.slug for question in QUESTIONS}) == len(QUESTIONS)
    assert MOST == 5


def test_a_request_that_a_policy_stops_is_led_back_to_whoever_made_it() -> None:
    sim = Sim(nodes=2, addons=True).apply(deployment("web"), service("web")).run(20)
    deny = {"podSelector": {}, "policyTypes": ["Ingress"]}
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny"}}
    sim.apply({**head, "spec": deny}, traffic(rate=20)).run(5)

    chain = lines(why(sim, "traffic", sim.get("traffic", "load"), "traffic"))

    assert chain[0].startswith("policy: a NetworkPolicy drops the packets")
    assert chain[-1].startswith("test made NetworkPolicy deny")


def test_a_name_that_fails_is_led_back_to_the_name_servers() -> None:
    sim = Sim(nodes=1, addons=True).apply(deployment("web"), service("web")).run(20)
    sim.patch("deployments", "coredns", "spec.replicas", 0, "kube-system").run(5)

    found = why_failed(sim.send(sim.pods("web")[0], "web"), SimEvidence(sim))

    assert found is not None
    assert "scaled coredns from 2 to 0" in "".join(lines(found)) or "kube-dns" in lines(found)[-1]
