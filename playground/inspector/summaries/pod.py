"""A pod: where it stands in its life, and whether its processes truly run."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.age import since
from clusters.kinds.body import Body, dig, is_deleting, uid_of
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.summaries.container import containers_table, trouble
from playground.inspector.talks import of_pod
from playground.inspector.telling import Fact, Ink, Ref, Summary, Words, counted, fact
from playground.inspector.words import condition, condition_of


def pod(body: Body, around: Around) -> Summary:
    policies, talks = of_pod(body, around)
    return Summary(
        says(body, around),
        inks=tuple(inks(body, around)),
        facts=(*own_facts(body), *policies, *about(body, around)),
        tables=(containers_table(body, around), *talks),
    )


def says(body: Body, around: Around) -> Words:
    name, node = body["metadata"]["name"], dig(body, "spec.nodeName", "")
    if is_deleting(body):
        return (
            f"{name} was asked to go. Its processes have until {clock_time(body['metadata']['deletionTimestamp'])}.",
        )
    if not node:
        why = condition_of(body, "PodScheduled").get("message") or "the scheduler has not looked at it yet"
        return (f"{name} waits for a node: {why}",)
    at = Ref("nodes", "", node)
    phase = dig(body, "status.phase", "Pending")
    if phase == "Succeeded":
        return (f"{name} has done its work on ", at, " and ended well.")
    if phase == "Failed" and dig(body, "status.reason") == "Evicted":
        return (f"{name} was evicted from ", at, f": {dig(body, 'status.message', '').strip()}")
    problem = trouble(body)
    if problem:
        return (problem, " It stands on ", at, ".")
    if phase == "Failed":
        return (
            f"{name} has failed on ",
            at,
            f": {dig(body, 'status.message') or dig(body, 'status.reason') or 'see its containers'}.",
        )
    if phase == "Pending":
        return ("The kubelet of ", at, f" prepares {name}: it gets the images and starts the containers.")
    if condition(body, "Ready") != "True":
        return (f"{name} runs on ", at, " but is not ready: no Service sends anything to it.")
    return (f"{name} runs on ", at, " and is ready.")


def clock_time(stamp: str) -> str:
    """The time of day in an RFC 3339 stamp."""
    return stamp[11:19]


def inks(body: Body, around: Around) -> Iterator[Ink]:
    """Each container's process: wanted by the spec, believed by the status, true on the machine."""
    node = dig(body, "spec.nodeName", "")
    sandbox = around.get("sandboxes", node, uid_of(body)) if node else None
    machine = around.get("machines", "", node) if node else None
    powered = machine is not None and machine.get("power") == "on"
    running = (sandbox or {}).get("running") or ()
    for status in dig(body, "status.containerStatuses", ()):
        state = next(iter(status.get("state") or {"waiting": {}}))
        process = "runs" if powered and status["name"] in running else "no process"
        wanted = "no process" if is_deleting(body) else "runs"
        yield Ink(status["name"], wanted, "runs" if state == "running" else "no process", process)


def own_facts(body: Body) -> Iterator[Fact]:
    restarts = sum(one.get("restartCount", 0) for one in dig(body, "status.containerStatuses", ()))
    if dig(body, "spec.nodeName"):
        yield fact("Node", Ref("nodes", "", body["spec"]["nodeName"]))
    if dig(body, "status.podIP"):
        yield fact("Address", body["status"]["podIP"], mono=True)
    if restarts:
        yield fact("Restarts", counted(restarts, "restart"))
    if dig(body, "status.qosClass"):
        yield fact("QoS class", body["status"]["qosClass"])


def started(body: Body, around: Around) -> str:
    return since(dig(body, "status.startTime"), around.now)
