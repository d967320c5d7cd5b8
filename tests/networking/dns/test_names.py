"""What the documentation says of DNS for Services and Pods, asked from a container."""

from __future__ import annotations

from copy import deepcopy

import pytest

from clusters.kernel import Lookup
from clusters.kinds.body import Body, put
from tests.sim import Sim, deployment, pod, service

SLEEP = ["sleep", "1000000"]
ZONE = "default.svc.cluster.local"


@pytest.fixture(scope="module")
def born() -> Sim:
    sim = Sim(addons=True)
    headless = service("db", clusterIP="None", ports=[{"name": "pg", "port": 5432}], selector={"app": "db"})
    sim.apply(deployment("web", 2), service("web", ports=[{"name": "http", "port": 80}]), headless)
    first = pod("one", spec={"hostname": "one", "subdomain": "db"})
    second = pod("two", spec={"hostname": "two", "subdomain": "db"})
    sim.apply(*(put(one, "metadata.labels", {"app": "db"}) for one in (first, second)))
    return sim.apply(client("client")).settle().run(1)


@pytest.fixture
def sim(born: Sim) -> Sim:
    return deepcopy(born)


def client(name: str, **spec: object) -> Body:
    return pod(name, "busybox", dict(spec), command=SLEEP)


def values(found: Lookup) -> list[str]:
    return [record.value for record in found.records]


def ip(sim: Sim, name: str) -> str:
    return str(sim.get("pods", name)["status"]["podIP"])


@pytest.mark.parametrize("name", ["web", "web.default", "web.default.svc", f"web.{ZONE}", f"web.{ZONE}.", "WEB"])
def test_a_service_has_its_cluster_ip_under_every_form_of_its_name(sim: Sim, name: str) -> None:
    found = sim.lookup("client", name)

    assert values(found) == [sim.get("services", "web")["spec"]["clusterIP"]]
    assert (found.records[0].name, found.records[0].ttl, found.server) == (f"web.{ZONE}.", 30, "10.96.0.10")


def test_a_name_of_another_namespace_needs_the_namespace(sim: Sim) -> None:
    assert sim.lookup("client", "kube-dns").reason == "NXDOMAIN"
    assert values(sim.lookup("client", "kube-dns.kube-system")) == ["10.96.0.10"]


def test_a_headless_service_is_the_addresses_of_its_ready_pods(sim: Sim) -> None:
    assert sorted(values(sim.lookup("client", "db"))) == sorted([ip(sim, "one"), ip(sim, "two")])


def test_a_headless_service_without_ready_pods_is_not_found(sim: Sim) -> None:
    sim.apply(service("none", clusterIP="None")).run(1)

    assert sim.lookup("client", "none").reason == "NXDOMAIN"


def test_a_pod_with_hostname_and_subdomain_has_a_name_of_its_own(sim: Sim) -> None:
    assert values(sim.lookup("client", "one.db")) == [ip(sim, "one")]
    assert sim.lookup("client", "three.db").reason == "NXDOMAIN"


def test_a_pod_has_a_name_by_its_address(sim: Sim) -> None:
    assert values(sim.lookup("client", "10-81-1-101.default.pod.cluster.local")) == ["10.81.1.101"]
    assert sim.lookup("client", "10-81-1-101.nowhere.pod.cluster.local").reason == "NXDOMAIN"


def test_an_srv_record_names_port_and_host(sim: Sim) -> None:
    assert values(sim.lookup("client", f"_http._tcp.web.{ZONE}", "SRV")) == [f"0 100 80 web.{ZONE}."]
    assert sorted(values(sim.lookup("client", f"_pg._tcp.db.{ZONE}", "SRV"))) == [
        f"0 50 5432 one.db.{ZONE}.",
        f"0 50 5432 two.db.{ZONE}.",
    ]
    assert sim.lookup("client", f"_http._udp.web.{ZONE}", "SRV").reason == "NXDOMAIN"


def test_an_address_leads_back_to_its_name(sim: Sim) -> None:
    cluster_ip = sim.get("services", "web")["spec"]["clusterIP"]

    assert values(sim.lookup("client", backwards(cluster_ip), "PTR")) == [f"web.{ZONE}."]
    assert values(sim.lookup("client", backwards(ip(sim, "one")), "PTR")) == [f"one.db.{ZONE}."]
    assert values(sim.lookup("client", backwards("192.168.49.3"), "PTR")) == ["worker-1."]
    assert sim.lookup("client", backwards("8.8.8.8"), "PTR").reason == "NXDOMAIN"


