"""What the documentation says of Services, proved by requests (Kubernetes: Service, Virtual IPs)."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy

import pytest

from clusters.kinds.body import Body, dig, put
from tests.sim import Sim, deployment, fault, pod, service

SLEEP = ["sleep", "1000000"]


@pytest.fixture(scope="module")
def born() -> Sim:
    """Three pods of `web`, a client, CoreDNS and kube-proxy."""
    sim = Sim(addons=True)
    return sim.apply(deployment("web", 3), pod("client", "busybox", command=SLEEP)).settle()


@pytest.fixture
def sim(born: Sim) -> Sim:
    return deepcopy(born)


def synced(sim: Sim) -> Sim:
    """Everybody's proxy has heard of everything."""
    return sim.settle().run(1)


def address(sim: Sim, name: str = "web") -> str:
    return str(sim.get("services", name)["spec"]["clusterIP"])


def served(sim: Sim, source: str | None, host: str, port: int = 80, times: int = 60) -> Counter[str]:
    """How many requests ended where; failures by their reason."""
    outcomes = [sim.send(source, host, port) for _ in range(times)]
    return Counter(one.hops[-1].name if one.ok else one.reason for one in outcomes)


def names(sim: Sim, app: str = "web") -> list[str]:
    return [f"default/{one['metadata']['name']}" for one in sim.running(app)]


def node_of(sim: Sim, name: str) -> str:
    return str(sim.get("pods", name)["spec"]["nodeName"])


def test_a_cluster_ip_spreads_requests_over_all_ready_pods(sim: Sim) -> None:
    synced(sim.apply(service("web")))

    found = served(sim, "client", address(sim), times=300)

    assert sorted(found) == sorted(names(sim))
    assert min(found.values()) > 60


def test_a_service_is_found_by_its_name(sim: Sim) -> None:
    synced(sim.apply(service("web")))

    outcome = sim.send("client", "web")

    assert outcome.ok
    assert [hop.what for hop in outcome.hops] == ["pod", "dns", "service", "pod"]


def test_a_service_without_ready_pods_refuses(sim: Sim) -> None:
    synced(sim.apply(service("web", selector={"app": "nobody"})))

    outcome = sim.send("client", address(sim))

    assert (outcome.ok, outcome.reason) == (False, "connection refused")
    assert outcome.hops[-1].detail == "has no endpoints"


def test_a_port_that_the_service_does_not_have_is_answered_by_nobody(sim: Sim) -> None:
    synced(sim.apply(service("web")))

    assert sim.send("client", address(sim), 81).reason == "timeout"


def test_a_target_port_may_be_another_and_have_a_name(sim: Sim) -> None:
    ports = [{"containerPort": 80, "name": "http"}]
    wanted = [{"port": 8000, "targetPort": "http"}]
    sim.apply(deployment("named", 1, ports=ports), service("named", ports=wanted))

    assert synced(sim).send("client", address(sim, "named"), 8000).ok


def test_several_ports_lead_to_several_places(sim: Sim) -> None:
    wanted = [{"name": "a", "port": 80}, {"name": "b", "port": 81, "targetPort": 80}, {"name": "c", "port": 82}]
    synced(sim.apply(service("web", ports=wanted)))

    assert [sim.send("client", address(sim), port).ok for port in (80, 81, 82)] == [True, True, False]


def test_the_session_stays_with_one_pod_for_as_long_as_it_says(sim: Sim) -> None:
    sticky: Body = {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 60}}}
    synced(sim.apply(service("web", **sticky)))

    first = served(sim, "client", address(sim), times=20)
    sim.run(59)
    second = served(sim, "client", address(sim), times=1)

    assert len(first) == 1
    assert first.keys() == second.keys()


def test_a_session_ends_with_its_timeout(sim: Sim) -> None:
    sticky: Body = {"sessionAffinity": "ClientIP", "sessionAffinityConfig": {"clientIP": {"timeoutSeconds": 10}}}
    synced(sim.apply(service("web", **sticky)))

    found: Counter[str] = Counter()
    for _ in range(20):
        found += served(sim, "client", address(sim), times=1)
        sim.run(11)

    assert len(found) > 1


def test_a_session_survives_a_rollout_of_other_pods(sim: Sim) -> None:
    synced(sim.apply(service("web", sessionAffinity="ClientIP")))
    (kept,) = served(sim, "client", address(sim), times=3)
    other = next(one for one in sim.running("web") if f"default/{one['metadata']['name']}" != kept)

    synced(sim.delete("pods", other).run(5))

    assert list(served(sim, "client", address(sim), times=10)) == [kept]


def test_a_session_moves_when_its_pod_goes(sim: Sim) -> None:
    synced(sim.apply(service("web", sessionAffinity="ClientIP")))
    (first,) = served(sim, "client", address(sim), times=3)

    synced(sim.delete("pods", first.removeprefix("default/")).run(5))
    found = served(sim, "client", address(sim), times=10)

    assert len(found) == 1
    assert first not in found


