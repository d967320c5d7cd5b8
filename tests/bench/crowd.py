"""A crowd for the page alone: a cluster's objects and their churn, as the frames that the page's socket would carry."""

from __future__ import annotations

import random
from base64 import b64encode
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from clusters.store.clock import Clock, wall_now
from playground.topology.board import Board
from playground.topology.frames import Frames

Body = dict[str, Any]
PER_APP = 10  # pods of a Deployment
SERVED = 5  # one Deployment in so many has a Service
ZONES = ("eu-a", "eu-b", "eu-c")
BEGUN = "2026-01-01T00:00:00Z"
RESTLESS = 0.02  # of all pods are not Ready at any time


def write(path: str, nodes: int, pods: int, changes: int, ticks: int) -> None:
    """The snapshot, then a frame for each tick with so many changes: one a line, as base64 since some are packed."""
    crowd = Crowd(nodes, pods)
    frames = Frames(crowd.board, "bench")
    clock = Clock(wall_now(), wall_now(), 1.0, False)
    frames.delta(clock, wall_now())
    with Path(path).open("wb") as out:
        out.write(b64encode(frames.snapshot(clock, wall_now())) + b"\n")
        for _ in range(ticks):
            crowd.change(changes)
            out.write(b64encode(frames.delta(None, wall_now()) or b"") + b"\n")


