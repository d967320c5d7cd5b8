"""A cluster in memory for pure tests: the real loop over the real parts lists, in cluster time, without sleeping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from clusters.admission.apply import DELETED, apply
from clusters.engine import assembly
from clusters.engine.addons import addons as all_addons
from clusters.engine.genesis import first_writes
from clusters.kernel import Lookup, Outcome, Request
from clusters.kinds.body import Body, Key, controller_of, dig, key_of, labels_of, put
from clusters.kinds.problem import Status
from clusters.reconcile.batch import Entry
from clusters.reconcile.chance import Chance
from clusters.reconcile.clock import SECOND, Time, parse
from clusters.reconcile.live import LiveView
from clusters.reconcile.loop import Loop
from clusters.reconcile.message import Message
from clusters.reconcile.world import Due
from clusters.reconcile.writes import Create, Delete, Output, Update, Write

Bodies = list[Body]  # the class below has a method of the name `list`
BEGIN = parse("2026-01-05T09:00:00Z")
# what goes on for ever in a cluster at rest
HEARTBEATS = ("leases", "machines")


class Log(list[Entry]):
    """Everything that was written, in order of revision."""

    def last(self, resource: str, op: str) -> Entry:
        """The newest change of this sort."""
        return self.all(resource, op)[-1]

    def all(self, resource: str, op: str | None = None) -> list[Entry]:
        return [e for e in self if e.change.kind.plural == resource and op in (None, e.change.op)]


class Sim:
    """`Sim(nodes=3)` is a cluster whose nodes are Ready. All verbs give the Sim back, so that they chain."""

    def __init__(
        self, nodes: int = 3, timings: str = "classroom", seed: str = "sim", limits: Any = None, addons: bool = False
    ) -> None:
        """`addons`: with CoreDNS and kube-proxy, as a real cluster is born."""
        self.world = assembly.world(timings, seed, limits or {})
        self.loop = Loop(self.world)
        self.log = Log()
        self.now: Time = BEGIN
        self.outputs: list[Output] = []
        self.replies: Bodies = []
        self._sent = 0
        self.slice = 10**9  # writes after which a batch ends
        more = all_addons() if addons else []
        for write in [*first_writes(nodes, "-----BEGIN CERTIFICATE-----"), *more]:
            self.write(write, "system:bootstrap")
        self.settle()

    # writing, as through the API

    def apply(self, *bodies: Body) -> Sim:
        """Create, or replace everything but the status of what is there."""
        for body in bodies:
            kind = next(k for k in self.world.kinds.values() if (k.api_version, k.kind) == _type(body))
            body = self._placed(body, kind.namespaced)
            named = body["metadata"].get("name")
            known = self.loop.objects.get(kind.plural, key_of(body)) if named else None
            self.write(Update(kind.plural, body) if known else Create(kind.plural, body))
        return self

    def patch(self, resource: str, name: str, path: str, value: Any, namespace: str = "default") -> Sim:
        """Set one field by its dotted path."""
        return self.write(Update(resource, put(self.get(resource, name, namespace), path, value)))

    def delete(self, resource: str, which: str | Body, namespace: str = "default", **options: Any) -> Sim:
        body = self.get(resource, which, namespace) if isinstance(which, str) else which
        return self.write(Delete(resource, body, **options))

    def write(self, write: Create | Update | Delete, actor: str = "test") -> Sim:
        """One write by a user. Raises the Status that refuses it."""
        due = Due(self.now, 0, 0)
        view = UserView(self.loop, due)
        change = apply(write, view, self.world.steps)
        if isinstance(change, Status):
            raise change
        if change is not None:
            self.loop.commit(change, actor, 0, "", due)
            self._store()
        return self

    def hear(self, name: str, pod: str, data: Body, namespace: str = "default") -> Bodies:
        """A message from outside; what is replied to it at once."""
        seen = len(self.replies)
        self.loop.hear(Message(name, "me", Key(namespace, pod), data), self.now)
        self._store()
        return self.replies[seen:]

    # time

    def settle(self, quiet: float = 3, limit: float = 120) -> Sim:
        """Go on until nothing but heartbeats was written for `quiet` seconds of cluster time, or until `limit`."""
        end, last = self.now + int(limit * SECOND), self.now
        while (due := self.loop.next_due()) is not None and due <= min(end, last + int(quiet * SECOND)):
            seen = len(self.log)
            self._run(due)
            if any(e.change.kind.plural not in HEARTBEATS for e in self.log[seen:]):
                last = self.now
        return self

    def run(self, seconds: float) -> Sim:
        """Let so much cluster time pass."""
        until = self.now + int(seconds * SECOND)
        while (due := self.loop.next_due()) is not None and due <= until:
            self._run(due)
        self.now = until
        return self

    def restart(self) -> Sim:
        """A new worker takes over: everything is rebuilt from what is stored."""
        objects = list(self.loop.objects.everything())
        self.loop = Loop(self.world, self.loop.revision)
        self.loop.load(objects, self.now)
        return self

    def _run(self, until: Time) -> None:
        self.now = max(self.now, until)
        self.loop.run(until, lambda written: written >= self.slice)
        self._store()

    def _store(self) -> None:
        self.log += [replace(entry) for entry in self.loop.drain()]
        self.outputs += [output for output, _ in self.loop.outputs]
        self.replies += [reply.data for reply in self.loop.replies]
        self.loop.stored()

    # the network

    def send(self, source: str | Body | None, host: str, port: int = 80, path: str = "/", **request: Any) -> Outcome:
        """A request from a pod (by name in `default`) or, with None, from outside; what it changed is written."""
        pod = self.get("pods", source) if isinstance(source, str) else source
        self._sent += 1
        view = UserView(self.loop, Due(self.now, 0, 0), f"send/{self._sent}")
        request = {"protocol": "http", "path": path, "host": host, **request}
        outcome = view.kernel.network.send(view, pod, host, Request(port=port, **request))
        self._changed(outcome.writes)
        return outcome

    def lookup(self, source: str | Body | None, name: str, type_: str = "A", server: str = "") -> Lookup:
        """What a pod's resolver gets to know, or one name server that it asks."""
        pod = self.get("pods", source) if isinstance(source, str) else source
        self._sent += 1
        view = UserView(self.loop, Due(self.now, 0, 0), f"lookup/{self._sent}")
        found = view.kernel.network.lookup(view, pod, name, type_, server)
        self._changed(found.writes)
        return found

    def _changed(self, writes: Sequence[Write]) -> None:
        for write in writes:
            if isinstance(write, Output):
                self.outputs.append(write)
            elif isinstance(write, Create | Update | Delete):
                self.write(write)

    # reading

    def get(self, resource: str, name: str, namespace: str = "default") -> Body:
        """The object, or KeyError."""
        found = self.find(resource, name, namespace)
        if found is None:
            raise KeyError(f"{resource} {namespace}/{name}")
        return found

    def find(self, resource: str, name: str, namespace: str = "default") -> Body | None:
        kind = self.world.kinds[resource]
        inside = kind.namespaced or resource == "sandboxes"
        return self.loop.objects.get(resource, Key(namespace if inside else "", name))

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]:
        return self.loop.objects.list(resource, namespace)

    def pods(self, app: str | None = None, namespace: str = "default") -> Bodies:
        """Pods by their label `app`."""
        return [pod for pod in self.list("pods", namespace) if app in (None, labels_of(pod).get("app"))]

    def running(self, app: str | None = None) -> Bodies:
        """Pods that are Running, Ready and not about to go."""
        return [pod for pod in self.pods(app) if _ready(pod)]

    def word(self, pod: Body) -> str:
        """kubectl's STATUS."""
        return self.world.kinds["pods"].word(pod)

    def events(self, reason: str | None = None, about: str | None = None) -> Bodies:
        found = self.list("events")
        return [e for e in found if reason in (None, e["reason"]) and about in (None, e["involvedObject"]["name"])]

    def logs(self, pod: Body, container: str | None = None) -> str:
        """All that the pod's containers wrote, as text."""
        uid = pod["metadata"]["uid"]
        wanted = [o for o in self.outputs if o.owner == uid and container in (None, o.container)]
        return "".join(text for output in wanted for _, _, text in output.lines)

    def crash(self, node: str) -> Sim:
        return self.apply(fault("NodeCrash", f"crash-{node}", node=node))

    def children(self, owner: Body, resource: str) -> Iterator[Body]:
        for body in self.list(resource, key_of(owner).namespace):
            reference = controller_of(body)
            if reference and reference["uid"] == owner["metadata"]["uid"]:
                yield body

    def _placed(self, body: Body, namespaced: bool) -> Body:
        return put(body, "metadata.namespace", dig(body, "metadata.namespace", "default")) if namespaced else body


