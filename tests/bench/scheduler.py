"""Pods that get their node in the pure loop: no database, no kubelet, only the scheduler and what it writes."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from clusters.engine import assembly
from clusters.kinds.body import Body, Key
from clusters.reconcile.component import Component
from clusters.reconcile.loop import Loop
from tests.podium import Podium
from tests.sim import BEGIN
from workloads.scheduler import scheduler

PODS = 1000
ROOM = {"cpu": "32", "memory": "128Gi", "pods": "250"}
WEB = {"labelSelector": {"matchLabels": {"app": "web"}}}
APART = {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname", **WEB}]}
ZONES = {"maxSkew": 1, "topologyKey": "topology.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule", **WEB}


def measure(_: Podium) -> None:
    for nodes in (100, 1000, 5000):
        told(nodes, "")
    told(1000, ", spread over zones", topologySpreadConstraints=[ZONES])
    told(1000, ", each on a node of its own", affinity={"podAntiAffinity": APART})


def told(nodes: int, what: str, **spec: Any) -> None:
    loop = Loop(replace(assembly.world("classroom", "bench", {}), components=[ONLY]))
    rooms = [("nodes", Key("", f"node-{number}"), node(number)) for number in range(nodes)]
    pods = [("pods", Key("default", f"web-{number:05}"), pod(number, spec)) for number in range(PODS)]
    loop.load([*rooms, *pods], BEGIN)
    begun, used = time.perf_counter(), time.process_time()
    while (due := loop.next_due()) is not None and due <= BEGIN:
        loop.run(due, lambda written: written >= 200)
        loop.drain()
        loop.stored()
    took, used = time.perf_counter() - begun, time.process_time() - used
    bound = sum(bool(one["spec"].get("nodeName")) for one in loop.objects.list("pods"))
    speed = f"{bound / took:.0f} a second, {used / bound * 1e6:.0f} us of CPU each"
    print(f"{bound} pods scheduled on {nodes} nodes{what}: {speed}", flush=True)


ONLY = Component(scheduler.CONTROLLER, scheduler.reconcile)


def node(number: int) -> Body:
    labels = {"kubernetes.io/hostname": f"node-{number}", "topology.kubernetes.io/zone": "abc"[number % 3]}
    metadata = {"name": f"node-{number}", "uid": f"node-{number}", "resourceVersion": "1", "labels": labels}
    return {"apiVersion": "v1", "kind": "Node", "metadata": metadata, "spec": {}, "status": {"allocatable": ROOM}}


def pod(number: int, spec: Body) -> Body:
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web", "uid": "web", "controller": True}
    metadata = {
        "name": f"web-{number:05}",
        "namespace": "default",
        "uid": f"web-{number}",
        "resourceVersion": "1",
        "creationTimestamp": "2026-01-05T09:00:00Z",
        "labels": {"app": "web"},
        "ownerReferences": [owner],
    }
    container = {"name": "web", "image": "nginx", "resources": {"requests": {"cpu": "100m", "memory": "64Mi"}}}
    wanted = {"schedulerName": "default-scheduler", "containers": [container], **spec}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": wanted, "status": {"phase": "Pending"}}