def backwards(address: str) -> str:
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa."


def test_there_are_no_addresses_of_version_6(sim: Sim) -> None:
    found = sim.lookup("client", "web", "AAAA")

    assert (found.ok, found.records) == (True, ())


def test_an_external_name_is_an_alias(sim: Sim) -> None:
    inner: Body = {"type": "ExternalName", "externalName": f"web.{ZONE}", "ports": None, "selector": None}
    sim.apply(service("alias", **inner), service("far", **{**inner, "externalName": "db.example.com"}))

    assert values(sim.lookup("client", "alias")) == [
        f"web.{ZONE}.",
        sim.get("services", "web")["spec"]["clusterIP"],
    ]
    assert values(sim.lookup("client", "far")) == ["db.example.com."]
    assert sim.send("client", "alias").ok
    assert sim.send("client", "far").reason == "bad address"


def test_what_nobody_knows_is_not_there(sim: Sim) -> None:
    found = sim.lookup("client", "nosuch")

    assert (found.ok, found.reason, found.records) == (False, "NXDOMAIN", ())


def test_machines_are_known_by_their_names(sim: Sim) -> None:
    assert values(sim.lookup("client", "worker-2")) == [sim.get("machines", "worker-2")["ip"]]


def test_names_fail_with_the_pods_of_coredns(sim: Sim) -> None:
    sim.patch("deployments", "coredns", "spec.replicas", 0, "kube-system").settle().run(10)

    found, sent = sim.lookup("client", "web"), sim.send("client", "web")

    assert (found.ok, found.reason) == (False, "connection refused")  # the Service has no endpoints: REJECT
    assert found.takes < 1_000_000
    assert sent.reason == "bad address"
    assert [hop.name for hop in sent.hops if hop.what == "service"] == ["kube-system/kube-dns"]
    assert sim.send("client", sim.get("services", "web")["spec"]["clusterIP"]).ok


def test_a_name_server_that_is_silent_is_waited_for(sim: Sim) -> None:
    deny = {"podSelector": {"matchLabels": {"k8s-app": "kube-dns"}}, "policyTypes": ["Ingress"]}
    head = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    sim.apply({**head, "metadata": {"name": "deny", "namespace": "kube-system"}, "spec": deny}).run(1)

    found = sim.lookup("client", "web")

    assert (found.ok, found.reason) == (False, "timeout")
    assert found.takes >= 10_000_000


def test_another_name_server_can_be_asked(sim: Sim) -> None:
    gateway = sim.lookup("client", "worker-1", server="192.168.49.1")

    assert [record.value for record in gateway.records] == ["192.168.49.3"]
    assert gateway.server == "192.168.49.1"


def test_a_broken_corefile_keeps_coredns_from_starting(sim: Sim) -> None:
    config = sim.get("configmaps", "coredns", "kube-system")
    sim.apply(put(config, "data.Corefile", ".:53 {\n    kubernets cluster.local\n}\n")).run(2)
    for one in sim.list("pods", "kube-system"):
        if one["metadata"]["name"].startswith("coredns"):
            sim.delete("pods", one)
    sim.run(20)

    broken = [one for one in sim.list("pods", "kube-system") if one["metadata"]["name"].startswith("coredns")]
    assert {sim.word(one) for one in broken} <= {"CrashLoopBackOff", "Error"}
    assert "Unknown directive 'kubernets'" in sim.logs(broken[0])


def test_hosts_and_rewrites_of_the_corefile_count(sim: Sim) -> None:
    config = sim.get("configmaps", "coredns", "kube-system")
    more = "    rewrite name shop.example.com web.default.svc.cluster.local\n"
    more += "    hosts {\n        198.51.100.7 legacy.example.com\n        fallthrough\n    }\n    ready\n"
    text = config["data"]["Corefile"].replace("    ready\n", more)
    sim.apply(put(config, "data.Corefile", text)).run(120)

    assert values(sim.lookup("client", "legacy.example.com.")) == ["198.51.100.7"]
    found = sim.lookup("client", "shop.example.com.")
    assert [(one.name, one.value) for one in found.records] == [
        ("shop.example.com.", sim.get("services", "web")["spec"]["clusterIP"])
    ]


