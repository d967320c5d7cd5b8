"""What a kubelet writes into a pod's status names its cause in the log."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, dig
from tests.sim import Sim, deployment, fault, service

PROBE = {"httpGet": {"path": "/", "port": 80}, "periodSeconds": 2, "failureThreshold": 2}


def web(**container: Any) -> Sim:
    return Sim(nodes=1).apply(deployment("web", 1, **container), service("web")).run(20)


def last_of_kubelet(sim: Sim) -> tuple[str, str]:
    """Why, and the resource of what made it necessary."""
    entry = next(one for one in reversed(sim.log) if one.change.kind.plural == "pods" and one.why)
    cause = next(one for one in sim.log if one.revision == entry.cause)
    return entry.why, cause.change.kind.plural


def target(sim: Sim) -> Body:
    return {"pod": sim.running("web")[0]["metadata"]["name"]}


def test_a_crash_on_purpose_names_the_fault() -> None:
    sim = web()

    sim.apply(fault("ContainerCrash", "broken", **target(sim))).run(0.5)

    assert last_of_kubelet(sim) == ("A fault ended web (ContainerCrash).", "faults")


@pytest.mark.parametrize("type_", ["ProbeFailure", "ContainerHang"])
def test_a_failing_probe_names_the_fault_behind_it(type_: str) -> None:
    sim = web(readinessProbe=PROBE)

    sim.apply(fault(type_, "broken", **target(sim))).run(6)

    why, cause = last_of_kubelet(sim)
    assert why.startswith("Its readiness probe failed 2 times in a row: ")
    assert cause == "faults"


def test_a_container_that_its_liveness_probe_killed_ends_because_of_it() -> None:
    sim = web(livenessProbe=PROBE)

    sim.apply(fault("ContainerHang", "broken", **target(sim))).run(50)

    ended = [one for one in sim.log if one.why.startswith("Its liveness probe failed 2 times in a row")]
    assert dig(ended[0].change.new, "status.containerStatuses.0.restartCount") is not None


def test_a_service_says_of_whom_it_heard() -> None:
    sim = web(readinessProbe=PROBE)
    name = target(sim)["pod"]

    sim.apply(fault("ProbeFailure", "broken", pod=name)).run(6)

    told = [one.why for one in sim.log if one.change.kind.plural == "endpointslices" and one.change.op == "MODIFIED"]
    assert told[-2:] == [f"{name} is ready.", f"{name} is not ready any more."]


def test_a_heartbeat_needs_no_reason() -> None:
    sim = web().run(400)

    told = [one.why for one in sim.log if one.change.kind.plural == "nodes" and one.actor.startswith("kubelet/")]

    assert set(told) == {"A kubelet registers its node.", ""}
