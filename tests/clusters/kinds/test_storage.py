"""Claims, volumes and classes as kinds: defaults, what is refused, columns."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds import KINDS
from clusters.kinds.body import Body, put, without
from clusters.kinds.problem import Status
from tests.clusters.controllers.storage import claim, storageclass, volume
from tests.sim import Sim, pod

OF = {kind.plural: kind for kind in KINDS}


@pytest.fixture(scope="module")
def sim() -> Sim:
    return Sim(nodes=0)


def refused(sim: Sim, body: Body) -> str:
    with pytest.raises(Status) as answer:
        sim.apply(body)
    return answer.value.message.partition("is invalid: ")[2]


def row(plural: str, body: Body) -> dict[str, Any]:
    columns = OF[plural].columns
    return {one.name: one.value(body, 0) for one in columns if callable(one.value) and one.name != "Age"}


def test_what_is_not_said_is_filled_in(sim: Sim) -> None:
    sim.apply(volume("plain"), claim("plain", storageClassName="other"), storageclass("plain"))

    assert sim.get("persistentvolumes", "plain")["spec"]["persistentVolumeReclaimPolicy"] == "Retain"
    assert sim.get("persistentvolumes", "plain")["spec"]["hostPath"] == {"path": "/mnt/data", "type": ""}
    assert sim.get("persistentvolumeclaims", "plain")["spec"]["volumeMode"] == "Filesystem"
    assert sim.get("storageclasses", "plain")["reclaimPolicy"] == "Delete"
    assert sim.get("storageclasses", "plain")["volumeBindingMode"] == "Immediate"


def test_claims_and_volumes_are_protected_from_the_beginning(sim: Sim) -> None:
    sim.apply(volume("safe"), claim("safe", storageClassName="other"))

    assert sim.get("persistentvolumes", "safe")["metadata"]["finalizers"] == ["kubernetes.io/pv-protection"]
    assert sim.get("persistentvolumeclaims", "safe")["metadata"]["finalizers"] == ["kubernetes.io/pvc-protection"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (without(claim("x"), "spec.accessModes"), "spec.accessModes: Required value: at least 1 access mode is "
         "required"),
        (without(claim("x"), "spec.resources"), "spec.resources[storage]: Required value"),
        (claim("x", "0"), 'spec.resources[storage]: Invalid value: "0": must be greater than zero'),
        (claim("x", modes=("ReadWriteOncePod", "ReadWriteOnce")), "spec.accessModes: Forbidden: may not use "
         "ReadWriteOncePod with other access modes"),
        (claim("x", modes=("Sometimes",)), 'spec.accessModes: Unsupported value: "Sometimes": supported values: '
         '"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"'),
        (without(volume("x"), "spec.hostPath"), "spec: Required value: must specify a volume type"),
        (without(volume("x"), "spec.capacity"), "spec.capacity: Required value"),
        (volume("x", persistentVolumeReclaimPolicy="Burn"), 'spec.persistentVolumeReclaimPolicy: Unsupported value: '
         '"Burn": supported values: "Delete", "Recycle", "Retain"'),
        (volume("x", hostPath={"path": "/mnt/../etc"}), 'spec.hostPath.path: Invalid value: "/mnt/../etc": must not '
         "contain '..'"),
        (storageclass("x", ""), "provisioner: Required value"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(sim: Sim, body: Body, why: str) -> None:
    assert refused(sim, body) == why


def test_a_local_volume_says_on_which_nodes_it_is(sim: Sim) -> None:
    body = without(volume("x", local={"path": "/mnt/ssd"}), "spec.hostPath")

    assert refused(sim, body) == "spec.nodeAffinity: Required value: Local volume requires node affinity"


def test_the_spec_of_a_claim_is_not_changed(sim: Sim) -> None:
    sim.apply(claim("fixed", storageClassName="other"))

    told = "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims"
    assert refused(sim, claim("fixed", storageClassName="another")) == f"spec: Forbidden: {told}"


def test_the_source_of_a_volume_is_not_changed(sim: Sim) -> None:
    sim.apply(volume("fixed"))

    told = "spec.persistentvolumesource is immutable after creation"
    why = f"spec.persistentvolumesource: Forbidden: {told}"
    assert refused(sim, volume("fixed", hostPath={"path": "/elsewhere"})) == why


def test_a_class_keeps_its_provisioner(sim: Sim) -> None:
    sim.apply(storageclass("fixed"))

    assert (
        refused(sim, storageclass("fixed", "other/one"))
        == "provisioner: Forbidden: updates to provisioner are forbidden."
    )


def test_the_columns_are_kubectls() -> None:
    names = [[column.name for column in OF[plural].columns] for plural in ("persistentvolumes", "storageclasses")]

    assert names[0][:6] == ["Name", "Capacity", "Access Modes", "Reclaim Policy", "Status", "Claim"]
    assert names[1] == ["Name", "Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion", "Age"]


def test_a_volume_shows_its_claim_and_a_default_class_says_that_it_is_one() -> None:
    bound = put(volume("x", claimRef={"namespace": "default", "name": "data"}), "status", {"phase": "Bound"})
    standard = put(
        storageclass("standard"), "metadata.annotations", {"storageclass.kubernetes.io/is-default-class": "true"}
    )

    assert row("persistentvolumes", bound)["Claim"] == "default/data"
    assert row("persistentvolumes", bound)["Access Modes"] == "RWO"
    assert row("persistentvolumes", bound)["VolumeAttributesClass"] == "<unset>"
    assert row("storageclasses", standard)["Name"] == "standard (default)"


@pytest.mark.parametrize(
    ("volume_", "why"),
    [
        ({"ephemeral": {"volumeClaimTemplate": {"spec": {"accessModes": ["ReadWriteOnce"]}}}},
         "spec.volumes[0].ephemeral.volumeClaimTemplate.spec.resources[storage]: Required value"),
        ({"ephemeral": {}}, "spec.volumes[0].ephemeral.volumeClaimTemplate: Required value"),
        ({"hostPath": {"path": "/a/../b"}}, "spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not "
         "contain '..'"),
        ({"persistentVolumeClaim": {}}, "spec.volumes[0].persistentVolumeClaim.claimName: Required value"),
    ],
)  # fmt: skip
def test_a_pods_volume_says_what_it_is(sim: Sim, volume_: Body, why: str) -> None:
    assert refused(sim, pod("x", spec={"volumes": [{"name": "v", **volume_}]})) == why