def test_a_node_port_is_open_on_every_node(sim: Sim) -> None:
    synced(sim.apply(service("web", type="NodePort")))
    port = dig(sim.get("services", "web"), "spec.ports.0.nodePort")

    for node in ("control-plane", "worker-1", "worker-2", "worker-3"):
        assert sorted(served(sim, None, node, port)) == sorted(names(sim))
        assert sim.send("client", node, port).ok


def test_with_external_traffic_policy_local_a_node_without_pods_answers_nothing(sim: Sim) -> None:
    synced(sim.apply(service("web", type="NodePort", externalTrafficPolicy="Local")))
    port = dig(sim.get("services", "web"), "spec.ports.0.nodePort")

    found = served(sim, None, "worker-1", port)

    assert sim.send(None, "control-plane", port).reason == "timeout"
    assert [node_of(sim, name.removeprefix("default/")) for name in found] == ["worker-1"]


def test_external_traffic_policy_local_shows_the_clients_own_address(sim: Sim) -> None:
    sim.apply(pod("echo", "registry.k8s.io/e2e-test-images/agnhost:2.53", args=["netexec"]))
    ports = [{"port": 80, "targetPort": 8080}]
    sim.apply(service("echo", type="NodePort", externalTrafficPolicy="Local", ports=ports))
    synced(sim)
    port = dig(sim.get("services", "echo"), "spec.ports.0.nodePort")
    node = node_of(sim, "echo")

    own = sim.send(None, node, port, "/clientip", client="203.0.113.7").body.decode()
    sim.patch("services", "echo", "spec.externalTrafficPolicy", "Cluster")
    hidden = synced(sim).send(None, node, port, "/clientip", client="203.0.113.7").body.decode()

    assert own.startswith("203.0.113.7")
    assert hidden.startswith(str(sim.get("machines", node)["ip"]))


def test_internal_traffic_policy_local_keeps_to_the_node(sim: Sim) -> None:
    synced(sim.apply(service("web", internalTrafficPolicy="Local")))

    found = served(sim, "client", address(sim))

    assert [node_of(sim, name.removeprefix("default/")) for name in found] == [node_of(sim, "client")]


def test_internal_traffic_policy_local_without_pods_here_drops(sim: Sim) -> None:
    sim.apply(pod("far", spec={"nodeName": "control-plane"}), service("far", internalTrafficPolicy="Local"))

    outcome = synced(sim).send("client", address(sim, "far"))

    assert (outcome.reason, outcome.hops[-1].detail) == ("timeout", "has no local endpoints")


def test_pods_that_are_not_ready_get_no_traffic_unless_it_is_wanted(sim: Sim) -> None:
    never = {"httpGet": {"path": "/no", "port": 80}, "periodSeconds": 1}
    sim.apply(deployment("slow", 1, readinessProbe=never), service("slow"))

    assert synced(sim).send("client", address(sim, "slow")).reason == "connection refused"
    sim.patch("services", "slow", "spec.publishNotReadyAddresses", True)
    assert synced(sim).send("client", address(sim, "slow")).ok


