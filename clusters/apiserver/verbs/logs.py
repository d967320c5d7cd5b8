"""What a container wrote (`kubectl logs`), with the kubelet's own refusals (kubelet: containerLogs)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from time import monotonic

import orjson

from clusters.apiserver.answer import Answer, text
from clusters.apiserver.call import Call
from clusters.kinds.body import Body, Key, dig, uid_of
from clusters.kinds.machine import hears_api
from clusters.kinds.number import whole_number
from clusters.kinds.octets import bytes_of
from clusters.kinds.problem import FieldError, Status
from clusters.reconcile.clock import SECOND, Time, parse, rfc3339
from clusters.store import read
from clusters.store.read import Line

POLL = 0.25  # seconds between two looks at a log that is followed
LONGEST = 4 * 3600.0
PULL_TROUBLE = {
    "ErrImagePull": "image can't be pulled",
    "ImagePullBackOff": "trying and failing to pull image",
}
LISTS = ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which container's log, and how."""

    container: str = ""
    previous: bool = False
    timestamps: bool = False
    tail: int | None = None
    since: Time | None = None
    most: int | None = None  # bytes


def log(call: Call) -> Answer:
    """As far as it goes now. Raises NotFound, BadRequest, Invalid."""
    wanted = asked(call)
    pod = _pod(call, read.get(call.cluster.pk, "pods", call.aim.key))
    check_reachable(pod, _machine(read.get(call.cluster.pk, "machines", Key("", _node(pod)))))
    run = run_of(pod, wanted)
    if run is None:
        return text("")
    container, restart = run
    lines = read.output(call.cluster.pk, uid_of(pod), container, restart)
    return Answer(200, _cut(written(chosen(lines, wanted), wanted), wanted), "text/plain")


async def follow(call: Call) -> AsyncIterator[bytes]:
    """The same, and what comes after, until the container's run is over. Refusals come before any line."""
    wanted, cluster = asked(call), call.cluster.pk
    pod = _pod(call, await read.aget(cluster, "pods", call.aim.key))
    check_reachable(pod, _machine(await read.aget(cluster, "machines", Key("", _node(pod)))))
    run = run_of(pod, wanted)
    if run is None:
        return
    end, told, left = monotonic() + LONGEST, None, wanted.most
    while monotonic() < end:
        is_over = _is_over(await read.aget(cluster, "pods", call.aim.key), run, uid_of(pod))
        lines, seen = await read.aoutput(cluster, uid_of(pod), *run, since=told or 0)
        new = written(chosen(lines, wanted) if told is None else lines, wanted)
        told, new = seen, new if left is None else new[:left]
        yield new
        left = None if left is None else left - len(new)
        if is_over or left == 0:
            return
        await asyncio.sleep(POLL)


def asked(call: Call) -> Wanted:
    """From the query. Raises Invalid for what is no number or time."""
    query = call.query
    since = _number(query, "sinceSeconds", 1)
    begin = call.now - since * SECOND if since is not None else None
    if query.get("sinceTime"):
        try:
            begin = parse(query["sinceTime"])
        except (ValueError, TypeError):  # no time, or one without a zone
            raise _bad(FieldError.invalid("sinceTime", query["sinceTime"], "must be an RFC3339 time")) from None
    return Wanted(
        query.get("container") or "",
        query.get("previous") in ("true", "1"),
        query.get("timestamps") in ("true", "1"),
        _number(query, "tailLines", 0),
        begin,
        _number(query, "limitBytes", 1),
    )


def run_of(pod: Body, wanted: Wanted) -> tuple[str, int] | None:
    """(container, how many restarts before it); None where nothing can have run yet. Raises BadRequest."""
    container = container_of(pod, wanted.container)
    name = pod["metadata"]["name"]
    if not dig(pod, "spec.nodeName"):
        return None
    status = _status(pod, container)
    if status is None:
        raise Status.bad_request(f'container "{container}" in pod "{name}" is not available')
    restarts = int(status.get("restartCount") or 0)
    waiting, over = dig(status, "state.waiting"), dig(status, "lastState.terminated")
    if wanted.previous:
        if over is None:
            raise Status.bad_request(f'previous terminated container "{container}" in pod "{name}" not found')
        return container, restarts if waiting is not None else restarts - 1
    if dig(status, "state.running") is not None or dig(status, "state.terminated") is not None or over is not None:
        return container, restarts
    reason = (waiting or {}).get("reason") or "ContainerCreating"
    told = PULL_TROUBLE.get(reason, reason)
    raise Status.bad_request(f'container "{container}" in pod "{name}" is waiting to start: {told}')


