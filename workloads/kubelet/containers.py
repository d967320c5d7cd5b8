"""What a request at a pod's address meets: the processes that listen there (clusters.kernel's Containers)."""

from __future__ import annotations

from clusters.kernel import Containers, Outcome, Request
from clusters.kinds.body import Body, Key
from clusters.reconcile.view import View
from workloads.kubelet.work import box_key
from workloads.runtime import container as runtime

NO_ROUTE = Outcome(ok=False, reason="no route to host")
REFUSED = Outcome(ok=False, reason="connection refused")


class SandboxContainers:
    """Answers from the sandboxes' runs as they stand."""

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
                return runtime.answer(run, request, view.now)
        return REFUSED


CONTAINERS: Containers = SandboxContainers()
