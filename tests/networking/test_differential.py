"""Random Services, slices and policies: every request ends where the specification says that it may (hypothesis)."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.engine import assembly
from clusters.kernel import Kernel, Outcome, Request
from clusters.kinds.body import Key, key_of
from clusters.reconcile.loop import Loop
from clusters.reconcile.view import View
from clusters.reconcile.world import Due
from networking.index import Index
from networking.network.carrying import NETWORK
from networking.proxy.compile import compiled
from networking.proxy.node import fresh
from tests.networking.oracle import Body, World
from tests.sim import BEGIN, UserView

NODES = ("n1", "n2", "n3")
ZONES = ("", "a", "b")
NAMESPACES = ("default", "other")
COLOURS = ("red", "blue")
PORTS = (80, 81, 8080)


class Listeners:
    """Pods that accept what they listen on."""

    def __init__(self, pods: list[Body]) -> None:
        self.pods = {pod["name"]: pod for pod in pods}

    def answer(self, view: View, pod: Body, request: Request) -> Outcome:
        listens = request.port in self.pods[pod["metadata"]["name"]]["ports"]
        return Outcome(ok=True, status=200) if listens else Outcome(ok=False, reason="connection refused")

    def capacity(self, view: View, pod: Body, port: int) -> None:
        return None

    def charge(self, view: View, pod: Body, container: str, spent: int) -> tuple[()]:
        return ()


class Fixed(UserView):
    """A view whose chance is what hypothesis drew."""

    def __init__(self, loop: Loop, kernel: Kernel, what: str) -> None:
        super().__init__(loop, Due(BEGIN, 0, 0), what)
        self.kernel = kernel


labels = st.fixed_dictionaries({"colour": st.sampled_from(COLOURS)})
selectors = st.one_of(st.just({}), st.builds(lambda found: {"matchLabels": found}, labels))
conditions = st.sampled_from([
    {}, {"ready": True}, {"ready": False}, {"ready": False, "serving": True, "terminating": True},
    {"ready": False, "serving": False, "terminating": True}, {"ready": True, "serving": True, "terminating": False},
])  # fmt: skip
peers = st.one_of(
    st.builds(lambda found: {"podSelector": found}, selectors),
    st.builds(lambda found: {"namespaceSelector": found}, st.sampled_from([{}, {"matchLabels": {"team": "x"}}])),
    st.builds(lambda found: {"namespaceSelector": {"matchLabels": {"team": "x"}}, "podSelector": found}, selectors),
    st.sampled_from([
        {"ipBlock": {"cidr": "10.244.0.0/16"}}, {"ipBlock": {"cidr": "192.168.48.0/20"}},
        {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["10.244.1.0/24"]}}, {"ipBlock": {"cidr": "192.168.49.1/32"}},
    ]),
)  # fmt: skip
rule_ports = st.sampled_from([
    {"port": 80, "protocol": "TCP"}, {"port": 80, "endPort": 90, "protocol": "TCP"}, {"protocol": "TCP"},
    {"port": "web", "protocol": "TCP"}, {"port": 80, "protocol": "UDP"}, {"port": 30080, "protocol": "TCP"},
])  # fmt: skip


def rules(side: str) -> st.SearchStrategy[Body]:
    return st.fixed_dictionaries(
        {}, optional={side: st.lists(peers, max_size=2), "ports": st.lists(rule_ports, max_size=2)}
    )


@st.composite
def pods(draw: st.DrawFn) -> list[Body]:
    found = []
    for number in range(draw(st.integers(1, 5))):
        node = draw(st.integers(0, 2))
        listens = draw(st.lists(st.sampled_from(PORTS), unique=True, min_size=1))
        found.append({
            "name": f"p{number}", "namespace": draw(st.sampled_from(NAMESPACES)), "labels": draw(labels),
            "node": NODES[node], "ip": f"10.244.{node}.{number + 2}", "ports": listens, "named": {"web": listens[0]},
        })  # fmt: skip
    return found


@st.composite
def slices(draw: st.DrawFn, name: str, known: list[Body]) -> Body:
    endpoints = []
    for pod in draw(st.lists(st.sampled_from(known), max_size=4, unique_by=lambda one: one["ip"])):
        hints: Body = {}
        if draw(st.booleans()):
            hints["forZones"] = [{"name": draw(st.sampled_from(("a", "b")))}]
        if draw(st.booleans()):
            hints["forNodes"] = [{"name": draw(st.sampled_from(NODES))}]
        made = {"addresses": [pod["ip"]], "conditions": draw(conditions), "nodeName": pod["node"]}
        endpoints.append({**made, "hints": hints} if hints else made)
    ports = [{"name": "a", "port": draw(st.sampled_from(PORTS)), "protocol": "TCP"}]
    own = {"kubernetes.io/service-name": name}
    return {"metadata": {"name": "", "namespace": "default", "labels": own}, "addressType": "IPv4", "ports": ports,
            "endpoints": endpoints}  # fmt: skip


@st.composite
def worlds(draw: st.DrawFn) -> World:
    zones = [draw(st.sampled_from(ZONES)) for _ in NODES]
    nodes = [{"name": n, "ip": f"192.168.49.{10 + i}", "zone": zones[i]} for i, n in enumerate(NODES)]
    known = draw(pods())
    services, found = [], []
    for number in range(draw(st.integers(0, 2))):
        name = f"s{number}"
        spec: Body = {"type": "NodePort", "clusterIP": f"10.96.1.{number}", "clusterIPs": [f"10.96.1.{number}"],
                      "ports": [{"name": "a", "port": 80, "nodePort": 30080 + number, "protocol": "TCP"}],
                      "internalTrafficPolicy": draw(st.sampled_from(("Cluster", "Local"))),
                      "externalTrafficPolicy": draw(st.sampled_from(("Cluster", "Local")))}  # fmt: skip
        services.append({"metadata": {"name": name, "namespace": "default"}, "spec": spec})
        for index in range(draw(st.integers(0, 2))):
            made = draw(slices(name, known))
            made["metadata"]["name"] = f"{name}-{index}"
            found.append(made)
    policies = []
    for number in range(draw(st.integers(0, 3))):
        types = draw(st.lists(st.sampled_from(("Ingress", "Egress")), unique=True, min_size=1))
        spec = {"podSelector": draw(selectors), "policyTypes": types}
        spec["ingress"] = draw(st.lists(rules("from"), max_size=2))
        spec["egress"] = draw(st.lists(rules("to"), max_size=2))
        where = {"name": f"np{number}", "namespace": draw(st.sampled_from(NAMESPACES))}
        policies.append({"metadata": where, "spec": spec})
    spaces = {"default": {}, "other": {"team": "x"}}
    return World(nodes, known, services, found, policies=policies, namespaces=spaces)


def loop_of(world: World) -> Loop:
    """The same cluster as networking sees it."""
    loop = Loop(assembly.world("classroom", "differential", {}))
    put = loop.objects.put
    for node in world.nodes:
        name = node["name"]
        tags = {"topology.kubernetes.io/zone": node["zone"]} if node["zone"] else {}
        put("nodes", Key("", name), {"metadata": {"name": name, "labels": tags}, "spec": {}})
        put("machines", Key("", name), {"metadata": {"name": name}, "power": "on", "ip": node["ip"]})
        put("proxies", Key("", name), {**fresh(name), "live": True, "base": BEGIN})
    for name, tags in world.namespaces.items():
        put("namespaces", Key("", name), {"metadata": {"name": name, "labels": tags}})
    for pod in world.pods:
        put("pods", Key(pod["namespace"], pod["name"]), pod_body(pod))
        own = {"namespace": pod["namespace"], "name": pod["name"]}
        box = {"metadata": {"namespace": pod["node"], "name": pod["name"]}, "ip": pod["ip"], "since": 0, "pod": own}
        box |= {"uid": pod["name"], "running": []}
        put("sandboxes", Key(pod["node"], pod["name"]), box)
    for resource, bodies in (("services", world.services), ("endpointslices", world.slices),
                             ("networkpolicies", world.policies)):  # fmt: skip
        for body in bodies:
            put(resource, key_of(body), body)
    index = loop.objects.derived(Index)
    for service in world.services:
        told = {"metadata": service["metadata"], "versions": [
            {"at": 0, "rules": compiled(service, index.slices_of(key_of(service)))},
        ]}  # fmt: skip
        put("proxyrules", key_of(service), told)
    return loop


def pod_body(pod: Body) -> Body:
    ports = [{"containerPort": number, "name": name} for name, number in pod["named"].items()]
    metadata = {"name": pod["name"], "namespace": pod["namespace"], "labels": pod["labels"], "uid": pod["name"]}
    spec = {"nodeName": pod["node"], "containers": [{"name": "c", "ports": ports}]}
    return {"metadata": metadata, "spec": spec, "status": {"podIP": pod["ip"]}}


def fate(outcome: Outcome) -> str:
    if outcome.ok:
        return f"pod/{outcome.hops[-1].name.partition('/')[2]}"
    return "refused" if outcome.reason == "connection refused" else "dropped"


def targets(world: World) -> list[tuple[str, int]]:
    hosts = [pod["ip"] for pod in world.pods] + [one["spec"]["clusterIP"] for one in world.services]
    found = [(host, port) for host in hosts for port in (80, 81)]
    return found + [(node["ip"], port) for node in world.nodes for port in (30080, 30081)]


@settings(max_examples=80, deadline=None)
@given(worlds(), st.integers(0, 1000))
def test_every_request_ends_where_it_may(world: World, luck: int) -> None:
    loop = loop_of(world)
    kernel = Kernel(Listeners(world.pods), NETWORK, loop.world.kernel.metrics)
    sources: list[Any] = [None, *world.pods]
    for source in sources:
        for host, port in targets(world):
            view = Fixed(loop, kernel, f"{luck}/{host}/{port}")
            outcome = NETWORK.send(view, pod_body(source) if source else None, host, Request("http", port))
            expected = world.fates(source, host, port)
            assert fate(outcome) in expected, (source, host, port, outcome, expected)


def test_over_many_requests_every_allowed_end_is_reached() -> None:
    world = World(
        [{"name": n, "ip": f"192.168.49.{10 + i}", "zone": ""} for i, n in enumerate(NODES)],
        [{"name": f"p{i}", "namespace": "default", "labels": {}, "node": NODES[i], "ip": f"10.244.{i}.2", "ports": [80],
          "named": {"web": 80}} for i in range(3)],
        [{"metadata": {"name": "s", "namespace": "default"}, "spec": {
            "type": "ClusterIP", "clusterIP": "10.96.1.1", "clusterIPs": ["10.96.1.1"],
            "ports": [{"name": "a", "port": 80, "protocol": "TCP"}]}}],
        [{"metadata": {"name": "s-1", "namespace": "default", "labels": {"kubernetes.io/service-name": "s"}},
          "addressType": "IPv4", "ports": [{"name": "a", "port": 80}],
          "endpoints": [{"addresses": [f"10.244.{i}.2"], "conditions": {}, "nodeName": NODES[i]} for i in range(3)]}],
        policies=[], namespaces={"default": {}},
    )  # fmt: skip
    loop = loop_of(world)
    kernel = Kernel(Listeners(world.pods), NETWORK, loop.world.kernel.metrics)
    source = pod_body(world.pods[0])

    sent = [
        NETWORK.send(Fixed(loop, kernel, str(luck)), source, "10.96.1.1", Request("http", 80)) for luck in range(60)
    ]

    assert {fate(one) for one in sent} == world.fates(world.pods[0], "10.96.1.1", 80)