def test_endpoints_made_by_hand_are_served(sim: Sim) -> None:
    target = sim.running("web")[0]["status"]["podIP"]
    subset = {"addresses": [{"ip": target}], "ports": [{"port": 80}]}
    endpoints = {"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "outer"}, "subsets": [subset]}
    sim.apply(service("outer", selector=None), endpoints)

    outcome = synced(sim).send("client", address(sim, "outer"))

    assert outcome.ok
    assert len([one for one in sim.list("endpointslices", "default") if "outer" in one["metadata"]["name"]]) == 1


def test_slices_made_by_hand_are_served(sim: Sim) -> None:
    target = sim.running("web")[0]["status"]["podIP"]
    metadata = {"name": "outer-1", "labels": {"kubernetes.io/service-name": "outer"}}
    slice_ = {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": metadata, "addressType": "IPv4",
              "endpoints": [{"addresses": [target]}], "ports": [{"port": 80}]}  # fmt: skip

    assert synced(sim.apply(service("outer", selector=None), slice_)).send("client", address(sim, "outer")).ok


def test_an_external_ip_is_served_by_every_node(sim: Sim) -> None:
    synced(sim.apply(service("web", externalIPs=["198.51.100.32"])))

    assert sorted(served(sim, "client", "198.51.100.32")) == sorted(names(sim))
    assert sorted(served(sim, None, "198.51.100.32")) == sorted(names(sim))


def test_traffic_distribution_prefers_the_zone(sim: Sim) -> None:
    for node, zone in (("worker-1", "a"), ("worker-2", "a"), ("worker-3", "b")):
        body = sim.get("nodes", node)
        sim.apply(put(body, "metadata.labels", {**body["metadata"]["labels"], "topology.kubernetes.io/zone": zone}))
    synced(sim.apply(service("web", trafficDistribution="PreferClose")))

    found = served(sim, "client", address(sim), times=100)

    zones = {"worker-1": "a", "worker-2": "a", "worker-3": "b"}
    own = zones[node_of(sim, "client")]
    assert {zones[node_of(sim, name.removeprefix("default/"))] for name in found} == {own}


def test_traffic_distribution_prefers_the_node(sim: Sim) -> None:
    synced(sim.apply(service("web", trafficDistribution="PreferSameNode")))

    found = served(sim, "client", address(sim))

    assert [node_of(sim, name.removeprefix("default/")) for name in found] == [node_of(sim, "client")]


def test_a_service_that_is_gone_has_no_rules_and_leaves_nothing_behind(sim: Sim) -> None:
    synced(sim.apply(service("web")))
    at = address(sim)

    synced(sim.delete("services", "web"))

    assert sim.send("client", at).reason == "timeout"
    assert sim.find("proxyrules", "web") is None


def test_a_pod_behind_its_own_service_reaches_itself(sim: Sim) -> None:
    sim.apply(deployment("alone", 1), service("alone"))
    synced(sim)
    own = sim.running("alone")[0]

    assert sim.send(own, address(sim, "alone")).ok


def test_the_api_server_is_reached_by_its_service(sim: Sim) -> None:
    assert sim.send("client", "kubernetes.default", 443, "/healthz").body == b"ok"
    denied = sim.send("client", "kubernetes.default.svc", 443, "/api/v1/namespaces/default/pods")
    assert (denied.status, b'User \\"system:anonymous\\" cannot list resource \\"pods\\"' in denied.body) == (403, True)


def test_the_api_server_knows_a_service_account_by_its_token(sim: Sim) -> None:
    box = next(box for box in sim.list("sandboxes") if box["pod"]["name"] == "client")
    run = box["containers"]["client"]["run"]
    token = run["mounts"]["/var/run/secrets/kubernetes.io/serviceaccount"]["token"]
    asked = "/api/v1/namespaces/default/pods"

    known = sim.send("client", "kubernetes.default", 443, asked, headers=(("Authorization", f"Bearer {token}"),))
    forged = sim.send("client", "kubernetes.default", 443, asked, headers=(("Authorization", f"Bearer {token}x"),))

    assert known.status == 403
    assert b"system:serviceaccount:default:default" in known.body
    assert forged.status == 401


def test_the_kubelets_read_only_port_lists_its_pods(sim: Sim) -> None:
    node = node_of(sim, "client")

    outcome = sim.send("client", node, 10255, "/pods")

    assert outcome.status == 200
    assert b'"name":"client"' in outcome.body


def test_a_host_port_leads_to_its_pod(sim: Sim) -> None:
    sim.apply(pod("door", ports=[{"containerPort": 80, "hostPort": 8088}])).settle()

    assert sim.send(None, node_of(sim, "door"), 8088).ok


def test_a_request_from_outside_to_a_cluster_address_gets_nowhere(sim: Sim) -> None:
    synced(sim.apply(service("web")))

    assert sim.send(None, address(sim)).reason == "timeout"
    assert sim.send(None, sim.running("web")[0]["status"]["podIP"]).reason == "timeout"


def test_the_world_outside_is_not_there(sim: Sim) -> None:
    assert sim.send("client", "1.1.1.1").reason == "timeout"
    assert sim.send("client", "example.com").reason == "bad address"


def test_a_node_without_power_is_not_reached(sim: Sim) -> None:
    target = next(one for one in sim.running("web") if one["spec"]["nodeName"] != node_of(sim, "client"))
    sim.apply(fault("NodeCrash", "crash", node=target["spec"]["nodeName"])).run(0.1)

    outcome = sim.send("client", target["status"]["podIP"])

    assert outcome.reason == "no route to host"
    assert "has no power" in outcome.hops[-1].detail


def test_a_nodes_rules_can_be_listed(sim: Sim) -> None:
    synced(sim.apply(service("web", type="NodePort", sessionAffinity="ClientIP"), service("none", selector={"a": "b"})))
    proxy = next(one for one in sim.list("pods", "kube-system") if "kube-proxy" in one["metadata"]["name"])

    text = sim.send(proxy, proxy["status"]["hostIP"], 0, protocol="netfilter").body.decode()

    ip = sim.running("web")[0]["status"]["podIP"]
    assert f'-A KUBE-SERVICES -d {address(sim)}/32 -p tcp -m comment --comment "default/web cluster IP"' in text
    assert f"-j DNAT --to-destination {ip}:80" in text
    assert "--mode random --probability 0.33333333333" in text
    assert '--comment "default/none has no endpoints"' in text
    assert sim.send("client", proxy["status"]["hostIP"], 0, protocol="netfilter").reason == "connection refused"


def test_iptables_save_shows_them_in_a_container_of_the_hosts_network(sim: Sim) -> None:
    image, spec = "registry.k8s.io/kube-proxy:v1.34.3", {"hostNetwork": True}
    sim.apply(pod("lists", image, spec, command=["sh", "-c", "iptables-save -t nat; sleep 1000"])).settle()

    listed = sim.logs(sim.get("pods", "lists"))

    assert listed.startswith("# Generated by iptables-save")
    assert '"kube-system/kube-dns:dns cluster IP"' in listed
    assert "*filter" not in listed
