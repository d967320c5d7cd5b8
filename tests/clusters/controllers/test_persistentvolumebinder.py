"""Claims find volumes, or have them made (Kubernetes: Persistent Volumes)."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, Key, annotations_of, put, without
from clusters.kinds.persistentvolume import PROVISIONER, SELECTED_NODE
from clusters.kinds.problem import Status
from tests.clusters.controllers.storage import claim, storageclass, volume
from tests.sim import Sim


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def phase(sim: Sim, name: str) -> str:
    return str(sim.get("persistentvolumeclaims", name)["status"]["phase"])


def pv_of(sim: Sim, name: str) -> Body:
    return sim.get("persistentvolumes", sim.get("persistentvolumeclaims", name)["spec"]["volumeName"])


def said(sim: Sim, about: str) -> list[tuple[str, str]]:
    return [(event["reason"], event["message"]) for event in sim.events(about=about)]


def test_there_is_one_default_class_and_it_waits_for_the_first_consumer(sim: Sim) -> None:
    (standard,) = sim.list("storageclasses")

    assert standard["metadata"]["name"] == "standard"
    assert standard["volumeBindingMode"] == "WaitForFirstConsumer"
    assert standard["reclaimPolicy"] == "Delete"


def test_a_claim_without_a_class_gets_the_default_one(sim: Sim) -> None:
    sim.apply(claim("data")).settle()

    assert sim.get("persistentvolumeclaims", "data")["spec"]["storageClassName"] == "standard"


def test_a_claim_of_the_default_class_waits_for_its_first_consumer(sim: Sim) -> None:
    sim.apply(claim("data")).settle()

    assert phase(sim, "data") == "Pending"
    assert said(sim, "data") == [
        ("WaitForFirstConsumer", "waiting for first consumer to be created before binding")
    ]  # fmt: skip
    assert sim.list("persistentvolumes") == []


def test_a_claim_that_waits_gets_a_volume_when_the_scheduler_has_chosen_a_node(sim: Sim) -> None:
    sim.apply(claim("data")).settle()

    sim.patch("persistentvolumeclaims", "data", "metadata.annotations", {SELECTED_NODE: "worker-1"}).settle()

    assert phase(sim, "data") == "Bound"
    assert pv_of(sim, "data")["status"]["phase"] == "Bound"


def test_an_immediate_class_has_the_volume_made_at_once(sim: Sim) -> None:
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast")).settle()

    bound, pv = sim.get("persistentvolumeclaims", "data"), pv_of(sim, "data")
    assert bound["status"] == {"phase": "Bound", "accessModes": ["ReadWriteOnce"], "capacity": {"storage": "1Gi"}}
    assert pv["metadata"]["name"] == f"pvc-{bound['metadata']['uid']}"
    assert pv["spec"]["persistentVolumeReclaimPolicy"] == "Delete"
    assert pv["spec"]["claimRef"]["name"] == "data"
    assert annotations_of(bound)["pv.kubernetes.io/bind-completed"] == "yes"
    assert annotations_of(pv)["pv.kubernetes.io/provisioned-by"] == "podium.dev/disk"


def test_the_events_of_a_claim_tell_how_its_volume_came_to_be(sim: Sim) -> None:
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast")).settle()

    name = pv_of(sim, "data")["metadata"]["name"]
    assert said(sim, "data") == [
        (
            "ExternalProvisioning",
            "Waiting for a volume to be created either by the external provisioner 'podium.dev/disk' or manually by "
            "the system administrator. If volume creation is delayed, please verify that the provisioner is running "
            "and correctly registered.",
        ),
        ("Provisioning", 'External provisioner is provisioning volume for claim "default/data"'),
        ("ProvisioningSucceeded", f"Successfully provisioned volume {name}"),
    ]


def test_a_claim_of_a_class_that_is_not_there_says_so_and_is_served_when_it_comes(sim: Sim) -> None:
    sim.apply(claim("data", storageClassName="fast")).settle()
    assert said(sim, "data") == [("ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found')]

    sim.apply(storageclass("fast")).settle()

    assert phase(sim, "data") == "Bound"


def test_a_claim_of_no_class_without_a_volume_says_so(sim: Sim) -> None:
    sim.apply(claim("data", storageClassName="")).settle()

    told = "no persistent volumes available for this claim and no storage class is set"
    assert said(sim, "data") == [("FailedBinding", told)]


def test_a_claim_whose_provisioner_nobody_runs_waits_for_it(sim: Sim) -> None:
    sim.apply(storageclass("nfs", "example.com/nfs"), claim("data", storageClassName="nfs")).settle()

    assert phase(sim, "data") == "Pending"
    assert annotations_of(sim.get("persistentvolumeclaims", "data"))[PROVISIONER] == "example.com/nfs"
    assert said(sim, "data")[0][0] == "ExternalProvisioning"


def test_a_claim_that_was_made_before_any_default_class_gets_it_later(sim: Sim) -> None:
    standard = sim.get("storageclasses", "standard")
    sim.delete("storageclasses", "standard")
    sim.apply(claim("data")).settle()
    assert "storageClassName" not in sim.get("persistentvolumeclaims", "data")["spec"]

    sim.apply(without(standard, "metadata.resourceVersion")).settle()

    assert sim.get("persistentvolumeclaims", "data")["spec"]["storageClassName"] == "standard"


def test_the_newest_of_two_default_classes_is_taken(sim: Sim) -> None:
    sim.run(5)
    newer = put(storageclass("newer"), "metadata.annotations", {"storageclass.kubernetes.io/is-default-class": "true"})

    sim.apply(newer, claim("data"))

    assert sim.get("persistentvolumeclaims", "data")["spec"]["storageClassName"] == "newer"


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"modes": ("ReadWriteMany",)}, "only supports the access modes ReadWriteOnce and ReadWriteOncePod"),
        ({"volumeMode": "Block"}, "has file systems only, no block volumes"),
    ],
)
def test_what_the_disks_cannot_do_is_said(sim: Sim, spec: Body, why: str) -> None:
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast", **spec)).settle()

    assert phase(sim, "data") == "Pending"
    told = f'failed to provision volume with StorageClass "fast": podium.dev/disk {why}'
    assert ("ProvisioningFailed", told) in said(sim, "data")


# volumes that somebody made by hand


def test_a_claim_is_bound_to_a_volume_of_its_class_that_is_large_enough(sim: Sim) -> None:
    sim.apply(volume("task-pv-volume"), claim("task-pv-claim", "3Gi", storageClassName="manual")).settle()

    bound = sim.get("persistentvolumeclaims", "task-pv-claim")
    assert bound["spec"]["volumeName"] == "task-pv-volume"
    assert bound["status"]["capacity"] == {"storage": "10Gi"}
    assert sim.get("persistentvolumes", "task-pv-volume")["status"]["phase"] == "Bound"


def test_a_volume_that_comes_after_the_claim_is_found(sim: Sim) -> None:
    sim.apply(claim("data", storageClassName="manual")).settle()

    sim.apply(volume("later")).settle()

    assert phase(sim, "data") == "Bound"


def test_the_smallest_volume_that_suits_is_taken(sim: Sim) -> None:
    sim.apply(volume("big", "20Gi"), volume("small", "5Gi"), volume("tiny", "1Gi")).settle()

    sim.apply(claim("data", "3Gi", storageClassName="manual")).settle()

    assert pv_of(sim, "data")["metadata"]["name"] == "small"


@pytest.mark.parametrize(
    "spec",
    [
        {"size": "11Gi", "storageClassName": "manual"},
        {"modes": ("ReadWriteMany",), "storageClassName": "manual"},
        {"storageClassName": ""},
        {"selector": {"matchLabels": {"tier": "gold"}}, "storageClassName": "manual"},
    ],
)
def test_a_volume_that_does_not_suit_is_left_alone(sim: Sim, spec: Body) -> None:
    sim.apply(volume("free"), claim("data", **spec)).settle()

    assert phase(sim, "data") == "Pending"
    assert sim.get("persistentvolumes", "free")["status"]["phase"] == "Available"


def test_a_selector_picks_the_volume_by_its_labels(sim: Sim) -> None:
    gold = put(volume("gold"), "metadata.labels", {"tier": "gold"})
    wanted = {"matchLabels": {"tier": "gold"}}

    sim.apply(volume("plain", "1Gi"), gold, claim("data", storageClassName="manual", selector=wanted)).settle()

    assert pv_of(sim, "data")["metadata"]["name"] == "gold"


def test_a_volume_is_bound_to_one_claim_only(sim: Sim) -> None:
    sim.apply(volume("one"), claim("first", storageClassName="manual")).settle()

    sim.apply(claim("second", storageClassName="manual")).settle()

    assert (phase(sim, "first"), phase(sim, "second")) == ("Bound", "Pending")


def test_a_volume_that_is_reserved_goes_to_the_claim_it_names(sim: Sim) -> None:
    reserved = volume("mine", claimRef={"namespace": "default", "name": "data"})

    sim.apply(reserved, claim("other", storageClassName="manual"), claim("data", storageClassName="manual")).settle()

    assert (phase(sim, "other"), phase(sim, "data")) == ("Pending", "Bound")


def test_a_claim_that_names_its_volume_gets_that_one_or_is_told_why_not(sim: Sim) -> None:
    named = claim("data", "2Gi", storageClassName="manual", volumeName="right")
    wrong = claim("wrong", "2Gi", storageClassName="manual", volumeName="small")

    sim.apply(volume("small", "1Gi"), volume("right"), named, wrong).settle()

    assert phase(sim, "data") == "Bound"
    told = 'Cannot bind to requested volume "small": requested PV is too small'
    assert said(sim, "wrong") == [("VolumeMismatch", told)]


def test_a_claim_whose_volume_is_gone_is_lost(sim: Sim) -> None:
    sim.apply(volume("one"), claim("data", storageClassName="manual")).settle()
    pv = sim.get("persistentvolumes", "one")

    sim.delete("persistentvolumes", "one")
    sim.patch("persistentvolumes", "one", "metadata.finalizers", []).settle()

    assert phase(sim, "data") == "Lost"
    assert ("ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!") in said(sim, "data")
    assert pv["status"]["phase"] == "Bound"


def test_binding_writes_nothing_once_all_is_bound(sim: Sim) -> None:
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast"), volume("free")).settle()
    before = len(sim.log)

    sim.restart().settle()

    kinds = ("persistentvolumes", "persistentvolumeclaims", "disks")
    assert [entry for entry in sim.log[before:] if entry.change.kind.plural in kinds] == []


def test_without_a_controller_manager_nothing_is_bound(sim: Sim) -> None:
    sim.crash("control-plane").run(1)
    sim.apply(volume("one"), claim("data", storageClassName="manual")).run(5)
    assert phase(sim, "data") == "Pending"

    sim.delete("faults", "crash-control-plane").run(20)

    assert phase(sim, "data") == "Bound"


def test_a_claim_is_not_made_larger(sim: Sim) -> None:
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast")).settle()

    with pytest.raises(Status, match="only dynamically provisioned pvc can be resized"):
        sim.patch("persistentvolumeclaims", "data", "spec.resources.requests.storage", "2Gi")


def test_the_disk_of_a_volume_is_there_from_the_beginning(sim: Sim) -> None:
    sim.apply(storageclass("fast"), claim("data", storageClassName="fast")).settle()

    disk = sim.loop.objects.get("disks", Key("", pv_of(sim, "data")["metadata"]["name"]))
    assert disk is not None
    assert disk["files"] == {}
