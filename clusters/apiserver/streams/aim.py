"""Which container a stream is for, and the API server's and kubelet's own refusals before it begins."""

from __future__ import annotations

import orjson

from clusters.apiserver.call import Call
from clusters.apiserver.verbs.logs import check_reachable, container_of
from clusters.kinds.body import Body, Key, dig
from clusters.kinds.problem import Status
from clusters.store import read

LISTS = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")


class NotFound(Exception):
    """The kubelet has no such running container; it says so in plain text."""


async def pod_of(call: Call) -> Body:
    """The pod, on a node that can be reached. Raises NotFound, BadRequest, InternalError."""
    cluster = call.cluster.pk
    stored = await read.aget(cluster, "pods", Key(call.aim.namespace, call.aim.name))
    if stored is None:
        raise Status.not_found("pods", call.aim.name)
    pod: Body = orjson.loads(stored.body)
    node = str(dig(pod, "spec.nodeName") or "")
    if not node:
        raise Status.bad_request(f"pod {call.aim.name} does not have a host assigned")
    machine = await read.aget(cluster, "machines", Key("", node))
    check_reachable(pod, orjson.loads(machine.body) if machine else None, call.aim.subresource)
    return pod


async def container_to_enter(call: Call) -> str:
    """The running container that is meant. Raises Status, and NotFound where it does not run."""
    pod = await pod_of(call)
    name = container_of(pod, call.query.get("container") or "")
    statuses = [status for field in LISTS for status in dig(pod, f"status.{field}") or ()]
    if not any(one["name"] == name and dig(one, "state.running") is not None for one in statuses):
        raise NotFound(not_found(call, name))
    return name


def not_found(call: Call, name: str) -> str:
    """The kubelet's words, which are others for attach."""
    if call.aim.subresource == "attach":
        return f"container {name} not found in pod {call.aim.name}_{call.aim.namespace}"
    return f'container not found ("{name}")'
