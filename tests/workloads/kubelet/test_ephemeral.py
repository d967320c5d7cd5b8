"""Ephemeral containers: somebody looks around in a pod that runs."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, put
from clusters.kinds.problem import Status
from clusters.reconcile.writes import Update
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import condition, messages, node_of, sandbox

SLEEP = ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1; done"]


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1).apply(pod("web", "nginx:1.27")).settle()


def debugger(name: str = "debugger", image: str = "busybox:1.37", **more: object) -> Body:
    return {"name": name, "image": image, "command": SLEEP, **more}


def add(sim: Sim, *containers: Body) -> Sim:
    body = put(sim.get("pods", "web"), "spec.ephemeralContainers", list(containers))
    return sim.write(Update("pods", body, subresource="ephemeralcontainers"))


def told(sim: Sim, index: int = 0) -> Body:
    found: Body = sim.get("pods", "web")["status"]["ephemeralContainerStatuses"][index]
    return found


def test_an_ephemeral_container_runs_beside_the_others(sim: Sim) -> None:
    add(sim, debugger(targetContainerName="web")).settle()

    status = told(sim)
    assert "running" in status["state"]
    assert (status["ready"], status["restartCount"]) == (False, 0)
    assert status["image"] == "docker.io/library/busybox:1.37"
    assert sandbox(sim, "web")["running"] == ["web", "debugger"]
    assert "Started container debugger" in messages(sim, "Started", "web")
    paths = [e["involvedObject"]["fieldPath"] for e in sim.events("Started", "web")]
    assert "spec.ephemeralContainers{debugger}" in paths
    assert sim.get("pods", "web")["status"]["containerStatuses"][0]["restartCount"] == 0


def test_an_ephemeral_container_is_never_restarted_and_says_nothing_of_readiness(sim: Sim) -> None:
    add(sim, debugger(command=["sh", "-c", "exit 3"])).settle()

    status = told(sim)
    assert (status["state"]["terminated"]["exitCode"], status["restartCount"]) == (3, 0)
    assert sim.run(60).get("pods", "web")["status"]["phase"] == "Running"
    assert condition(sim, "web", "Ready")["status"] == "True"


def test_a_second_ephemeral_container_leaves_the_first_alone(sim: Sim) -> None:
    add(sim, debugger()).settle()
    first = sim.get("pods", "web")["spec"]["ephemeralContainers"][0]

    add(sim, first, debugger("other")).settle()

    assert "running" in told(sim, 0)["state"]
    assert "running" in told(sim, 1)["state"]
    assert sim.get("pods", "web")["metadata"]["generation"] == 3


def test_an_image_that_does_not_exist_is_tried_again(sim: Sim) -> None:
    add(sim, debugger(image="busybx")).run(1.7)

    assert told(sim)["state"]["waiting"]["reason"] == "ImagePullBackOff"
    assert sim.word(sim.get("pods", "web")) == "Running"


def test_a_pod_that_is_deleted_takes_its_ephemeral_containers_along(sim: Sim) -> None:
    add(sim, debugger()).settle()
    node = node_of(sim, "web")

    sim.delete("pods", "web").run(3)

    assert sim.find("pods", "web") is None
    assert sim.list("sandboxes", node) == []


def test_a_pod_whose_containers_are_done_does_not_wait_for_somebody_who_looks_around() -> None:
    sim = Sim(nodes=1)
    spec = {"restartPolicy": "Never"}
    sim.apply(pod("web", "busybox:1.37", command=["sh", "-c", "sleep 5"], spec=spec)).run(3)

    add(sim, debugger()).settle()

    assert sim.get("pods", "web")["status"]["phase"] == "Succeeded"
    assert sandbox(sim, "web")["running"] == []


@pytest.mark.parametrize(
    ("container", "message"),
    [
        (debugger("web"), 'spec.ephemeralContainers[0].name: Duplicate value: "web"'),
        (debugger(ports=[{"containerPort": 80}]), "ports: Forbidden: cannot be set for an Ephemeral Container"),
        (debugger(resources={"limits": {"cpu": "1"}}), "resources: Forbidden: cannot be set for an Ephemeral"),
        (debugger(targetContainerName="nobody"), 'targetContainerName: Not found: "nobody"'),
        (debugger(livenessProbe={"tcpSocket": {"port": 80}}), "livenessProbe: Forbidden"),
    ],
)
def test_nothing_may_depend_on_an_ephemeral_container(sim: Sim, container: Body, message: str) -> None:
    with pytest.raises(Status, match="is invalid") as refused:
        add(sim, container)

    assert message in refused.value.message


def test_an_ephemeral_container_can_neither_be_changed_nor_taken_away(sim: Sim) -> None:
    add(sim, debugger()).settle()
    first = sim.get("pods", "web")["spec"]["ephemeralContainers"][0]

    with pytest.raises(Status) as changed:
        add(sim, {**first, "image": "alpine"})
    with pytest.raises(Status) as removed:
        add(sim, debugger("other"))

    assert 'existing ephemeral containers "debugger" may not be changed' in changed.value.message
    assert 'existing ephemeral containers "debugger" may not be removed' in removed.value.message


def test_ephemeral_containers_come_through_their_subresource_alone(sim: Sim) -> None:
    body = put(sim.get("pods", "web"), "spec.ephemeralContainers", [debugger()])

    with pytest.raises(Status) as changed:
        sim.write(Update("pods", body))
    with pytest.raises(Status) as created:
        sim.apply(pod("new", "nginx:1.27", spec={"ephemeralContainers": [debugger()]}))

    assert "pod updates may not change fields other than" in changed.value.message
    assert "spec.ephemeralContainers: Forbidden: cannot be set on create" in created.value.message


def test_through_the_subresource_nothing_else_is_written(sim: Sim) -> None:
    body = sim.get("pods", "web")
    changed = put(put(body, "spec.terminationGracePeriodSeconds", 5), "metadata.labels", {"app": "other"})

    sim.write(Update("pods", put(changed, "spec.ephemeralContainers", [debugger()]), subresource="ephemeralcontainers"))

    after = sim.get("pods", "web")
    assert after["spec"]["terminationGracePeriodSeconds"] == 30
    assert after["metadata"]["labels"] == {"app": "web"}
    assert [one["name"] for one in after["spec"]["ephemeralContainers"]] == ["debugger"]


def test_an_ephemeral_container_survives_a_new_worker(sim: Sim) -> None:
    add(sim, debugger()).settle()
    before = told(sim)

    sim.restart().run(5)

    assert told(sim) == before
