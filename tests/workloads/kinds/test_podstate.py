"""A pod's STATUS, READY and RESTARTS are kubectl's."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND, parse
from workloads.kinds import podstate

NOW = parse("2026-01-05T09:00:00Z")
RUNNING = {"running": {"startedAt": "2026-01-05T08:00:00Z"}}


def waiting(reason: str) -> Body:
    return {"waiting": {"reason": reason}}


def ended(code: int, reason: str = "", signal: int = 0) -> Body:
    return {"terminated": {"exitCode": code, "reason": reason, "signal": signal}}


def container(name: str, state: Body, **more: Any) -> Body:
    return {"name": name, "state": state, "ready": "running" in state, "restartCount": 0, **more}


def pod(phase: str, *containers: Body, deleted: bool = False, inits: Any = (), **status: Any) -> Body:
    metadata = {"name": "web", **({"deletionTimestamp": "2026-01-05T09:00:30Z"} if deleted else {})}
    spec = {"containers": [{"name": one["name"]} for one in containers] or [{"name": "web"}]}
    if inits:
        spec["initContainers"] = [{"name": one["name"], **one.pop("spec", {})} for one in inits]
        status["initContainerStatuses"] = list(inits)
    return {
        "metadata": metadata,
        "spec": spec,
        "status": {"phase": phase, "containerStatuses": [*containers], **status},
    }


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (pod("Pending"), "Pending"),
        (pod("Pending", container("a", waiting("ContainerCreating"))), "ContainerCreating"),
        (pod("Pending", container("a", waiting("ErrImagePull"))), "ErrImagePull"),
        (pod("Running", container("a", RUNNING)), "Running"),
        (pod("Running", container("a", waiting("CrashLoopBackOff"))), "CrashLoopBackOff"),
        (pod("Running", container("a", ended(1, "Error"))), "Error"),
        (pod("Running", container("a", ended(137))), "ExitCode:137"),
        (pod("Running", container("a", ended(137, signal=9))), "Signal:9"),
        (pod("Succeeded", container("a", ended(0, "Completed"))), "Completed"),
        (pod("Failed", reason="Evicted"), "Evicted"),
        (pod("Running", container("a", RUNNING), deleted=True), "Terminating"),
        (pod("Succeeded", container("a", ended(0, "Completed")), deleted=True), "Completed"),
        (pod("Running", container("a", RUNNING), deleted=True, reason="NodeLost"), "Unknown"),
        (
            pod("Pending", conditions=[{"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}]),
            "SchedulingGated",
        ),
        (pod("Pending", inits=[container("i", RUNNING), container("j", waiting("PodInitializing"))]), "Init:0/2"),
        (pod("Pending", inits=[container("i", ended(0, "Completed")), container("j", RUNNING)]), "Init:1/2"),
        (pod("Pending", inits=[container("i", ended(1, "Error"))]), "Init:Error"),
        (pod("Pending", inits=[container("i", ended(3))]), "Init:ExitCode:3"),
        (pod("Pending", inits=[container("i", waiting("CrashLoopBackOff"))]), "Init:CrashLoopBackOff"),
        (
            pod("Pending", container("a", waiting("PodInitializing")), inits=[container("i", ended(0, "Completed"))]),
            "PodInitializing",
        ),
    ],
)
def test_the_word_is_what_kubectl_says(body: Body, word: str) -> None:
    assert podstate.word(body) == word


def test_one_of_two_that_is_done_leaves_the_pod_running() -> None:
    both = container("a", ended(0, "Completed")), container("b", RUNNING)

    assert podstate.word(pod("Running", *both, conditions=[{"type": "Ready", "status": "True"}])) == "Running"
    assert podstate.word(pod("Running", *both)) == "NotReady"
    assert podstate.ready(pod("Running", *both), NOW) == "1/2"


def test_restarts_tell_when_the_last_run_ended() -> None:
    last = {"terminated": {"exitCode": 1, "finishedAt": "2026-01-05T08:59:50Z"}}
    one = container("a", RUNNING, restartCount=2, lastState=last)

    assert podstate.restarts(pod("Running", one), NOW) == "2 (10s ago)"
    assert podstate.restarts(pod("Running", container("a", RUNNING, restartCount=2)), NOW) == "2"
    assert podstate.restarts(pod("Running", container("a", RUNNING)), NOW + SECOND) == "0"


def test_a_sidecar_counts_among_the_containers() -> None:
    side = container("s", RUNNING, started=True, restartCount=1, spec={"restartPolicy": "Always"})
    once = container("i", ended(0, "Completed"), restartCount=4)
    body = pod("Running", container("a", RUNNING), inits=[once, side])

    assert podstate.word(body) == "Running"
    assert podstate.ready(body, NOW) == "2/2"
    assert podstate.restarts(body, NOW) == "1"


def test_readiness_gates_are_counted() -> None:
    body = pod("Running", container("a", RUNNING), conditions=[{"type": "x/y", "status": "True"}])
    body["spec"]["readinessGates"] = [{"conditionType": "x/y"}, {"conditionType": "x/z"}]

    assert podstate.gates(body, NOW) == "1/2"
