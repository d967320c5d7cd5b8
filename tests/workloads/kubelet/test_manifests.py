"""Static pods of one's own (Kubernetes: Create static Pods)."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import container

MANIFEST = (
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: static-web\nspec:\n  containers:\n  - {name: web, image: %s}\n"
)


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def at_the_machine(sim: Sim, name: str, script: str) -> Sim:
    """Somebody works on worker-1's disk, in a pod that mounts the folder."""
    mounts = [{"name": "folder", "mountPath": "/manifests"}]
    path = {"path": "/etc/kubernetes/manifests", "type": "DirectoryOrCreate"}
    spec: Body = {
        "nodeName": "worker-1",
        "restartPolicy": "Never",
        "volumes": [{"name": "folder", "hostPath": path}],
    }
    return sim.apply(pod(name, "busybox:1.37", command=["sh", "-c", script], volumeMounts=mounts, spec=spec)).settle()


def place(sim: Sim, image: str = "nginx:1.27", name: str = "editor") -> Sim:
    text = (MANIFEST % image).replace("\n", "\\n")
    return at_the_machine(sim, name, f"printf '{text}' > /manifests/web.yaml")


def test_a_manifest_in_the_machines_folder_becomes_a_pod_with_a_mirror(sim: Sim) -> None:
    place(sim)

    body = sim.get("pods", "static-web-worker-1")
    assert sim.word(body) == "Running"
    assert body["spec"]["nodeName"] == "worker-1"
    assert body["metadata"]["ownerReferences"][0]["kind"] == "Node"
    assert "kubernetes.io/config.mirror" in body["metadata"]["annotations"]


def test_a_mirror_that_is_deleted_comes_back_and_the_container_runs_on(sim: Sim) -> None:
    place(sim)
    before = container(sim, "static-web-worker-1")

    sim.delete("pods", "static-web-worker-1").settle()

    after = container(sim, "static-web-worker-1")
    assert after["containerID"] == before["containerID"]
    assert after["restartCount"] == 0


def test_a_manifest_that_is_taken_away_takes_the_pod_along(sim: Sim) -> None:
    place(sim)

    at_the_machine(sim, "cleaner", "rm /manifests/web.yaml")
    sim.run(35)

    assert sim.find("pods", "static-web-worker-1") is None
    left = [box for box in sim.list("sandboxes", "worker-1") if box["pod"]["name"] == "static-web-worker-1"]
    assert left == []


def test_a_changed_manifest_is_another_pod(sim: Sim) -> None:
    place(sim)
    first = container(sim, "static-web-worker-1")

    place(sim, "nginx:1.28", name="again")
    sim.run(35)

    after = container(sim, "static-web-worker-1")
    assert after["image"] == "docker.io/library/nginx:1.28"
    assert after["containerID"] != first["containerID"]


def test_what_is_no_pod_is_left_alone(sim: Sim) -> None:
    at_the_machine(sim, "editor", "echo 'kind: [' > /manifests/a.yaml; echo 'kind: Service' > /manifests/b.yaml")

    assert [p["metadata"]["name"] for p in sim.pods()] == ["editor"]
