"""Proxy rules at 1,000 Services and 10,000 endpoints, and simulated requests: the pure core alone, on one core."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import orjson

from clusters.engine import assembly
from clusters.kernel import Capacity, Kernel, Outcome, Request
from clusters.kinds.body import Body, Key
from clusters.reconcile.clock import SECOND
from clusters.reconcile.loop import Loop
from clusters.reconcile.view import View
from clusters.reconcile.world import Due
from clusters.reconcile.writes import Write
from networking.network.carrying import NETWORK
from networking.proxy.node import fresh
from tests.bench.figures import Samples
from tests.podium import Podium
from tests.sim import BEGIN, UserView

SERVICES, ENDPOINTS, NODES = 1_000, 10, 100
REQUESTS = 5_000


class Accepts:
    """Every pod answers at once: what is measured is the way to it."""

    def answer(self, view: View, pod: Body, request: Request) -> Outcome:
        return Outcome(ok=True, status=200)

    def capacity(self, view: View, pod: Body, port: int) -> Capacity | None:
        return Capacity("web", 64, 1000)

    def charge(self, view: View, pod: Body, container: str, spent: int) -> Sequence[Write]:
        return ()


def measure(_: Podium) -> None:
    loop = filled()
    begun = time.perf_counter()
    loop.run(BEGIN, lambda _: False)
    first = time.perf_counter() - begun
    told(loop, "all rules for the first time", first)
    updates(loop)
    requests(loop)


def told(loop: Loop, what: str, seconds: float) -> None:
    written = [entry for entry in loop.drain() if entry.change.kind.plural == "proxyrules"]
    size = sum(len(orjson.dumps(entry.change.new)) for entry in written)
    loop.stored()
    ends = f"{SERVICES} Services, {SERVICES * ENDPOINTS} endpoints, {NODES} nodes"
    print(f"network, {ends}: {what} {seconds:.2f} s, {len(written)} writes, {size / 1e3:.0f} kB", flush=True)


def updates(loop: Loop) -> None:
    """One endpoint of one Service after the other goes and comes: until every node's rules know it."""
    samples, now, period = Samples(), BEGIN + 10 * SECOND, loop.world.timings.proxy_sync
    count = Counter[str]()
    for number in range(500):
        key = Key("default", f"s{number}-1")
        old = loop.objects.get("endpointslices", key)
        assert old is not None
        with samples.timed():
            loop.take("MODIFIED", "endpointslices", key, {**old, "endpoints": old["endpoints"][1:]}, loop.revision, now)
            loop.run(now, lambda _: False)
        for entry in loop.drain():
            count[entry.change.kind.plural] += len(orjson.dumps(entry.change.new))
        loop.stored()
        now += 2 * period
    kept = ", ".join(f"{name} {size / 500:.0f} bytes" for name, size in count.items())
    print(f"network: a slice's change until all {NODES} nodes have it: {samples.told()}; stored each time: {kept}")


def requests(loop: Loop) -> None:
    """From a pod through a cluster IP to a pod, one by one."""
    kernel = Kernel(Accepts(), NETWORK, loop.world.kernel.metrics)
    view = UserView(loop, Due(BEGIN + 3600 * SECOND, 0, 0))
    view.kernel = kernel
    source = loop.objects.get("pods", Key("default", "p0-0"))
    assert source is not None
    begun = time.perf_counter()
    for number in range(REQUESTS):
        outcome = NETWORK.send(view, source, cluster_ip(number % SERVICES), Request("http", 80))
        assert outcome.ok, outcome
    rate = REQUESTS / (time.perf_counter() - begun)
    print(f"network: {rate:,.0f} simulated requests a second, one by one, with their way")


def filled() -> Loop:
    """The objects as controllers have left them."""
    whole = assembly.world("classroom", "bench", {})
    own = [one for one in whole.components if one.controller.name in ("kube-proxies", "kube-proxy")]
    loop = Loop(replace(whole, components=own))
    loop.load(((resource, key, body) for resource, key, body in objects()), BEGIN)
    return loop


def objects() -> Iterator[tuple[str, Key, Body]]:
    for number in range(NODES):
        name = f"n{number}"
        machine = {
            "metadata": {"name": name},
            "role": "worker",
            "power": "on",
            "bootID": "b",
            "ip": f"192.168.49.{number + 2}",
        }
        yield "machines", Key("", name), machine
        yield "proxies", Key("", name), {**fresh(name), "boot": "b", "live": True}
        box = {"metadata": {"namespace": name, "name": name}, "pod": {"namespace": "kube-system", "name": name}}
        yield (
            "sandboxes",
            Key(name, name),
            {**box, "host": True, "ip": machine["ip"], "running": ["kube-proxy"], "since": 0},
        )
    for number in range(SERVICES):
        yield from service(number)


def service(number: int) -> Iterator[tuple[str, Key, Body]]:
    home: Body = {"namespace": "default"}
    name = f"s{number}"
    spec = {"type": "ClusterIP", "clusterIP": cluster_ip(number), "clusterIPs": [cluster_ip(number)],
            "sessionAffinity": "None", "ports": [{"port": 80, "protocol": "TCP"}]}  # fmt: skip
    yield "services", Key("default", name), {"metadata": {"name": name, **home, "uid": name}, "spec": spec}
    endpoints = []
    for index in range(ENDPOINTS):
        pod, node = f"p{number}-{index}", f"n{(number + index) % NODES}"
        ip = f"10.{index + 100}.{number // 250}.{number % 250 + 1}"
        endpoints.append({"addresses": [ip], "conditions": {"ready": True}, "nodeName": node})
        metadata = {"name": pod, **home, "uid": pod}
        yield "pods", Key("default", pod), {"metadata": metadata, "spec": {"nodeName": node}, "status": {"podIP": ip}}
        box = {"metadata": {"namespace": node, "name": pod}, "pod": {"name": pod, **home}, "uid": pod, "since": 0}
        yield "sandboxes", Key(node, pod), {**box, "ip": ip, "running": [], "containers": {}}
    metadata = {"name": f"{name}-1", **home, "labels": {"kubernetes.io/service-name": name}}
    made = {"metadata": metadata, "addressType": "IPv4", "ports": [{"name": "", "port": 80}], "endpoints": endpoints}
    yield "endpointslices", Key("default", f"{name}-1"), made


def cluster_ip(number: int) -> str:
    return f"10.96.{number // 250}.{number % 250 + 1}"
