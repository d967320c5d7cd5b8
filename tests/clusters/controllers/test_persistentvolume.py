"""What becomes of a volume when its claim goes (Kubernetes: Lifecycle of a volume and claim)."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, Key, annotations_of
from tests.clusters.controllers.storage import claim, storageclass, user_of, volume
from tests.sim import Sim


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def pv(sim: Sim) -> Body:
    (found,) = sim.list("persistentvolumes")
    return found


def test_a_volume_that_nobody_claims_is_available(sim: Sim) -> None:
    sim.apply(volume("free")).settle()

    assert pv(sim)["status"]["phase"] == "Available"


def test_delete_takes_the_volume_and_its_disk_with_the_claim(sim: Sim) -> None:
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast")).settle()
    name = pv(sim)["metadata"]["name"]

    sim.delete("persistentvolumeclaims", "data").settle()

    assert sim.list("persistentvolumes") == []
    assert sim.loop.objects.get("disks", Key("", name)) is None


def test_retain_keeps_the_volume_and_its_disk_as_released(sim: Sim) -> None:
    sim.apply(storageclass("kept", reclaimPolicy="Retain"), claim("data", storageClassName="kept")).settle()

    sim.delete("persistentvolumeclaims", "data").settle()

    assert pv(sim)["status"]["phase"] == "Released"
    assert sim.loop.objects.get("disks", Key("", pv(sim)["metadata"]["name"])) is not None


def test_a_released_volume_is_not_bound_again_by_itself(sim: Sim) -> None:
    sim.apply(volume("one"), claim("data", storageClassName="manual")).settle()
    sim.delete("persistentvolumeclaims", "data").settle()

    sim.apply(claim("data", storageClassName="manual")).settle()

    assert pv(sim)["status"]["phase"] == "Released"
    assert sim.get("persistentvolumeclaims", "data")["status"]["phase"] == "Pending"


def test_a_released_volume_is_free_when_its_claim_ref_is_taken_away(sim: Sim) -> None:
    sim.apply(volume("one"), claim("data", storageClassName="manual")).settle()
    sim.delete("persistentvolumeclaims", "data").settle()

    sim.patch("persistentvolumes", "one", "spec.claimRef", None).settle()

    assert pv(sim)["status"]["phase"] == "Available"


def test_a_policy_that_was_changed_to_retain_saves_the_data(sim: Sim) -> None:
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast")).settle()
    name = pv(sim)["metadata"]["name"]

    sim.patch("persistentvolumes", name, "spec.persistentVolumeReclaimPolicy", "Retain").settle()
    sim.delete("persistentvolumeclaims", "data").settle()

    assert pv(sim)["status"]["phase"] == "Released"
    sim.delete("persistentvolumes", name).settle()
    assert sim.list("persistentvolumes") == []
    assert sim.loop.objects.get("disks", Key("", name)) is not None


def test_a_bound_volume_that_is_deleted_waits_for_its_claim(sim: Sim) -> None:
    sim.apply(volume("one"), claim("data", storageClassName="manual")).settle()

    sim.delete("persistentvolumes", "one").settle()
    assert sim.world.kinds["persistentvolumes"].word(pv(sim)) == "Terminating"
    sim.delete("persistentvolumeclaims", "data").settle()

    assert sim.list("persistentvolumes") == []


def test_a_claim_that_a_pod_uses_is_not_removed_before_the_pod(sim: Sim) -> None:
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast"), user_of("data")).settle()

    sim.delete("persistentvolumeclaims", "data").settle()
    held = sim.get("persistentvolumeclaims", "data")
    assert held["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]
    sim.delete("pods", "app").settle()

    assert sim.find("persistentvolumeclaims", "data") is None
    assert sim.list("persistentvolumes") == []


def test_a_host_path_is_deleted_in_tmp_only(sim: Sim) -> None:
    spec: Body = {"persistentVolumeReclaimPolicy": "Delete"}
    sim.apply(volume("one", **spec), claim("data", storageClassName="manual")).settle()

    sim.delete("persistentvolumeclaims", "data").settle()

    told = "host_path deleter only supports /tmp/.+ but received provided /mnt/data"
    assert (pv(sim)["status"]["phase"], pv(sim)["status"]["message"]) == ("Failed", told)
    assert [event["message"] for event in sim.events("VolumeFailedDelete", "one")] == [told]


def test_a_host_path_in_tmp_is_deleted(sim: Sim) -> None:
    spec: Body = {"persistentVolumeReclaimPolicy": "Delete", "hostPath": {"path": "/tmp/data"}}
    sim.apply(volume("one", **spec), claim("data", storageClassName="manual")).settle()

    sim.delete("persistentvolumeclaims", "data").settle()

    assert sim.list("persistentvolumes") == []


def test_a_claim_comes_back_to_a_volume_that_was_bound_by_the_controller(sim: Sim) -> None:
    sim.apply(volume("one"), claim("data", storageClassName="manual")).settle()

    assert annotations_of(pv(sim))["pv.kubernetes.io/bound-by-controller"] == "yes"
