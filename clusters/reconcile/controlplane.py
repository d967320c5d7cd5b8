"""Which parts of the control plane run, by what the machines truly hold (the true ink)."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.reconcile.objects import Objects


def is_running(part: str, objects: Objects) -> bool:
    """Whether a powered control-plane machine has a process of that static pod: `kube-scheduler`, ..."""
    for machine in objects.list("machines"):
        if machine.get("role") == "control-plane" and machine.get("power") == "on":
            node = machine["metadata"]["name"]
            pod = {"namespace": "kube-system", "name": f"{part}-{node}"}
            if any(box["running"] and box["pod"] == pod for box in objects.list("sandboxes", node)):
                return True
    return False


def may_decide(resource: str, body: Body | None) -> bool:
    """Whether a change of this object can start or stop a part."""
    if resource == "machines":
        return bool(body and body.get("role") == "control-plane")
    return resource == "sandboxes" and bool(body and body["pod"]["namespace"] == "kube-system")
