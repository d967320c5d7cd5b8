"""What a crowd of clients meets on its way."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, is_deleting, labels_of
from clusters.kinds.problem import Status
from clusters.reconcile.world import Due
from tests.networking.traffic.crowd import by_pod, failed, flows, p99, reasons, status, traffic
from tests.sim import Sim, UserView, deployment, fault, pod, service

GOOD: Body = {
    "readinessProbe": {"httpGet": {"port": 80}, "periodSeconds": 1},
    "lifecycle": {"preStop": {"exec": {"command": ["sleep", "3"]}}},
}
ROLLING: Body = {"strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}}


@pytest.fixture
def sim() -> Sim:
    return Sim(addons=True)


def test_what_is_wanted_is_sent_and_answered(sim: Sim) -> None:
    sim.apply(deployment("web", 3), service("web")).settle()

    sim.apply(traffic(rate=500)).run(10.5)

    found = status(sim)
    assert found["phase"] == "Running"
    assert found["rate"] == 500
    assert found["sent"] == found["succeeded"] == 5000
    assert found["failed"] == 0
    assert p99(sim) < 10


def test_without_traffic_there_is_nothing_to_do(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web"), traffic()).run(3)

    sim.delete("traffic", "load").run(2)

    seen = len(sim.log)
    sim.run(20)
    assert not sim.list("crowds")
    assert not sim.list("sightings")
    assert not [entry for entry in sim.log[seen:] if entry.actor == "traffic"]


def test_the_pods_of_a_deployment_share_evenly(sim: Sim) -> None:
    sim.apply(deployment("web", 4), service("web")).settle()

    sim.apply(traffic(rate=10_000)).run(5)

    shares = by_pod(sim)
    assert len(shares) == 4
    assert all(abs(count - 2500) < 250 for count in shares.values()), shares


def test_a_service_without_endpoints_says_so(sim: Sim) -> None:
    sim.apply(service("web")).settle()

    sim.apply(traffic()).run(5)

    assert list(reasons(sim)) == ["no endpoints"]


def test_a_port_on_which_nobody_listens_refuses(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web", ports=[{"port": 80, "targetPort": 8081}])).settle()

    sim.apply(traffic()).run(5)

    assert list(reasons(sim)) == ["connection refused"]


def test_a_policy_stops_it_with_that_reason(sim: Sim) -> None:
    sim.apply(deployment("web", 2), service("web"), pod("client", "busybox", command=["sleep", "9999"])).settle()
    sender = {"where": "Pods", "selector": {"matchLabels": {"app": "client"}}}
    sim.apply(traffic(sender=sender)).run(5)
    assert failed(sim) == 0

    policy = {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"]}
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "deny"}}
    sim.apply({**head, "spec": policy}).run(5)

    assert list(reasons(sim)) == ["policy"]
    assert failed(sim) >= 4 * 200


def test_a_name_that_nobody_knows_fails_for_the_name_server(sim: Sim) -> None:
    sim.apply(pod("client", "busybox", command=["sleep", "9999"])).settle()
    sender = {"where": "Pods", "selector": {"matchLabels": {"app": "client"}}}

    sim.apply(traffic(target={"url": "http://shop.nowhere/"}, sender=sender)).run(4)

    assert list(reasons(sim)) == ["DNS"]
    (seen,) = sim.list("sightings")
    tried = [name for what, name, _ in seen["failures"][0]["hops"] if what == "name"]
    assert tried == [
        "shop.nowhere.default.svc.cluster.local.",
        "shop.nowhere.svc.cluster.local.",
        "shop.nowhere.cluster.local.",
        "shop.nowhere.",
    ]


def test_nobody_sends_while_no_pod_matches(sim: Sim) -> None:
    sender = {"where": "Pods", "selector": {"matchLabels": {"app": "client"}}}

    sim.apply(service("web"), traffic(sender=sender)).run(3)

    assert status(sim)["phase"] == "Waiting"
    assert status(sim)["sent"] == 0


def test_a_rollout_with_readiness_and_prestop_fails_nothing(sim: Sim) -> None:
    sim.apply(deployment("web", 3, spec=ROLLING, **GOOD), service("web")).settle()
    sim.apply(traffic(rate=500)).run(5)
    before = {one["metadata"]["name"] for one in sim.pods("web")}

    sim.patch("deployments", "web", "spec.template.metadata.labels", {"app": "web", "v": "2"}).run(60)

    assert before.isdisjoint(by_pod_names(sim))
    assert status(sim)["sent"] > 30_000
    assert failed(sim) == 0, reasons(sim)


def test_a_rollout_without_them_fails_a_counted_few(sim: Sim) -> None:
    sim.apply(deployment("web", 3), service("web")).settle()
    sim.apply(traffic(rate=500)).run(5)

    sim.patch("deployments", "web", "spec.template.metadata.labels", {"app": "web", "v": "2"}).run(60)

    assert 0 < failed(sim) < status(sim)["sent"] // 20, reasons(sim)


def by_pod_names(sim: Sim) -> set[str]:
    return {name.partition("/")[2] for name in by_pod(sim)}


def test_a_dead_node_fails_requests_until_it_is_noticed_and_no_longer(sim: Sim) -> None:
    sim.apply(deployment("web", 3), service("web")).settle()
    sim.apply(traffic(rate=300)).run(5)
    assert failed(sim) == 0
    lost = sim.pods("web")[0]["spec"]["nodeName"]

    sim.crash(lost).run(4)
    during = failed(sim)
    sim.run(10)
    noticed = failed(sim)
    sim.run(30)

    assert during > 0
    assert "stale rule" in reasons(sim)
    assert failed(sim) == noticed


def test_a_machine_that_hears_nothing_leads_to_pods_that_are_gone(sim: Sim) -> None:
    sim.apply(deployment("web", 3), service("web")).settle()
    sim.apply(traffic(rate=300), fault("ProxyFreeze", "deaf", node="worker-1")).run(3)
    before = {one["status"]["podIP"] for one in sim.pods("web")}
    for one in list(sim.pods("web")):
        sim.delete("pods", one)

    sim.run(10)

    assert before.isdisjoint(one["status"]["podIP"] for one in sim.running("web"))
    assert list(reasons(sim)) == ["stale rule"]
    assert {one["from"] for one in sim.get("sightings", "load")["failures"]} == {"a program on worker-1"}


def test_a_client_stays_at_its_pod_through_a_rollout_of_the_others(sim: Sim) -> None:
    sim.apply(deployment("web", 1, **GOOD), service("web", sessionAffinity="ClientIP")).settle()
    sim.apply(pod("client", "busybox", command=["sleep", "9999"])).settle()
    sender = {"where": "Pods", "selector": {"matchLabels": {"app": "client"}}}
    sim.apply(traffic(rate=50, sender=sender)).run(4)
    home = by_pod_names(sim)

    sim.patch("deployments", "web", "spec.replicas", 4).run(15)

    assert len(home) == 1
    assert by_pod_names(sim) == home
    assert failed(sim) == 0


def test_a_client_leaves_its_pod_only_when_a_rolling_update_takes_it_away(sim: Sim) -> None:
    sim.apply(deployment("web", 4, spec=ROLLING, **GOOD), service("web", sessionAffinity="ClientIP")).settle()
    sim.apply(pod("client", "busybox", command=["sleep", "9999"])).settle()
    sender = {"where": "Pods", "selector": {"matchLabels": {"app": "client"}}}
    sim.apply(traffic(rate=50, sender=sender)).run(4)
    homes = [next(iter(by_pod_names(sim)))]

    sim.patch("deployments", "web", "spec.template.metadata.labels", {"app": "web", "v": "2"})
    calm = 0
    while calm < 5:  # seconds after the last of the old ones
        sim.run(1)
        calm = calm + 1 if all(labels_of(one).get("v") for one in sim.pods("web")) else 0
        ready = {one["metadata"]["name"] for one in sim.pods("web") if not is_deleting(one)}
        now = by_pod_names(sim)
        if homes[-1] in ready:
            assert now == {homes[-1]}
        homes += sorted(now - {homes[-1]}) if len(now) == 1 else []

    assert failed(sim) == 0, reasons(sim)
    assert 2 <= len(homes) <= 5
    assert homes[-1] in {one["metadata"]["name"] for one in sim.running("web")}


def test_an_ingress_without_anybody_behind_it_answers_503(sim: Sim) -> None:
    sim.apply(service("web"), ingress()).run(15)

    sim.apply(traffic(target={"ingress": "shop.example"})).run(4)

    assert list(reasons(sim)) == ["HTTP 503"]


def test_each_rule_of_an_ingress_has_its_own_counts(sim: Sim) -> None:
    backends = [{"service": {"name": name, "port": {"number": 80}}} for name in ("web", "empty")]
    paths = [
        {"path": path, "pathType": "Prefix", "backend": to} for path, to in zip(("/", "/none"), backends, strict=True)
    ]
    rules = [{"host": "shop.example", "http": {"paths": paths}}]
    sim.apply(deployment("web", 1), service("web"), service("empty", selector={"app": "nobody"}), ingress(rules=rules))
    sim.run(15)

    sim.apply(traffic("good", 100, target={"ingress": "shop.example"}))
    sim.apply(traffic("bad", 50, target={"ingress": "shop.example"}, path="/none")).run(4)

    (good,), (bad,) = (sim.get("sightings", name)["routes"] for name in ("good", "bad"))
    whole = "Ingress default/shop: host shop.example, path / (Prefix)"
    assert (good["name"], good["ok"], good["failing"]) == (whole, 100, 0)
    assert good["p50"] > 0
    assert (bad["name"].split(", ")[1], bad["failing"], bad["reason"]) == ("path /none (Prefix)", 50, "HTTP 503")


def test_who_hangs_lets_the_client_wait_until_its_patience_is_over(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web")).settle()
    sim.apply(fault("ContainerHang", "hang", pod=sim.pods("web")[0]["metadata"]["name"], namespace="default"))

    sim.apply(traffic(rate=50, timeout="700ms")).run(4)

    assert list(reasons(sim)) == ["timeout"]
    assert {one["took"] for one in sim.get("sightings", "load")["failures"]} == {700_000}


def test_an_ingress_with_a_certificate_is_spoken_to_by_https(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web"), ingress(tls=[{"hosts": ["shop.example"], "secretName": "x"}])).run(
        15
    )

    sim.apply(traffic(target={"ingress": "shop.example"})).run(4)

    (way, *_) = sim.get("sightings", "load")["answered"]
    assert way["status"] == 200
    assert "tls" in [hop[0] for hop in way["hops"]]


def test_who_speaks_no_tls_is_no_goal_for_https(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web"), pod("client", "busybox", command=["sleep", "9999"])).settle()
    sender = {"where": "Pods", "selector": {"matchLabels": {"app": "client"}}}

    sim.apply(traffic("safe", target={"url": "https://web:80/"}, sender=sender)).run(3)

    assert list(reasons(sim, "safe")) == ["TLS"]


def test_the_name_servers_cpu_is_booked_for_what_they_answer(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web"), pod("client", "busybox", command=["sleep", "9999"])).settle()
    sender = {"where": "Pods", "selector": {"matchLabels": {"app": "client"}}}
    sim.run(20)
    before = cpu_of_names(sim)

    sim.apply(traffic(rate=2000, sender=sender)).run(20)

    assert cpu_of_names(sim) > 2 * before + 10


def cpu_of_names(sim: Sim) -> int:
    """Millicores of all CoreDNS pods."""
    view = UserView(sim.loop, Due(sim.now, 0, 0))
    pods = [one for one in sim.list("pods", "kube-system") if one["metadata"]["name"].startswith("coredns")]
    used = [use.cpu for one in pods for use in (view.kernel.metrics.pod(view, one) or {}).values()]
    return sum(used) // 1_000_000


def ingress(**spec: object) -> Body:
    backend = {"service": {"name": "web", "port": {"number": 80}}}
    rule = {"host": "shop.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "shop"}}
    return {**head, "spec": {"ingressClassName": "nginx", "rules": [rule], **spec}}


def test_a_pod_with_too_much_to_do_gets_slow_and_others_help(sim: Sim) -> None:
    limits: Body = {"resources": {"requests": {"cpu": "200m"}, "limits": {"cpu": "500m"}}}
    sim.apply(deployment("web", 1, image="registry.k8s.io/hpa-example", **limits), service("web")).settle()
    scaler = {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 1,
        "maxReplicas": 10,
        "metrics": [
            {
                "type": "Resource",
                "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}},
            }
        ],
    }
    head = {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "web"}}
    sim.apply(traffic(rate=60)).run(9)
    slow, lost = p99(sim), failed(sim)

    sim.apply({**head, "spec": scaler}).run(90)

    after = failed(sim)
    sim.run(10)
    assert slow > 1000
    assert lost > 0
    assert "overloaded" in reasons(sim)
    assert len(sim.running("web")) > 2
    assert p99(sim) < slow / 4
    assert failed(sim) == after


def test_a_client_that_tries_again_gets_through(sim: Sim) -> None:
    sim.apply(deployment("web", 3), service("web")).settle()
    sim.apply(traffic(rate=300, retries=5, timeout="1s")).run(5)

    sim.crash(sim.pods("web")[0]["spec"]["nodeName"]).run(10)

    found = status(sim)
    assert found["retried"] > 0
    assert found["failed"] < found["retried"] // 5


def test_traced_requests_tell_their_whole_way(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web")).settle()

    sim.apply(traffic(rate=100)).run(3)

    seen = sim.get("sightings", "load")
    kinds = [hop[0] for hop in seen["answered"][0]["hops"]]
    assert kinds == ["program", "service", "pod"]
    assert sum(one["stands"] for one in seen["answered"]) == 100
    assert "GET / HTTP" in sim.logs(sim.pods("web")[0])


def test_it_ends_when_its_time_is_over(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web")).settle()

    sim.apply(traffic(rate=100, duration="5s")).run(12)

    assert status(sim)["phase"] == "Finished"
    assert 490 <= status(sim)["sent"] <= 510


def test_a_pause_is_a_pause(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web"), traffic(rate=100)).run(6)

    sim.patch("traffic", "load", "spec.paused", True).run(2)
    sent = status(sim)["sent"]
    sim.run(10)

    assert status(sim)["phase"] == "Paused"
    assert status(sim)["sent"] == sent
    sim.patch("traffic", "load", "spec.paused", False).run(3)
    assert status(sim)["phase"] == "Running"
    assert status(sim)["sent"] > sent


def test_a_spike_is_as_high_as_it_says(sim: Sim) -> None:
    sim.apply(deployment("web", 1), service("web")).settle()
    pattern = {"type": "Spike", "factor": 4, "period": "10s", "length": "3s"}

    sim.apply(traffic(rate=100, pattern=pattern)).run(21)

    rates = [point[1] for point in sim.get("sightings", "load")["points"]]
    assert max(rates) == 400
    assert 100 in rates


def test_from_outside_it_needs_a_port_of_a_node(sim: Sim) -> None:
    sim.apply(deployment("web", 2), service("web"), service("open", type="NodePort", selector={"app": "web"})).settle()

    sim.apply(traffic("closed", sender={"where": "Outside"})).run(3)
    sim.apply(traffic("through", target={"service": "open"}, sender={"where": "Outside"})).run(3)

    assert status(sim, "closed")["succeeded"] == 0
    assert status(sim, "through")["failed"] == 0
    assert status(sim, "through")["succeeded"] > 0
    assert {flow["from"] for flow in flows(sim, "through")} == {"outside"}


def test_it_does_not_matter_where_batches_end_or_workers_change() -> None:
    def play(slice_: int, restarts: bool) -> object:
        sim = Sim(addons=True, seed="same")
        sim.slice = slice_
        sim.apply(deployment("web", 2), service("web"), traffic(rate=777, retries=1)).run(6)
        if restarts:
            sim.restart()
        sim.crash("worker-1").run(8)
        return status(sim), list(sim.get("sightings", "load")["points"])

    whole = play(10**9, False)

    assert play(1, False) == whole
    assert play(10**9, True) == whole


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        ({"rate": -1}, "spec.rate"),
        ({"rate": 10**9}, "spec.rate"),
        ({"timeout": "soon"}, "spec.timeout"),
        ({"target": {}}, "spec.target"),
        ({"target": {"service": "web", "url": "http://x/"}}, "spec.target.url"),
        ({"target": {"url": "ftp://x/"}}, "spec.target.url"),
        ({"from": {"where": "Moon"}}, "spec.from.where"),
        ({"from": {"where": "Pods"}}, "spec.from.selector"),
        ({"pattern": {"type": "Storm"}}, "spec.pattern.type"),
        ({"method": "BREW"}, "spec.method"),
    ],
)
def test_what_makes_no_sense_is_refused(spec: dict[str, object], field: str) -> None:
    sim = Sim(nodes=1)
    body = traffic()
    with pytest.raises(Status) as refused:
        sim.apply({**body, "spec": {**body["spec"], **spec}})
    assert field in str(refused.value)
