"""What listens on a machine's own address: pods in its network, host ports, the kubelet, the API server's front."""

from __future__ import annotations

from dataclasses import replace

import orjson

from clusters.kernel import Outcome
from clusters.kinds.body import Body, Key, dig, labels_of
from clusters.reconcile.clock import MILLISECOND
from networking.network import apiserver
from networking.network.rules import all_rules
from networking.network.trip import REFUSED, Trip, place_of
from networking.proxy.choosing import endpoints_of
from networking.proxy.compile import READY
from networking.proxy.listing import iptables_save
from networking.proxy.timing import rules_on

READ_ONLY, KUBELET = 10255, 10250  # --read-only-port (off by default today), --port
JSON = (("Content-Type", "application/json"),)


def answer(trip: Trip, machine: str, address: str, port: int) -> Outcome:
    """Whoever listens there; to a process on the machine itself its kernel shows its rules."""
    if trip.request.protocol == "netfilter":
        return netfilter(trip, machine)
    for box in trip.index.hosts_on(machine):
        pod = trip.view.get("pods", Key(box["pod"]["namespace"], box["pod"]["name"]))
        if pod is None:
            continue
        outcome = trip.view.kernel.containers.answer(
            trip.view, pod, replace(trip.request, port=port, client=trip.client)
        )
        if outcome.reason != REFUSED:
            trip.hop("pod", f"{box['pod']['namespace']}/{box['pod']['name']}", f"on {address}:{port}")
            is_api = labels_of(pod).get("component") == "kube-apiserver" and trip.request.protocol == "http"
            return apiserver.answer(trip, outcome) if is_api and outcome.ok else outcome
    health = proxy_health(trip, machine, port)
    if health is not None:
        return health
    if trip.request.protocol in ("http", "tcp") and port in (READ_ONLY, KUBELET):
        trip.hop("kubelet", machine, f"port {port}")
        return kubelet(trip, machine, port)
    return Outcome(ok=False, reason=REFUSED)


def netfilter(trip: Trip, machine: str) -> Outcome:
    """What iptables-save reads."""
    if trip.source is None or trip.node != machine or not trip.source["spec"].get("hostNetwork"):
        return Outcome(ok=False, reason=REFUSED)
    rules = list(all_rules(trip.view, machine))
    return Outcome(ok=True, body=iptables_save(rules, place_of(trip.view, machine)).encode())


def host_port(trip: Trip, machine: str, port: int) -> tuple[Body, int] | None:
    """The pod on this machine that asked for this port of it, and its own port (CNI: portmap)."""
    for pod in trip.view.on_node(machine):
        if pod["spec"].get("hostNetwork") or not dig(pod, "status.podIP"):
            continue
        for container in pod["spec"]["containers"]:
            for one in container.get("ports") or ():
                if one.get("hostPort") == port and (one.get("protocol") or "TCP") == trip.transport:
                    return pod, int(one["containerPort"])
    return None


def proxy_health(trip: Trip, machine: str, port: int) -> Outcome | None:
    """kube-proxy's answer to a load balancer: whether this node has ready endpoints of its own."""
    proxy = trip.view.get("proxies", Key("", machine))
    if proxy is None or not proxy["live"]:
        return None
    for told in trip.index.rules_on_port(port):
        rules = rules_on(proxy, told, trip.view.now, trip.view.timings)
        if rules is not None and rules.get("health") == port:
            here = {one.address for p in rules["ports"] for one in endpoints_of(rules, p["name"])
                    if one.node == machine and one.state == READY}  # fmt: skip
            service = {"namespace": told["metadata"]["namespace"], "name": told["metadata"]["name"]}
            body = orjson.dumps({"service": service, "localEndpoints": len(here), "serviceProxyHealthy": True})
            trip.hop("kube-proxy", machine, f"{len(here)} local endpoints of {service['namespace']}/{service['name']}")
            return _http(200 if here else 503, body)
    return None


def kubelet(trip: Trip, machine: str, port: int) -> Outcome:
    """/pods and /healthz without asking who; on the port that asks, nobody from a container is known."""
    if trip.request.protocol == "tcp":
        return Outcome(ok=True, takes=MILLISECOND)
    path = trip.request.path.partition("?")[0].rstrip("/")
    if path == "/healthz":
        return _http(200, b"ok", "text/plain; charset=utf-8")
    if port == KUBELET:
        return _http(401, b"Unauthorized", "text/plain; charset=utf-8")
    if path == "/pods":
        pods = list(trip.view.on_node(machine))
        return _http(200, orjson.dumps({"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": pods}))
    return _http(404, b"404 page not found\n", "text/plain; charset=utf-8")


def _http(status: int, body: bytes, kind: str = "application/json") -> Outcome:
    headers = (("Content-Type", kind), ("Content-Length", str(len(body))))
    return Outcome(ok=True, status=status, headers=headers, body=body, takes=MILLISECOND)