class UserView(LiveView):
    """What admission sees of a write that comes through the API."""

    def __init__(self, loop: Loop, due: Due, what: str = "") -> None:
        super().__init__(loop.world, loop.objects)
        self.now = due.time
        self._chance = Chance(f"{loop.world.seed}/user/{loop.revision}/{due.time}{what}")


def fault(type_: str, name: str, **target: str) -> Body:
    spec = {"type": type_, "target": target}
    return {"apiVersion": "podium.dev/v1", "kind": "Fault", "metadata": {"name": name}, "spec": spec}


def template(app: str, image: str = "nginx", **container: Any) -> Body:
    """A pod template with one container."""
    return {"metadata": {"labels": {"app": app}}, "spec": {"containers": [{"name": app, "image": image, **container}]}}


def pod(name: str, image: str = "nginx", spec: Body | None = None, **container: Any) -> Body:
    made = template(name, image, **container)
    metadata = {"name": name, "namespace": "default", "labels": {"app": name}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {**made["spec"], **(spec or {})}}


def replicaset(name: str, replicas: int = 1, **container: Any) -> Body:
    return _workload("ReplicaSet", name, replicas, container)


def deployment(name: str, replicas: int = 1, *, spec: Body | None = None, **container: Any) -> Body:
    made = _workload("Deployment", name, replicas, container)
    return {**made, "spec": {**made["spec"], **(spec or {})}}


def job(name: str, script: str = "exit 0", **spec: Any) -> Body:
    """A Job whose pods run this shell script once."""
    container = {"name": name, "image": "busybox", "command": ["sh", "-c", script]}
    made = {"spec": {"restartPolicy": "Never", "containers": [container]}}
    body = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}}
    return {**body, "spec": {"template": made, **spec}}


def service(name: str, port: int = 80, **spec: Any) -> Body:
    wanted = {"selector": {"app": name}, "ports": [{"port": port}], **spec}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": wanted}


def _workload(kind: str, name: str, replicas: int, container: Body) -> Body:
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": name}}, "template": template(name, **container)}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def _type(body: Body) -> tuple[str, str]:
    return body["apiVersion"], body["kind"]


def _ready(pod: Body) -> bool:
    conditions = {c["type"]: c["status"] for c in dig(pod, "status.conditions") or ()}
    alive = dig(pod, "status.phase") == "Running" and not pod["metadata"].get("deletionTimestamp")
    return alive and conditions.get("Ready") == "True"


__all__ = ["BEGIN", "DELETED", "Sim", "deployment", "fault", "job", "pod", "replicaset", "service", "template"]