def test_with_a_cache_an_answer_is_old_until_its_time_is_over(sim: Sim) -> None:
    config = sim.get("configmaps", "coredns", "kube-system")
    text = config["data"]["Corefile"].replace("disable success cluster.local", "").replace("30 {", "30 {", 1)
    text = text.replace("disable denial cluster.local", "")
    sim.apply(put(config, "data.Corefile", text)).run(120)
    sim.patch("deployments", "coredns", "spec.replicas", 1, "kube-system").settle().run(1)

    first = sim.lookup("client", "db")
    sim.delete("pods", "two").run(10)
    sim.settle(limit=10)
    again = sim.lookup("client", "db")
    later = sim.run(31).lookup("client", "db")

    assert len(first.records) == len(again.records) == 2
    assert max(one.ttl for one in again.records) < 30
    assert len(later.records) == 1


RESOLV = "search default.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ({}, RESOLV),
        ({"dnsPolicy": "Default"}, "nameserver 192.168.49.1\n"),
        ({"hostNetwork": True}, "nameserver 192.168.49.1\n"),
        ({"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}, RESOLV),
        (
            {
                "dnsPolicy": "None",
                "dnsConfig": {
                    "nameservers": ["192.0.2.1"],
                    "searches": ["ns1.svc.cluster-domain.example", "my.dns.search.suffix"],
                    "options": [{"name": "ndots", "value": "2"}, {"name": "edns0"}],
                },
            },
            "search ns1.svc.cluster-domain.example my.dns.search.suffix\nnameserver 192.0.2.1\noptions ndots:2 edns0\n",
        ),
    ],
)
def test_the_policy_says_what_stands_in_resolv_conf(sim: Sim, spec: Body, text: str) -> None:
    made = client("asks", **spec)
    made["spec"]["containers"][0]["command"] = ["sh", "-c", "cat /etc/resolv.conf; sleep 1000"]

    sim.apply(made).settle()

    assert sim.logs(sim.get("pods", "asks")) == text


def test_with_the_nodes_own_resolver_no_service_is_known(sim: Sim) -> None:
    sim.apply(client("plain", dnsPolicy="Default")).settle()

    assert sim.lookup("plain", f"web.{ZONE}").reason == "NXDOMAIN"


def test_a_name_server_that_is_not_there_is_waited_for(sim: Sim) -> None:
    sim.apply(client("lost", dnsPolicy="None", dnsConfig={"nameservers": ["192.0.2.1"]})).settle()

    assert sim.lookup("lost", "web").reason == "timeout"


def test_host_aliases_come_first(sim: Sim) -> None:
    aliases = [{"ip": ip(sim, "one"), "hostnames": ["foo.local", "web"]}]
    sim.apply(client("aliased", hostAliases=aliases)).settle()

    assert sim.send("aliased", "foo.local").ok
    assert sim.send("aliased", "web").hops[-1].name == "default/one"


def test_a_stateful_sets_pods_have_names(sim: Sim) -> None:
    template = {"metadata": {"labels": {"app": "ss"}}, "spec": {"containers": [{"name": "c", "image": "nginx"}]}}
    spec = {"serviceName": "ss", "replicas": 2, "selector": {"matchLabels": {"app": "ss"}}, "template": template}
    body = {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "ss"}, "spec": spec}
    sim.apply(service("ss", clusterIP="None"), body).settle().run(1)

    assert values(sim.lookup("client", "ss-1.ss")) == [ip(sim, "ss-1")]
    assert sim.send("client", f"ss-0.ss.{ZONE}").hops[-1].name == "default/ss-0"


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("wget -qO- http://web", "Welcome to nginx!"),
        ("nslookup web.default.svc.cluster.local", "Name:\tweb.default.svc.cluster.local"),
        ("wget -qO- http://nosuch", "bad address"),
        ("wget -T 2 -qO- http://web:81", "timed out"),
        ("wget -qO- http://worker-1:10255/healthz", "ok"),
    ],
)
def test_a_containers_own_tools_go_by_the_network(sim: Sim, command: str, expected: str) -> None:
    made = client("tool")
    made["spec"]["containers"][0]["command"] = ["sh", "-c", f"{command} 2>&1; echo; sleep 1000"]

    sim.apply(made).settle().run(10)

    assert expected in sim.logs(sim.get("pods", "tool"))
