"""A kubelet's heartbeat: its Lease in kube-node-lease (Kubernetes: node heartbeats)."""

from __future__ import annotations

from collections.abc import Iterable

from clusters.kinds.body import Body, Key, owner_reference
from clusters.kinds.machine import has_changed, hears_api
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND, parse, rfc3339_micro
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, LookAgain, Update
from workloads.kubelet.writes import Writes

NAMESPACE = "kube-node-lease"


def when_its_power_changes(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The machine, where its power or its Node is another than before."""
    if new is None or not has_changed(new, old):
        return ()
    return (Key("", new["metadata"]["name"]),)


CONTROLLER = Controller(
    "kubelet-lease",
    primary="machines",
    mapper=when_its_power_changes,
    actor=lambda key, _: f"kubelet/{key.name}",
    source="kubelet",
)


def reconcile(key: Key, view: View) -> Writes:
    """Renew when a renewal is due, and wake again for the next; without power or Node say nothing."""
    machine, node = view.get("machines", key), view.get("nodes", key)
    if node is None or not hears_api(machine):
        return
    period, lease = view.timings.lease_renewal, view.get("leases", Key(NAMESPACE, key.name))
    if lease is None:
        answer = yield Create("leases", granted(node, view), because=node)
        if isinstance(answer, Status):  # the namespace is not there yet
            period = SECOND
    else:
        due = parse(lease["spec"]["renewTime"]) + period
        if view.now < due:
            yield LookAgain(due)
            return
        yield Update("leases", {**lease, "spec": {**lease["spec"], "renewTime": rfc3339_micro(view.now)}})
    yield LookAgain(view.now + period)


def granted(node: Body, view: View) -> Body:
    """The first Lease, owned by the Node so that it goes with it."""
    name = node["metadata"]["name"]
    owner = owner_reference(node, controller=False)
    spec = {
        "holderIdentity": name,
        "leaseDurationSeconds": view.timings.lease_duration // SECOND,
        "renewTime": rfc3339_micro(view.now),
    }
    metadata = {"name": name, "namespace": NAMESPACE, "ownerReferences": [owner]}
    return {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": metadata, "spec": spec}
