"""Requests while things change: rollouts, crashes, proxies that lag or stand still (Kubernetes: Pod termination)."""

from __future__ import annotations

from copy import deepcopy

import pytest

from clusters.kernel import Outcome
from clusters.kinds.body import Body, dig
from tests.sim import Sim, deployment, fault, pod, service

SLEEP = ["sleep", "1000000"]
EVERY = 0.05  # seconds between two requests


@pytest.fixture(scope="module")
def born() -> Sim:
    return Sim(addons=True).apply(pod("client", "busybox", command=SLEEP)).settle()


@pytest.fixture
def sim(born: Sim) -> Sim:
    return deepcopy(born)


def careful() -> Body:
    """Readiness that is asked often, and a goodbye that lasts until every proxy has heard of it."""
    return {
        "readinessProbe": {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 1},
        "lifecycle": {"preStop": {"sleep": {"seconds": 2}}},
    }


def web(image: str = "nginx:1.27", count: int = 3, **container: object) -> Body:
    update = {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": 0, "maxSurge": 1}}
    return deployment("web", count, spec={"strategy": update}, image=image, **container)


def under_way(sim: Sim, seconds: float, source: str | None = "client", host: str = "") -> list[tuple[float, Outcome]]:
    """Requests to `web`, one after the other, each with its moment."""
    begin, found = sim.now, []
    host = host or str(sim.get("services", "web")["spec"]["clusterIP"])
    for _ in range(int(seconds / EVERY)):
        found.append(((sim.now - begin) / 1_000_000, sim.send(source, host)))
        sim.run(EVERY)
    return found


def failed(found: list[tuple[float, Outcome]]) -> list[str]:
    return [outcome.reason for _, outcome in found if not outcome.ok]


def test_a_rolling_update_with_readiness_and_pre_stop_fails_no_request(sim: Sim) -> None:
    sim.apply(web(**careful()), service("web")).settle().run(1)

    sim.apply(web("nginx:1.28", **careful()))
    found = under_way(sim, 30)

    assert failed(found) == []
    assert {one["spec"]["containers"][0]["image"] for one in sim.running("web")} == {"nginx:1.28"}


def test_without_them_a_counted_few_fail(sim: Sim) -> None:
    sim.apply(web(), service("web")).settle().run(1)

    sim.apply(web("nginx:1.28"))
    found = under_way(sim, 30)

    reasons = failed(found)
    assert 0 < len(reasons) < len(found) // 10
    assert set(reasons) <= {"connection refused", "no route to host"}
    assert failed(found[-100:]) == []


def test_a_node_crash_fails_requests_until_it_is_noticed_and_no_longer(sim: Sim) -> None:
    sim.apply(web(count=6), service("web")).settle().run(1)
    here = sim.get("pods", "client")["spec"]["nodeName"]
    victim = next(one["spec"]["nodeName"] for one in sim.running("web") if one["spec"]["nodeName"] != here)

    sim.crash(victim)
    found = under_way(sim, 15)

    moments = [when for when, outcome in found if not outcome.ok]
    noticed = sim.world.timings.monitor_grace + sim.world.timings.monitor_period + 2 * sim.world.timings.proxy_sync
    assert moments
    assert max(moments) < noticed / 1_000_000
    assert set(failed(found)) == {"no route to host"}


def test_a_proxy_that_is_cut_off_serves_from_stale_rules(sim: Sim) -> None:
    sim.apply(web(count=2), service("web")).settle().run(1)
    here = sim.get("pods", "client")["spec"]["nodeName"]
    sim.apply(fault("ProxyFreeze", "freeze", node=here)).run(1)

    kept = [sim.send("client", sim.get("services", "web")["spec"]["clusterIP"]) for _ in range(20)]
    sim.apply(web("nginx:1.28", count=2)).settle().run(1)
    stale = [sim.send("client", sim.get("services", "web")["spec"]["clusterIP"]) for _ in range(20)]
    sim.delete("faults", "freeze").run(1)
    healed = [sim.send("client", sim.get("services", "web")["spec"]["clusterIP"]) for _ in range(20)]

    assert all(one.ok for one in kept)
    assert "no route to host" in [one.reason for one in stale]  # unless a new pod has an old address
    assert all(one.ok for one in healed)


def test_what_is_kept_for_a_stale_node_goes_when_it_has_followed(sim: Sim) -> None:
    sim.apply(web(count=2), service("web")).settle().run(1)
    here = sim.get("pods", "client")["spec"]["nodeName"]
    sim.apply(fault("ProxyFreeze", "freeze", node=here)).run(1)
    for image in ("nginx:1.28", "nginx:1.27", "nginx:1.28"):
        sim.apply(web(image, count=2)).settle().run(1)

    during = len(sim.get("proxyrules", "web")["versions"])
    sim.delete("faults", "freeze").run(2)
    sim.apply(web(count=3)).settle().run(5)

    assert 2 <= during <= 4
    assert len(sim.get("proxyrules", "web")["versions"]) <= 3


def test_a_proxy_that_lags_is_late_by_so_much(sim: Sim) -> None:
    here = sim.get("pods", "client")["spec"]["nodeName"]
    sim.apply(web(count=2)).settle()
    sim.apply(fault("ProxyLag", "lag", node=here)).run(1)
    sim.apply(service("web"))

    early = sim.run(9).send("client", sim.get("services", "web")["spec"]["clusterIP"])
    late = sim.run(2).send("client", sim.get("services", "web")["spec"]["clusterIP"])

    assert (early.ok, late.ok) == (False, True)


def test_rules_come_with_the_next_sync_and_not_before(sim: Sim) -> None:
    sim.apply(web(count=1)).settle()
    sim.apply(service("web"))
    at = str(sim.get("services", "web")["spec"]["clusterIP"])

    first = sim.send("client", at)
    sim.run(sim.world.timings.proxy_sync / 1_000_000 * 1.2)

    assert not first.ok
    assert sim.send("client", at).ok


def test_without_its_kube_proxy_a_node_stands_still_and_keeps_serving(sim: Sim) -> None:
    sim.apply(web(count=1), service("web")).settle().run(1)
    here = sim.get("pods", "client")["spec"]["nodeName"]
    sim.delete("daemonsets", "kube-proxy", "kube-system").settle()

    sim.apply(service("late", selector={"app": "web"})).run(2)

    assert not sim.get("proxies", here)["live"]
    assert sim.send("client", str(sim.get("services", "web")["spec"]["clusterIP"])).ok
    assert not sim.send("client", str(sim.get("services", "late")["spec"]["clusterIP"])).ok


def test_a_node_that_boots_has_no_rules_until_its_proxy_runs(sim: Sim) -> None:
    sim.apply(web(count=1), service("web")).settle().run(1)
    here = sim.get("pods", "client")["spec"]["nodeName"]
    sim.crash(here).run(2)
    assert sim.get("proxies", here)["base"] == 0

    sim.delete("faults", f"crash-{here}").run(15)

    assert sim.get("proxies", here)["live"]
    assert sim.send("client", str(sim.get("services", "web")["spec"]["clusterIP"])).ok


def test_when_all_pods_terminate_those_that_still_serve_are_used(sim: Sim) -> None:
    sim.apply(web(count=2, lifecycle={"preStop": {"sleep": {"seconds": 10}}}), service("web")).settle().run(1)
    for one in sim.running("web"):
        sim.delete("pods", one)
    sim.patch("deployments", "web", "spec.replicas", 0)

    found = under_way(sim.run(1), 5)

    assert failed(found) == []
    assert "that end but still serve" in found[0][1].hops[1].detail


def test_a_load_balancer_gets_an_address_and_leads_to_a_node_that_is_fit(sim: Sim) -> None:
    sim.apply(web(count=2), service("web", type="LoadBalancer"))

    pending = sim.run(0.5).get("services", "web")
    sim.settle().run(1)
    found = sim.get("services", "web")

    at = dig(found, "status.loadBalancer.ingress.0.ip")
    assert not dig(pending, "status.loadBalancer.ingress")
    assert at == "192.168.64.2"
    assert [one["reason"] for one in sim.events(about="web") if "LoadBalancer" in one["reason"]] == [
        "EnsuringLoadBalancer", "EnsuredLoadBalancer",
    ]  # fmt: skip
    assert all(sim.send(None, at).ok for _ in range(20))
    assert sim.send("client", at).ok
    assert sim.send(None, at, 81).reason == "connection refused"


def test_a_load_balancer_goes_before_its_service_does(sim: Sim) -> None:
    sim.apply(web(count=1), service("web", type="LoadBalancer")).settle()

    sim.delete("services", "web").settle()

    assert sim.find("services", "web") is None
    assert sim.list("balancers", "default") == []
    assert sim.send(None, "192.168.64.2").reason == "timeout"


def test_a_service_that_is_no_load_balancer_any_more_gives_its_address_back(sim: Sim) -> None:
    sim.apply(web(count=1), service("web", type="LoadBalancer")).settle()

    sim.patch("services", "web", "spec.type", "ClusterIP").settle()

    found = sim.get("services", "web")
    assert dig(found, "status.loadBalancer.ingress") is None
    assert not found["metadata"].get("finalizers")


def test_source_ranges_let_in_whom_they_name(sim: Sim) -> None:
    ranges = ["203.0.113.0/24"]
    sim.apply(web(count=1), service("web", type="LoadBalancer", loadBalancerSourceRanges=ranges)).settle().run(1)

    assert sim.send(None, "192.168.64.2", client="203.0.113.9").ok
    assert sim.send(None, "192.168.64.2", client="198.51.100.1").reason == "timeout"


def test_with_policy_local_the_load_balancer_asks_only_nodes_with_pods(sim: Sim) -> None:
    sim.apply(web(count=1), service("web", type="LoadBalancer", externalTrafficPolicy="Local")).settle().run(1)
    node = sim.running("web")[0]["spec"]["nodeName"]
    health = sim.get("services", "web")["spec"]["healthCheckNodePort"]

    assert all(sim.send(None, "192.168.64.2").ok for _ in range(10))
    assert sim.send(None, node, health, "/healthz").status == 200
    assert sim.send(None, "control-plane", health, "/healthz").status == 503


@pytest.mark.parametrize("writes", [1, 7])
def test_what_a_request_meets_does_not_depend_on_where_batches_end(writes: int) -> None:
    def story(cut: int) -> list[object]:
        sim = Sim(addons=True)
        sim.slice = cut
        sim.apply(web(), service("web"), pod("client", "busybox", command=SLEEP)).settle()
        sim.apply(web("nginx:1.28")).run(3)
        return [(one["metadata"]["name"], one["versions"]) for one in sim.list("proxyrules")]

    assert story(writes) == story(10**9)


def test_while_a_node_stands_still_a_deleted_service_stays_with_it_alone(sim: Sim) -> None:
    sim.apply(web(count=1), service("web")).settle().run(1)
    here = sim.get("pods", "client")["spec"]["nodeName"]
    at = str(sim.get("services", "web")["spec"]["clusterIP"])
    sim.apply(fault("ProxyFreeze", "freeze", node=here)).run(1)

    sim.delete("services", "web").run(5)
    served = sim.send("client", at).ok
    sim.delete("faults", "freeze").run(5)

    assert served
    assert sim.find("proxyrules", "web") is None
    assert not sim.send("client", at).ok
