"""What the documentation says of NetworkPolicies, proved by requests."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from clusters.kinds.body import Body, put
from clusters.reconcile.world import Due
from networking.policy import Talk, who_may_talk
from tests.sim import Sim, UserView, pod, service

SLEEP = ["sleep", "1000000"]
PORTS = [{"containerPort": 80, "name": "http"}]


@pytest.fixture(scope="module")
def born() -> Sim:
    sim = Sim(addons=True)
    other = {"name": "other", "labels": {"team": "blue"}}
    sim.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": other}).settle()
    sim.apply(pod("web", ports=PORTS), service("web"), pod("friend", "busybox", command=SLEEP))
    stranger = pod("stranger", "busybox", command=SLEEP)
    sim.apply(stranger, put(pod("guest", "busybox", command=SLEEP), "metadata.namespace", "other"))
    return sim.settle().run(1)


@pytest.fixture
def sim(born: Sim) -> Sim:
    return deepcopy(born)


def policy(name: str, selector: Body | None = None, **spec: Any) -> Body:
    picked = {"podSelector": {"matchLabels": selector or {}}}
    kind = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy"}
    return {**kind, "metadata": {"name": name}, "spec": {**picked, **spec}}


def guest(sim: Sim) -> Body:
    return sim.get("pods", "guest", "other")


def address(sim: Sim, name: str = "web") -> str:
    return str(sim.get("pods", name)["status"]["podIP"])


def reached(sim: Sim) -> list[str]:
    """Who of the three reaches `web`."""
    sources = {"friend": sim.get("pods", "friend"), "stranger": sim.get("pods", "stranger"), "guest": guest(sim)}
    return [name for name, source in sources.items() if sim.send(source, address(sim)).ok]


def test_without_a_policy_everybody_may(sim: Sim) -> None:
    assert reached(sim) == ["friend", "stranger", "guest"]


def test_default_deny_lets_nobody_in(sim: Sim) -> None:
    sim.apply(policy("deny", policyTypes=["Ingress"]))

    outcome = sim.send("friend", address(sim))

    assert reached(sim) == []
    assert outcome.reason == "timeout"
    assert (outcome.hops[-1].what, outcome.hops[-1].name) == ("policy", "default/deny")


def test_an_empty_rule_lets_everybody_in(sim: Sim) -> None:
    sim.apply(policy("deny"), policy("allow", ingress=[{}]))

    assert reached(sim) == ["friend", "stranger", "guest"]


def test_a_pod_selector_means_pods_of_the_same_namespace(sim: Sim) -> None:
    peers = [{"podSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["friend", "guest"]}]}}]
    sim.apply(policy("some", {"app": "web"}, ingress=[{"from": peers}]))

    assert reached(sim) == ["friend"]


def test_a_namespace_selector_means_all_pods_there(sim: Sim) -> None:
    sim.apply(policy("blue", ingress=[{"from": [{"namespaceSelector": {"matchLabels": {"team": "blue"}}}]}]))

    assert reached(sim) == ["guest"]


def test_both_selectors_in_one_peer_must_fit_and_in_two_peers_one_is_enough(sim: Sim) -> None:
    team, friend = {"matchLabels": {"team": "blue"}}, {"matchLabels": {"app": "friend"}}

    sim.apply(policy("p", ingress=[{"from": [{"namespaceSelector": team, "podSelector": friend}]}]))
    together = reached(sim)
    sim.apply(policy("p", ingress=[{"from": [{"namespaceSelector": team}, {"podSelector": friend}]}]))

    assert together == []
    assert reached(sim) == ["friend", "guest"]


def test_policies_add_up(sim: Sim) -> None:
    for name in ("friend", "stranger"):
        peers = [{"podSelector": {"matchLabels": {"app": name}}}]
        sim.apply(policy(name, {"app": "web"}, ingress=[{"from": peers}]))

    assert reached(sim) == ["friend", "stranger"]


@pytest.mark.parametrize(
    ("ports", "allowed"),
    [
        ([{"port": 80}], True),
        ([{"port": "http"}], True),
        ([{"port": "https"}], False),
        ([{"port": 81}], False),
        ([{"port": 70, "endPort": 90}], True),
        ([{"port": 81, "endPort": 90}], False),
        ([{"port": 80, "protocol": "UDP"}], False),
        ([{"protocol": "TCP"}], True),
        ([{"port": 443}, {"port": 80}], True),
    ],
)
def test_a_rule_may_name_ports(sim: Sim, ports: list[Body], allowed: bool) -> None:
    sim.apply(policy("ports", {"app": "web"}, ingress=[{"ports": ports}]))

    assert sim.send("friend", address(sim)).ok is allowed


def test_a_block_means_addresses_without_its_exceptions(sim: Sim) -> None:
    block = {"cidr": "10.244.0.0/16", "except": [f"{address(sim, 'friend')}/32"]}
    sim.apply(policy("block", {"app": "web"}, ingress=[{"from": [{"ipBlock": block}]}]))

    assert reached(sim) == ["stranger", "guest"]


def test_default_deny_egress_stops_names_as_well(sim: Sim) -> None:
    sim.apply(policy("out", {"app": "friend"}, policyTypes=["Egress"]))

    assert not sim.send("friend", address(sim)).ok
    assert sim.send("friend", "web").reason == "bad address"
    assert sim.send("stranger", "web").ok


def test_egress_may_be_allowed_to_dns_and_one_app(sim: Sim) -> None:
    dns = {"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
           "ports": [{"port": 53, "protocol": "UDP"}]}  # fmt: skip
    web = {"to": [{"podSelector": {"matchLabels": {"app": "web"}}}], "ports": [{"port": 80}]}
    sim.apply(policy("out", {"app": "friend"}, policyTypes=["Egress"], egress=[dns, web]))

    assert sim.send("friend", "web").ok
    assert sim.send("friend", "kubernetes.default", 443, "/healthz").reason == "timeout"


def test_both_sides_must_allow(sim: Sim) -> None:
    sim.apply(policy("in", {"app": "web"}, ingress=[{}]), policy("out", {"app": "friend"}, policyTypes=["Egress"]))

    refused = sim.send("friend", address(sim))

    assert refused.hops[-1].name == "default/out"
    assert reached(sim) == ["stranger", "guest"]


def test_a_policy_is_for_what_the_service_leads_to(sim: Sim) -> None:
    sim.apply(policy("deny", {"app": "web"}))

    outcome = sim.send("friend", "web")

    assert [hop.what for hop in outcome.hops] == ["pod", "dns", "service", "policy"]


def test_a_policy_of_another_namespace_is_not_for_these_pods(sim: Sim) -> None:
    sim.apply(put(policy("deny"), "metadata.namespace", "other"))

    assert sim.send("friend", address(sim)).ok


def test_probes_are_not_stopped(sim: Sim) -> None:
    probed = pod("probed", readinessProbe={"httpGet": {"path": "/", "port": 80}, "periodSeconds": 1})

    sim.apply(policy("deny"), probed).settle()

    assert sim.running("probed")


def test_who_may_talk_names_pairs_and_ports(sim: Sim) -> None:
    sim.apply(policy("deny"))
    allow = [{"from": [{"podSelector": {"matchLabels": {"app": "friend"}}}], "ports": [{"port": 80}]}]
    sim.apply(policy("allow", {"app": "web"}, ingress=allow))

    found = list(who_may_talk(UserView(sim.loop, Due(sim.now, 0, 0)), "default"))

    assert [(one.source.name, one.target.name, one.ports) for one in found] == [("friend", "web", ("80/TCP",))]


def test_who_may_talk_counts_both_sides_and_names(sim: Sim) -> None:
    sim.apply(policy("in", {"app": "web"}, ingress=[{"ports": [{"port": 70, "endPort": 90}, {"port": "http"}]}]))
    sim.apply(
        policy("out", {"app": "friend"}, policyTypes=["Egress"], egress=[{"ports": [{"port": 85, "endPort": 100}]}])
    )

    found = {(one.source.name, one.target.name): one.ports for one in talks(sim)}

    assert found["friend", "web"] == ("85-90/TCP",)
    assert found["stranger", "web"] == ("70-90/TCP", "80/TCP")
    assert found["stranger", "friend"] == ()


def talks(sim: Sim) -> list[Talk]:
    return list(who_may_talk(UserView(sim.loop, Due(sim.now, 0, 0)), "default"))
