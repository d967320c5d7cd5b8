"""The network as a container's processes have it: bound to their pod, with what their requests changed elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from clusters.kernel import Lookup, Outcome, Request
from clusters.kinds.body import Body, key_of
from clusters.reconcile.writes import Output, Update, Write
from workloads.kubelet.work import Work, box_key
from workloads.runtime import container as runtime

REFUSED = Outcome(ok=False, reason="connection refused")
UNREACHABLE = Outcome(ok=False, reason="network is unreachable")


class PodWire:
    """clusters.kernel's Wire for one container. `writes` are to be yielded before it sends again."""

    def __init__(self, work: Work, container: str) -> None:
        self.work, self.container, self.writes = work, container, list[Write]()

    def send(self, host: str, request: Request) -> Outcome:
        """Within the pod to the container that listens; else out by the node's rules."""
        work = self.work
        if not work.box["ip"]:
            return UNREACHABLE
        if host.startswith("127.") or host in ("localhost", "0.0.0.0", work.box["ip"]):
            listener = self._listener(request.port) if request.port else None
            if listener is not None:
                return self._beside(listener, request)
            if not work.box.get("host"):
                return REFUSED
            host = work.box["ip"]
        outcome = work.view.kernel.network.send(work.view, self._source(), host, request)
        self.writes.extend(self._elsewhere(outcome.writes))
        return replace(outcome, writes=())

    def lookup(self, name: str, type_: str = "A", server: str = "") -> Lookup:
        if not self.work.box["ip"]:
            return Lookup(ok=False, reason="no servers")
        found = self.work.view.kernel.network.lookup(self.work.view, self._source(), name, type_, server)
        self.writes.extend(self._elsewhere(found.writes))
        return replace(found, writes=())

    def _source(self) -> Body:
        """The pod with its sandbox as it stands in this look, which is not stored yet."""
        return {**self.work.pod, "sandbox": self.work.box}

    def _listener(self, port: int) -> str | None:
        for name, container in self.work.box["containers"].items():
            run = container.get("run")
            if name != self.container and run is not None and port in runtime.listening(run):
                return str(name)
        return None

    def _beside(self, name: str, request: Request) -> Outcome:
        """A container of the same pod answers: containers share their address and ports."""
        container = self.work.container(name)
        way = PodWire(self.work, name)
        served = runtime.serve(container["run"], request, self.work.now, way, "127.0.0.1")
        self.work.set(name, run=served.run)
        self.writes.extend(way.writes)
        if served.output:
            lines = tuple((line.at, line.stream, line.data) for line in served.output)
            self.writes.append(Output(self.work.uid, name, container["restarts"], lines))
        return served.outcome

    def _elsewhere(self, writes: Sequence[Write]) -> Iterator[Write]:
        """What concerns this very pod goes into the draft in hand, not past it."""
        own = box_key(self.work.pod)
        for write in writes:
            if isinstance(write, Update) and write.resource == "sandboxes" and key_of(write.body) == own:
                self._merge(write.body)
            else:
                yield write

    def _merge(self, box: Body) -> None:
        known = self.work.old
        for name, container in box["containers"].items():
            before = known["containers"].get(name, {}).get("run") if known else None
            if name != self.container and container.get("run") is not before:
                self.work.set(name, run=container["run"])


class NoWire:
    """A network for a look that must leave no trace: nothing is sent, and that it was asked for is remembered."""

    def __init__(self) -> None:
        self.was_asked = False

    def send(self, host: str, request: Request) -> Outcome:
        self.was_asked = True
        return UNREACHABLE

    def lookup(self, name: str, type_: str = "A", server: str = "") -> Lookup:
        self.was_asked = True
        return Lookup(ok=False, reason="no servers")