class Crowd:
    """Deployments of ten pods each, spread over nodes in three zones; some have always just fallen, come or gone."""

    def __init__(self, nodes: int, pods: int) -> None:
        self.board = Board()
        self.board.revision = 1
        self._draw = random.Random(7)
        self._nodes = [f"node-{number:03}" for number in range(nodes)]
        self._pods: dict[str, Body] = {}
        self._resting: list[str] = []
        self._restless: deque[str] = deque()
        self._born = 0
        for number, name in enumerate(self._nodes):
            self.board.put("nodes", "", name, node(name, ZONES[number % 3]))
        for number in range(pods // PER_APP):
            for resource, body in app(number):
                self.board.put(resource, "default", body["metadata"]["name"], body)
        for number in range(pods):
            self._come(number // PER_APP, ready=True)
        for number in range(0, pods // PER_APP, SERVED):
            self.board.put("endpointslices", "default", f"svc-{number:04}-x", endpoints(number))
        self._unrest = max(4, round(pods * RESTLESS))
        for _ in range(self._unrest):
            self._disturb()

    def change(self, count: int) -> None:
        """As many are disturbed as settle."""
        self.board.revision += count
        for _ in range(count):
            if len(self._restless) < self._unrest:
                self._disturb()
            else:
                self._settle()

    def _come(self, owner: int, ready: bool) -> None:
        self._born += 1
        name = f"app-{owner:04}-6d4cf56db6-{self._born:05x}"
        body = pod(name, owner, self._draw.choice(self._nodes), self._born)
        self._pods[name] = body
        if ready:
            self._put(name, told(body, ready=True))
            self._resting.append(name)
        else:
            self._put(name, told(body, waiting="ContainerCreating"))
            self._restless.append(name)

    def _disturb(self) -> None:
        place = self._draw.randrange(len(self._resting))
        self._resting[place], self._resting[-1] = self._resting[-1], self._resting[place]
        name = self._resting.pop()
        body, what = self._pods[name], self._draw.random()
        if what < 0.5:
            self._put(name, told(body, ready=False))
        elif what < 0.7:
            self._put(name, told(body, waiting="CrashLoopBackOff"))
        else:
            going = {**body["metadata"], "deletionTimestamp": BEGUN, "deletionGracePeriodSeconds": 30}
            self._put(name, {**body, "metadata": going})
        self._restless.append(name)

    def _settle(self) -> None:
        name = self._restless.popleft()
        body = self._pods[name]
        if "deletionTimestamp" in body["metadata"]:
            del self._pods[name]
            self.board.drop("pods", "default", name, body["metadata"]["uid"])
            self._come(int(name[4:8]), ready=False)
        else:
            self._put(name, told(body, ready=True))
            self._resting.append(name)

    def _put(self, name: str, body: Body) -> None:
        self._pods[name] = body
        self.board.put("pods", "default", name, body)


def node(name: str, zone: str) -> Body:
    """A machine with room for twenty such pods."""
    return {
        "kind": "Node",
        "metadata": {"name": name, "uid": f"uid-{name}", "labels": {"topology.kubernetes.io/zone": zone}},
        "spec": {},
        "status": {"allocatable": {"cpu": "4", "memory": "8Gi"}, "conditions": [{"type": "Ready", "status": "True"}]},
    }


def app(number: int) -> Iterator[tuple[str, Body]]:
    """A Deployment and its ReplicaSet."""
    name, label = f"app-{number:04}", {"app": f"app-{number:04}"}
    spec = {"replicas": PER_APP, "selector": {"matchLabels": label}}
    status = {"replicas": PER_APP, "readyReplicas": PER_APP, "updatedReplicas": PER_APP}
    top = {"name": name, "namespace": "default", "uid": f"top-{number}"}
    revision = {"deployment.kubernetes.io/revision": "1"}
    owner = {"kind": "Deployment", "name": name, "uid": f"top-{number}", "controller": True}
    rs = {**top, "name": f"{name}-6d4cf56db6", "uid": f"set-{number}", "ownerReferences": [owner]}
    yield (
        "deployments",
        {"kind": "Deployment", "metadata": {**top, "annotations": revision}, "spec": spec, "status": status},
    )
    yield (
        "replicasets",
        {"kind": "ReplicaSet", "metadata": {**rs, "annotations": revision}, "spec": spec, "status": status},
    )
    if number % SERVED == 0:
        service = {"name": f"svc-{number:04}", "namespace": "default", "uid": f"svc-{number}"}
        ports = [{"port": 80, "targetPort": 8080}]
        yield "services", {"kind": "Service", "metadata": service, "spec": {"selector": label, "ports": ports}}


def endpoints(number: int) -> Body:
    """Of the Service of one Deployment: its first pods."""
    labels = {"kubernetes.io/service-name": f"svc-{number:04}"}
    uids = [f"pod-{born}" for born in range(number * PER_APP + 1, (number + 1) * PER_APP + 1)]
    ready = [{"conditions": {"ready": True}, "targetRef": {"uid": uid}} for uid in uids]
    return {"metadata": {"namespace": "default", "labels": labels}, "endpoints": ready}


def pod(name: str, owner: int, where: str, born: int) -> Body:
    reference = {"kind": "ReplicaSet", "name": name.rpartition("-")[0], "uid": f"set-{owner}", "controller": True}
    labels = {"app": f"app-{owner:04}"}
    metadata = {
        "name": name,
        "namespace": "default",
        "uid": f"pod-{born}",
        "labels": labels,
        "ownerReferences": [reference],
    }
    asks = {"requests": {"cpu": "150m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}}
    containers = [{"name": "web", "image": "nginx:1.29", "ports": [{"containerPort": 8080}], "resources": asks}]
    return {"kind": "Pod", "metadata": metadata, "spec": {"nodeName": where, "containers": containers}, "status": {}}


def told(body: Body, ready: bool = False, waiting: str = "") -> Body:
    """As its kubelet reports it."""
    runs = {"waiting": {"reason": waiting}} if waiting else {"running": {"startedAt": BEGUN}}
    status = {
        "phase": "Pending" if waiting == "ContainerCreating" else "Running",
        "conditions": [
            {"type": "PodScheduled", "status": "True"},
            {"type": "Ready", "status": "True" if ready else "False", "lastTransitionTime": "2026-01-01T00:01:00Z"},
        ],
        "containerStatuses": [{"name": "web", "ready": ready, "restartCount": 0, "state": runs}],
    }
    return {**body, "status": status}
