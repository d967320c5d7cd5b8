"""What tests of the kubelet read of a cluster in memory."""

from __future__ import annotations

from clusters.kinds.body import Body, Key
from tests.sim import Sim


def container(sim: Sim, pod: str, index: int = 0) -> Body:
    """A pod's first containerStatus, or another."""
    found: Body = sim.get("pods", pod)["status"]["containerStatuses"][index]
    return found


def condition(sim: Sim, pod: str, type_: str) -> Body:
    found: Body = next(c for c in sim.get("pods", pod)["status"]["conditions"] if c["type"] == type_)
    return found


def messages(sim: Sim, reason: str, about: str) -> list[str]:
    """What was said about an object with this reason."""
    return [event["message"] for event in sim.events(reason, about)]


def times(sim: Sim, reason: str, about: str) -> list[int]:
    """When something was said about an object with this reason, each time that it was."""
    said = [(entry.at, entry.change.new) for entry in sim.log.all("events")]
    return [at for at, event in said if event["reason"] == reason and event["involvedObject"]["name"] == about]


def node_of(sim: Sim, pod: str) -> str:
    return str(sim.get("pods", pod)["spec"]["nodeName"])


def sandbox(sim: Sim, pod: str) -> Body:
    body = sim.get("pods", pod)
    found = sim.loop.objects.get("sandboxes", Key(body["spec"]["nodeName"], body["metadata"]["uid"]))
    assert found is not None
    return found


def configmap(name: str, **data: str) -> Body:
    metadata = {"name": name, "namespace": "default"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
