"""Volumes that outlive their pods: claims and the machine's own disk (Kubernetes: Persistent Volumes, hostPath)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, Key, put
from clusters.reconcile.conditions import is_true
from tests.clusters.controllers.storage import claim, storageclass, user_of, volume
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import messages, node_of
from tests.workloads.kubelet.test_sessions import Client

WRITE = "echo kept > /data/x; sleep 3600"
READ = "cat /data/x; sleep 3600"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2).apply(storageclass("fast"), claim("data", storageClassName="fast")).settle()


def on(node: str, claim_name: str, name: str, script: str) -> Body:
    return user_of(claim_name, name, script, spec={"nodeName": node})


def log(sim: Sim, name: str) -> str:
    return sim.logs(sim.get("pods", name))


def disk(sim: Sim) -> Body:
    (pv,) = sim.list("persistentvolumes")
    found = sim.loop.objects.get("disks", Key("", pv["metadata"]["name"]))
    assert found is not None
    return found


def test_what_was_written_to_a_claim_survives_its_pod(sim: Sim) -> None:
    sim.apply(user_of("data", "first", WRITE)).settle()

    sim.delete("pods", "first").settle()
    sim.apply(user_of("data", "second", READ)).settle()

    assert log(sim, "second") == "kept\n"
    assert disk(sim)["files"] == {"x": "kept\n"}


def test_it_goes_along_to_another_node(sim: Sim) -> None:
    sim.apply(on("worker-1", "data", "first", WRITE)).settle()

    sim.delete("pods", "first").settle()
    sim.apply(on("worker-2", "data", "second", READ)).settle()

    assert log(sim, "second") == "kept\n"


def test_it_survives_a_crash_of_the_machine(sim: Sim) -> None:
    sim.apply(on("worker-1", "data", "app", "cat /data/x; echo kept > /data/x; sleep 3600")).settle()

    sim.crash("worker-1").run(1)
    sim.delete("faults", "crash-worker-1").run(10)

    assert log(sim, "app").endswith("kept\n")


def test_pods_on_one_node_share_a_claim(sim: Sim) -> None:
    loop = "while true; do cat /data/x 2>/dev/null; sleep 1; done"
    sim.apply(on("worker-1", "data", "reader", loop)).settle()

    sim.apply(on("worker-1", "data", "writer", WRITE)).run(5)

    assert "kept\n" in log(sim, "reader")


def test_a_disk_is_attached_to_one_node_at_a_time(sim: Sim) -> None:
    sim.apply(on("worker-1", "data", "first", WRITE)).settle()
    (pv,) = sim.list("persistentvolumes")

    sim.apply(on("worker-2", "data", "second", READ)).run(5)

    assert sim.word(sim.get("pods", "second")) == "ContainerCreating"
    told = f'Multi-Attach error for volume "{pv["metadata"]["name"]}" Volume is already used by pod(s) first'
    assert messages(sim, "FailedAttachVolume", "second") == [told]


def test_it_is_attached_elsewhere_once_it_is_free(sim: Sim) -> None:
    sim.apply(on("worker-1", "data", "first", WRITE)).settle()
    sim.apply(on("worker-2", "data", "second", READ)).run(5)

    sim.delete("pods", "first").run(40)

    assert log(sim, "second") == "kept\n"


def test_a_dead_machine_loses_its_disks_in_time_when_the_pod_is_gone(sim: Sim) -> None:
    sim.apply(on("worker-1", "data", "first", WRITE)).settle()
    sim.crash("worker-1").run(1)
    sim.delete("pods", "first", grace=0)
    sim.apply(on("worker-2", "data", "second", READ)).run(10)
    assert sim.word(sim.get("pods", "second")) == "ContainerCreating"

    sim.run(60)

    assert log(sim, "second") == "kept\n"


def test_a_volume_that_is_attached_is_said_to_be(sim: Sim) -> None:
    sim.apply(user_of("data")).settle()

    (pv,) = sim.list("persistentvolumes")
    told = f'AttachVolume.Attach succeeded for volume "{pv["metadata"]["name"]}" '
    assert messages(sim, "SuccessfulAttachVolume", "app") == [told]


def test_a_pod_whose_claim_is_not_bound_waits_for_it(sim: Sim) -> None:
    sim.apply(claim("later", storageClassName="manual"), on("worker-1", "later", "app", READ)).run(5)

    assert sim.word(sim.get("pods", "app")) == "ContainerCreating"
    told = (
        "Unable to attach or mount volumes: unmounted volumes=[data], unattached volumes=[], failed to process "
        "volumes=[data]: error processing PVC default/later: PVC is not bound"
    )
    assert messages(sim, "FailedMount", "app") == [told]

    sim.apply(volume("one")).run(40)

    assert len(sim.running("app")) == 1


def test_a_pod_whose_claim_is_not_there_waits_for_it(sim: Sim) -> None:
    sim.apply(on("worker-1", "nothing", "app", READ)).run(5)

    (told,) = messages(sim, "FailedMount", "app")
    assert told.endswith(
        'error processing PVC default/nothing: failed to fetch PVC from API server: persistentvolumeclaims "nothing" '
        "not found"
    )


def test_what_nobody_can_mount_is_said(sim: Sim) -> None:
    nfs = put(volume("share", nfs={"server": "10.0.0.1", "path": "/x"}), "spec.hostPath", None)
    sim.apply(nfs, claim("shared", storageClassName="manual"), on("worker-1", "shared", "app", READ)).run(5)

    told = 'MountVolume.SetUp failed for volume "share" : nfs volumes are not simulated here'
    assert messages(sim, "FailedMount", "app")[-1] == told


def test_a_volume_of_another_machine_is_not_mounted(sim: Sim) -> None:
    rule = {"key": "kubernetes.io/hostname", "operator": "In", "values": ["worker-2"]}
    affinity = {"required": {"nodeSelectorTerms": [{"matchExpressions": [rule]}]}}
    sim.apply(volume("there", nodeAffinity=affinity), claim("local", storageClassName="manual")).settle()

    sim.apply(on("worker-1", "local", "app", READ)).run(5)

    told = 'MountVolume.NodeAffinity check failed for volume "there" : no matching NodeSelectorTerms'
    assert messages(sim, "FailedMount", "app") == [told]


def test_a_full_disk_says_so_in_the_container(sim: Sim) -> None:
    sim.apply(storageclass("tiny"), claim("small", "10", storageClassName="tiny"))
    sim.apply(user_of("small", script="echo 12345678 > /data/a; echo 12345678 > /data/b; sleep 3600")).settle()

    assert "No space left on device" in log(sim, "app")


def test_a_read_only_claim_cannot_be_written(sim: Sim) -> None:
    body = user_of("data", script="echo x > /data/x; sleep 3600")
    body["spec"]["containers"][0]["volumeMounts"][0]["readOnly"] = True

    sim.apply(body).settle()

    assert "Read-only file system" in log(sim, "app")


def test_a_released_disk_can_be_claimed_again_by_a_volume_made_by_hand(sim: Sim) -> None:
    sim.apply(storageclass("kept", reclaimPolicy="Retain"), claim("old", storageClassName="kept"))
    sim.apply(user_of("old", "first", WRITE)).settle()
    name = sim.get("persistentvolumeclaims", "old")["spec"]["volumeName"]
    sim.delete("pods", "first").delete("persistentvolumeclaims", "old").settle()
    sim.delete("persistentvolumes", name).settle()

    again = put(volume("again", csi={"driver": "podium.dev/disk", "volumeHandle": name}), "spec.hostPath", None)
    sim.apply(again, claim("new", storageClassName="manual"), user_of("new", "second", READ)).settle()

    assert log(sim, "second") == "kept\n"


def test_what_exec_writes_to_a_volume_stays_there(sim: Sim) -> None:
    sim.apply(on("worker-1", "data", "app", "sleep 3600"), on("worker-1", "data", "other", "sleep 3600")).settle()

    Client(sim, target="app", command=["sh", "-c", "echo first > /data/x"])
    Client(sim, "s2", target="other", command=["sh", "-c", "echo second >> /data/x"])
    sim.run(30)

    assert disk(sim)["files"] == {"x": "first\nsecond\n"}
    assert Client(sim, "s3", target="app", command=["cat", "/data/x"]).out == "first\nsecond\n"


# subPath


def test_a_sub_path_is_a_folder_of_the_volume_that_is_made_for_it(sim: Sim) -> None:
    body = user_of("data", script=WRITE)
    body["spec"]["containers"][0]["volumeMounts"][0]["subPath"] = "mysql/db"

    sim.apply(body).settle()

    assert disk(sim)["files"] == {"mysql/db/x": "kept\n"}


def test_the_folder_of_a_sub_path_is_there_from_the_beginning(sim: Sim) -> None:
    body = user_of("data", script="sleep 3600")
    body["spec"]["containers"][0]["volumeMounts"][0]["subPath"] = "mysql"

    sim.apply(body).settle()

    assert disk(sim)["files"] == {"mysql/": ""}


def test_a_sub_path_may_be_named_by_a_variable(sim: Sim) -> None:
    body = user_of("data", script=WRITE)
    container = body["spec"]["containers"][0]
    container["volumeMounts"][0]["subPathExpr"] = "$(POD_NAME)"
    container["env"] = [{"name": "POD_NAME", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]

    sim.apply(body).settle()

    assert disk(sim)["files"] == {"app/x": "kept\n"}


def test_containers_share_a_volume_in_parts(sim: Sim) -> None:
    volumes = [{"name": "site", "emptyDir": {}}]
    script = "mkdir -p /all/html; echo hello > /all/html/index.html; sleep 3600"
    writer: Body = {"name": "writer", "image": "busybox:1.37", "command": ["sh", "-c", script]}
    writer["volumeMounts"] = [{"name": "site", "mountPath": "/all"}]
    body = pod("web", "busybox:1.37", command=["sh", "-c", "sleep 2; cat /www/index.html; sleep 3600"],
               volumeMounts=[{"name": "site", "mountPath": "/www", "subPath": "html"}],
               spec={"volumes": volumes})  # fmt: skip
    body["spec"]["containers"].append(writer)

    sim.apply(body).settle(quiet=8)

    assert log(sim, "web") == "hello\n"


def test_a_volume_that_is_mounted_twice_shows_the_same_twice(sim: Sim) -> None:
    body = user_of("data", script="mkdir /data/html; echo kept > /data/html/x; sleep 1; cat /www/x; sleep 3600")
    mounts = body["spec"]["containers"][0]["volumeMounts"]
    mounts.append({"name": "data", "mountPath": "/www", "subPath": "html"})

    sim.apply(body).settle()

    assert log(sim, "app") == "kept\n"
    assert disk(sim)["files"] == {"html/x": "kept\n"}


# the machine's own disk


def host(name: str, node: str, script: str, type_: str = "", path: str = "/var/data") -> Body:
    volumes = [{"name": "data", "hostPath": {"path": path, **({"type": type_} if type_ else {})}}]
    mounts = [{"name": "data", "mountPath": "/data"}]
    spec: dict[str, Any] = {"volumes": volumes, "nodeName": node, "terminationGracePeriodSeconds": 0}
    return pod(name, "busybox:1.37", command=["sh", "-c", script], volumeMounts=mounts, spec=spec)


def test_a_host_path_is_the_machines_own(sim: Sim) -> None:
    sim.apply(host("first", "worker-1", WRITE)).settle()
    sim.delete("pods", "first").settle()

    sim.apply(host("here", "worker-1", READ), host("there", "worker-2", READ)).settle()

    assert log(sim, "here") == "kept\n"
    assert "No such file" in log(sim, "there")


def test_pods_see_what_others_write_to_a_folder_of_the_machine(sim: Sim) -> None:
    sim.apply(host("reader", "worker-1", "while true; do cat /data/x; sleep 1; done", path="/var/data/sub")).settle()

    sim.apply(host("writer", "worker-1", "mkdir /data/sub; echo kept > /data/sub/x; sleep 3600")).run(5)

    assert "kept\n" in log(sim, "reader")


@pytest.mark.parametrize(
    ("type_", "path", "why"),
    [
        ("Directory", "/data/nothing", "/data/nothing is not a directory"),
        ("File", "/etc/nothing", "/etc/nothing is not a file"),
        ("Socket", "/run/containerd.sock", "/run/containerd.sock is not a socket file"),
    ],
)
def test_a_host_path_that_is_not_what_it_should_be_is_not_mounted(sim: Sim, type_: str, path: str, why: str) -> None:
    sim.apply(host("app", "worker-1", READ, type_, path)).run(5)

    told = f'MountVolume.SetUp failed for volume "data" : hostPath type check failed: {why}'
    assert messages(sim, "FailedMount", "app") == [told]


@pytest.mark.parametrize("type_", ["Directory", "DirectoryOrCreate"])
def test_a_folder_that_every_machine_has_can_be_mounted(sim: Sim, type_: str) -> None:
    sim.apply(host("app", "worker-1", "ls /data && echo fine; sleep 3600", type_, "/var/log")).settle()

    assert log(sim, "app") == "fine\n"


def test_a_file_of_the_machine_is_made_where_that_is_asked_for(sim: Sim) -> None:
    sim.apply(host("app", "worker-1", "echo more >> /data; sleep 3600", "FileOrCreate", "/var/data/1.txt")).settle()

    own = sim.loop.objects.get("disks", Key("worker-1", "host"))
    assert own is not None
    assert own["files"] == {"var/data/1.txt": "more\n"}


def test_the_disk_goes_with_its_machine(sim: Sim) -> None:
    sim.apply(host("first", "worker-1", WRITE)).settle()

    sim.delete("nodes", "worker-1").run(60)

    assert sim.loop.objects.get("disks", Key("worker-1", "host")) is None


def test_the_tutorials_volume_by_hand_is_mounted(sim: Sim) -> None:
    sim.apply(volume("task-pv-volume"), claim("task-pv-claim", "3Gi", storageClassName="manual")).settle()

    sim.apply(on("worker-1", "task-pv-claim", "task-pv-pod", WRITE)).settle()

    own = sim.loop.objects.get("disks", Key("worker-1", "host"))
    assert own is not None
    assert own["files"] == {"mnt/data/x": "kept\n"}
    assert is_true(sim.get("pods", "task-pv-pod"), "Ready")


def test_nothing_is_written_while_nothing_changes(sim: Sim) -> None:
    sim.apply(on("worker-1", "data", "a", WRITE), on("worker-1", "data", "b", WRITE)).settle()
    sim.run(30)
    before = len(sim.log)

    sim.run(30)

    kinds = ("leases", "nodes")
    assert [entry.change.kind.plural for entry in sim.log[before:] if entry.change.kind.plural not in kinds] == []
    assert node_of(sim, "a") == "worker-1"
