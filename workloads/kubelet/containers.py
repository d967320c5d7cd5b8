"""What a request at a pod's address meets: the processes that listen there (clusters.kernel's Containers)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from clusters.kernel import Capacity, Containers, Lookup, Outcome, Request
from clusters.kinds.body import Body, Key, dig, put
from clusters.kinds.quantity import cpu_millis
from clusters.reconcile.clock import SECOND
from clusters.reconcile.view import View
from clusters.reconcile.writes import Output, Update, Write
from workloads.kubelet import ailing
from workloads.kubelet.work import box_key
from workloads.runtime import container as runtime

NO_ROUTE = Outcome(ok=False, reason="no route to host")
HANGS = Outcome(ok=False, reason="timeout", takes=60 * SECOND)  # as long as most clients wait for an answer
REFUSED = Outcome(ok=False, reason="connection refused")
UNIT = 100  # microseconds of CPU in one unit of fuel


class SandboxContainers:
    """Answers from the sandboxes' runs as they stand; what an answer changes in them goes with it as writes."""

    def answer(self, view: View, pod: Body, request: Request) -> Outcome:
        """The process that listens on the port answers; a dead machine does not even refuse."""
        node = pod["spec"].get("nodeName")
        machine = view.get("machines", Key("", node)) if node else None
        if machine is None or machine["power"] != "on":
            return NO_ROUTE
        box = view.get("sandboxes", box_key(pod))
        if box is None or box.get("over") or not box.get("ip"):
            return NO_ROUTE
        for name in box["running"]:
            run = box["containers"][name].get("run")
            if run is not None and request.port in runtime.listening(run):
                is_silent = request.protocol != "tcp" or request.body
                if is_silent and ailing.hangs(view, pod, name, box["containers"][name]):
                    return HANGS
                return _served(view, pod, box, name, request)
        return REFUSED

    def capacity(self, view: View, pod: Body, port: int) -> Capacity | None:
        """By its image, its limit and its machine."""
        node, box = pod["spec"].get("nodeName") or "", view.get("sandboxes", box_key(pod))
        machine = view.get("machines", Key("", node))
        for name in box["running"] if box is not None and machine is not None else ():
            run = box["containers"][name].get("run") if box else None
            if run is not None and port in runtime.listening(run):
                limit = _cpu_limit(pod, name) or (machine or {}).get("cpu") or "1"
                return Capacity(name, max(1, runtime.at_once(run)), max(1, cpu_millis(limit)))
        return None

    def charge(self, view: View, pod: Body, container: str, spent: int) -> Sequence[Write]:
        """Nothing when it does not run any more."""
        box = view.get("sandboxes", box_key(pod))
        if box is None or container not in box["running"] or not box["containers"][container].get("run"):
            return ()
        run = runtime.charge(box["containers"][container]["run"], spent // UNIT, view.now)
        return (Update("sandboxes", put(box, f"containers.{container}.run", run)),)


def _cpu_limit(pod: Body, container: str) -> str | None:
    specs = (*pod["spec"]["containers"], *(pod["spec"].get("initContainers") or ()))
    return next((dig(one, "resources.limits.cpu") for one in specs if one["name"] == container), None)


def _served(view: View, pod: Body, box: Body, name: str, request: Request) -> Outcome:
    container = box["containers"][name]
    way = Onward(view, pod)
    client = request.client or dict(request.headers).get("X-Forwarded-For", "")
    served = runtime.serve(container["run"], request, view.now, way, client)
    writes = list(way.writes)
    if served.output:
        lines = tuple((line.at, line.stream, line.data) for line in served.output)
        writes.append(Output(pod["metadata"]["uid"], name, container["restarts"], lines))
    writes.append(Update("sandboxes", put(box, f"containers.{name}.run", served.run)))
    takes = served.outcome.takes + ailing.late(view, pod)
    return replace(served.outcome, takes=takes, writes=(*served.outcome.writes, *writes))


class Onward:
    """The way of a server that asks others before it answers: a Wire that keeps what its requests changed."""

    def __init__(self, view: View, pod: Body) -> None:
        self.view, self.pod, self.writes = view, pod, list[Write]()

    def send(self, host: str, request: Request) -> Outcome:
        outcome = self.view.kernel.network.send(self.view, self.pod, host, request)
        self.writes.extend(outcome.writes)
        return replace(outcome, writes=())

    def lookup(self, name: str, type_: str = "A", server: str = "") -> Lookup:
        found = self.view.kernel.network.lookup(self.view, self.pod, name, type_, server)
        self.writes.extend(found.writes)
        return replace(found, writes=())


CONTAINERS: Containers = SandboxContainers()
