"""Whatever happens in whatever order, the machines end up holding what the API asks for."""

from __future__ import annotations

from random import Random

import orjson
import pytest

from clusters.kinds.body import Body
from tests.sim import Sim, deployment, fault, pod

NODES = ("worker-1", "worker-2", "worker-3")
MOUNT = [{"name": "box", "mountPath": "/box"}]
EXEC = {"exec": {"command": ["cat", "/tmp/x"]}, "periodSeconds": 2, "failureThreshold": 2}


def bodies(number: int) -> list[Body]:
    """Pods of every sort."""
    shell = "busybox:1.37"
    ill = ["sh", "-c", "touch /tmp/x; sleep 5; rm /tmp/x; sleep 99"]
    return [
        pod(f"web-{number}", "nginx:1.27", readinessProbe={"httpGet": {"port": 80}, "periodSeconds": 2}),
        pod(f"job-{number}", shell, command=["sh", "-c", "sleep 4"], spec={"restartPolicy": "Never"}),
        pod(f"bad-{number}", shell, command=["sh", "-c", "sleep 1; exit 1"]),
        pod(f"ill-{number}", shell, command=ill, livenessProbe=EXEC),
        pod(f"box-{number}", shell, command=["sh", "-c", "echo x >> /box/x; sleep 99"], volumeMounts=MOUNT,
            spec={"volumes": [{"name": "box", "emptyDir": {}}], "terminationGracePeriodSeconds": 3}),
        pod(f"typo-{number}", "ngnix"),
    ]  # fmt: skip


def storm(sim: Sim, random: Random, steps: int) -> None:
    for number in range(steps):
        pods = sim.pods()
        match random.randrange(7):
            case 0 | 1:
                sim.apply(random.choice(bodies(number)))
            case 2 if pods:
                sim.delete("pods", random.choice(pods), grace=random.choice([None, 0, 1]))
            case 3:
                node = random.choice(NODES)
                if sim.find("faults", f"crash-{node}"):
                    sim.delete("faults", f"crash-{node}")
                else:
                    sim.crash(node)
            case 4 if pods:
                name = random.choice(pods)["metadata"]["name"]
                sim.apply(fault("ContainerCrash", f"c{number}", pod=name, namespace="default"))
            case 5:
                sim.apply(deployment("d", random.randrange(8), image="podium.dev/instant:1"))
            case 6:
                sim.restart()
        sim.run(random.choice([0, 0.3, 1, 4, 9]))
        no_address_is_shared(sim)
        for resource in ("sandboxes", "machines", "pods"):
            for body in sim.list(resource):
                assert orjson.loads(orjson.dumps(body)) == body, "what is stored must come back the same"


def no_address_is_shared(sim: Sim) -> None:
    held = [box["ip"] for box in sim.list("sandboxes") if box["ip"] and not box.get("over") and not box.get("host")]
    assert len(held) == len(dict.fromkeys(held))


@pytest.mark.parametrize("seed", range(6))
def test_after_a_storm_the_machines_hold_what_the_api_says(seed: int) -> None:
    sim = Sim(nodes=3, seed=f"storm-{seed}")
    storm(sim, Random(seed), 40)

    for node in NODES:
        if sim.find("faults", f"crash-{node}"):
            sim.delete("faults", f"crash-{node}")
    sim.run(120)

    known = {body["metadata"]["uid"] for body in sim.list("pods")}
    left = [box for box in sim.list("sandboxes") if not box.get("static") and box["metadata"]["name"] not in known]
    assert left == []
    assert [body["metadata"]["name"] for body in sim.pods() if body["metadata"].get("deletionTimestamp")] == []
    for body in sim.pods():
        name, word = body["metadata"]["name"], sim.word(body)
        if name.startswith(("web-", "box-", "d-")) and body["status"].get("phase") != "Failed":
            assert word == "Running", (name, word)
        if name.startswith("job-"):
            ends = ("Completed", "Error", "Unknown")  # the last: its machine lost power, nobody knows how it ended
            assert word in ends, (name, word)