def chosen(lines: Sequence[Line], wanted: Wanted) -> Sequence[Line]:
    """Since a time, and of these the last."""
    since = wanted.since
    found = lines if since is None else [line for line in lines if line[0] >= since]
    if wanted.tail is None:
        return found
    return found[-wanted.tail :] if wanted.tail else ()


def written(lines: Sequence[Line], wanted: Wanted) -> bytes:
    """As bytes, each line with its time where that was asked for."""
    found = []
    for at, _, words in lines:
        stamp = f"{rfc3339(at)[:-1]}.{at % SECOND:06d}000Z " if wanted.timestamps else ""
        found.append(f"{stamp}{words}" if words.endswith("\n") else f"{stamp}{words}\n")
    return bytes_of("".join(found))


def _cut(found: bytes, wanted: Wanted) -> bytes:
    return found if wanted.most is None else found[: wanted.most]


def _pod(call: Call, stored: read.Stored | None) -> Body:
    if stored is None:
        raise Status.not_found("pods", call.aim.name)
    found: Body = orjson.loads(stored.body)
    return found


def container_of(pod: Body, wanted: str) -> str:
    """The one that is meant. Raises BadRequest where that is not clear."""
    lists = [pod["spec"].get(field) or () for field in ("containers", "initContainers", "ephemeralContainers")]
    names = [[one["name"] for one in found] for found in lists]
    pod_name = pod["metadata"]["name"]
    if not wanted:
        if len(names[0]) == 1 and not names[1] and not names[2]:
            return str(names[0][0])
        told = f"a container name must be specified for pod {pod_name}, choose one of: [{' '.join(names[0])}]"
        if names[1]:
            told += f" or one of the init containers: [{' '.join(names[1])}]"
        raise Status.bad_request(told)
    if wanted not in [name for found in names for name in found]:
        raise Status.bad_request(f"container {wanted} is not valid for pod {pod_name}")
    return wanted


def _status(pod: Body, container: str) -> Body | None:
    for field in LISTS:
        for status in dig(pod, f"status.{field}") or ():
            if status["name"] == container:
                found: Body = status
                return found
    return None


def _is_over(stored: read.Stored | None, run: tuple[str, int], uid: str) -> bool:
    """Whether this run of the container has ended, or the pod is another one."""
    pod: Body | None = orjson.loads(stored.body) if stored else None
    if pod is None or uid_of(pod) != uid:
        return True
    status = _status(pod, run[0])
    if status is None or int(status.get("restartCount") or 0) != run[1]:
        return True
    return dig(status, "state.running") is None


def _node(pod: Body) -> str:
    return str(dig(pod, "spec.nodeName") or "")


def _machine(stored: read.Stored | None) -> Body | None:
    return orjson.loads(stored.body) if stored else None


def check_reachable(pod: Body, machine: Body | None, what: str = "containerLogs") -> None:
    """The kubelet is asked: a machine without power answers nobody. Raises InternalError."""
    node = _node(pod)
    if not node or hears_api(machine):
        return
    address = dig(pod, "status.hostIP") or node
    path = "/".join((pod["metadata"]["namespace"], pod["metadata"]["name"]))
    url = f"https://{address}:10250/{what}/{path}"
    if what != "containerLogs":
        raise Status(
            500, "InternalError", f"error dialing backend: dial tcp {address}:10250: connect: no route to host"
        )
    raise Status(500, "InternalError", f'Get "{url}": dial tcp {address}:10250: connect: no route to host')


def _number(query: object, name: str, least: int) -> int | None:
    value = query.get(name) if isinstance(query, dict) else None
    if not value:
        return None
    number = whole_number(value)
    if number is None or number < least:
        raise _bad(FieldError.invalid(name, value, f"must be greater than or equal to {least}"))
    return number


def _bad(error: FieldError) -> Status:
    return Status.invalid("PodLogOptions", "", "", [error])
