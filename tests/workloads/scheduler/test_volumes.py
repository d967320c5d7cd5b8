"""Pods run where their volumes are, or can be made (Kubernetes: Volume Binding Mode)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, annotations_of, dig, put
from clusters.kinds.persistentvolume import SELECTED_NODE
from clusters.reconcile.conditions import condition_of
from tests.clusters.controllers.storage import claim, storageclass, user_of, volume
from tests.sim import Sim

FAILED = "0/4 nodes are available: {}. no new claims to deallocate, preemption: 0/4 nodes are available: {}."
NOT_HELPFUL = "4 Preemption is not helpful for scheduling"
CONTROL_PLANE = "1 node(s) had untolerated taint(s)"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=3)


def seat(sim: Sim, name: str = "app") -> str:
    return str(dig(sim.get("pods", name), "spec.nodeName", ""))


def message(sim: Sim, name: str = "app") -> str:
    found = condition_of(sim.get("pods", name), "PodScheduled")
    assert found is not None
    return str(found.get("message"))


def at(name: str, *nodes: str, **spec: Any) -> Body:
    """A local volume."""
    rule = {"key": "kubernetes.io/hostname", "operator": "In", "values": list(nodes)}
    affinity = {"required": {"nodeSelectorTerms": [{"matchExpressions": [rule]}]}}
    made = volume(name, local={"path": "/mnt/disks/ssd1"}, nodeAffinity=affinity, **spec)
    return put(made, "spec.hostPath", None)


def test_a_pod_with_a_claim_of_the_default_class_gets_a_node_and_the_claim_a_volume(sim: Sim) -> None:
    sim.apply(claim("data"), user_of("data")).settle()

    bound = sim.get("persistentvolumeclaims", "data")
    assert bound["status"]["phase"] == "Bound"
    assert annotations_of(bound)[SELECTED_NODE] == seat(sim)
    assert len(sim.running("app")) == 1


def test_the_claim_was_bound_before_the_pod(sim: Sim) -> None:
    sim.apply(claim("data"), user_of("data")).settle()

    log = [(entry.change.kind.plural, entry.change.new) for entry in sim.log]
    bound = [kind == "persistentvolumeclaims" and dig(new, "status.phase") == "Bound" for kind, new in log].index(True)
    seated = [kind == "pods" and dig(new, "spec.nodeName") and new["metadata"]["name"] == "app" for kind, new in log]
    assert bound < [bool(one) for one in seated].index(True)


def test_a_pod_whose_claim_is_not_there_waits_and_says_so(sim: Sim) -> None:
    sim.apply(user_of("data")).settle()
    told = 'persistentvolumeclaim "data" not found'
    assert message(sim).startswith(f"0/4 nodes are available: {told}.")
    assert [event["message"] for event in sim.events("FailedScheduling", "app")] == [message(sim)]

    sim.apply(claim("data")).settle()

    assert len(sim.running("app")) == 1


def test_a_pod_whose_immediate_claim_is_not_bound_waits_for_it(sim: Sim) -> None:
    sim.apply(claim("data", storageClassName="manual"), user_of("data")).settle()
    assert message(sim).startswith("0/4 nodes are available: pod has unbound immediate PersistentVolumeClaims.")

    sim.apply(volume("one")).settle()

    assert len(sim.running("app")) == 1


def test_a_pod_follows_its_volume_to_the_node(sim: Sim) -> None:
    sim.apply(at("disk", "worker-2"), claim("data", storageClassName="manual")).settle()

    sim.apply(user_of("data")).settle()

    assert seat(sim) == "worker-2"


def test_a_volume_that_no_node_can_reach_keeps_the_pod_waiting(sim: Sim) -> None:
    sim.apply(at("disk", "worker-9"), claim("data", storageClassName="manual")).settle()

    sim.apply(user_of("data")).settle()

    assert "3 node(s) had volume node affinity conflict" in message(sim)


def test_local_volumes_that_wait_for_the_pod_are_chosen_with_the_node(sim: Sim) -> None:
    local = storageclass("local", "kubernetes.io/no-provisioner", volumeBindingMode="WaitForFirstConsumer")
    disks = [at(f"disk-{number}", f"worker-{number}", storageClassName="local") for number in (1, 2)]
    sim.apply(local, *disks, claim("data", storageClassName="local")).settle()
    assert sim.get("persistentvolumeclaims", "data")["status"]["phase"] == "Pending"

    sim.apply(user_of("data", spec={"nodeSelector": {"kubernetes.io/hostname": "worker-2"}})).settle()

    assert seat(sim) == "worker-2"
    assert sim.get("persistentvolumeclaims", "data")["spec"]["volumeName"] == "disk-2"
    assert sim.get("persistentvolumes", "disk-1")["status"]["phase"] == "Available"


def test_where_nothing_can_be_made_and_no_volume_is_free_the_pod_waits(sim: Sim) -> None:
    local = storageclass("local", "kubernetes.io/no-provisioner", volumeBindingMode="WaitForFirstConsumer")
    sim.apply(local, claim("data", storageClassName="local"), user_of("data")).settle()

    assert "3 node(s) didn't find available persistent volumes to bind" in message(sim)

    sim.apply(at("disk", "worker-3", storageClassName="local")).settle()

    assert seat(sim) == "worker-3"


def test_two_claims_of_a_pod_get_two_volumes_of_one_node(sim: Sim) -> None:
    local = storageclass("local", "kubernetes.io/no-provisioner", volumeBindingMode="WaitForFirstConsumer")
    disks = [at("a", "worker-1", storageClassName="local")]
    disks += [at(name, "worker-2", storageClassName="local") for name in ("b", "c")]
    sim.apply(local, *disks, claim("one", storageClassName="local"), claim("two", storageClassName="local")).settle()
    body = user_of("one")
    body["spec"]["volumes"].append({"name": "more", "persistentVolumeClaim": {"claimName": "two"}})

    sim.apply(body).settle()

    assert seat(sim) == "worker-2"
    assert len(sim.running("app")) == 1


def test_a_claim_for_one_pod_has_one_pod(sim: Sim) -> None:
    sim.apply(claim("data", modes=("ReadWriteOncePod",)), user_of("data", "first")).settle()
    sim.apply(user_of("data", "second")).settle()
    told = "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode"
    assert f"3 {told}" in message(sim, "second")

    sim.delete("pods", "first").settle()

    assert len(sim.running("second")) == 1


def test_a_volume_in_a_zone_is_used_there(sim: Sim) -> None:
    for number, zone in ((1, "a"), (2, "b"), (3, "b")):
        node = sim.get("nodes", f"worker-{number}")
        sim.patch("nodes", f"worker-{number}", "metadata.labels",
                  {**node["metadata"]["labels"], "topology.kubernetes.io/zone": zone})  # fmt: skip
    zoned = put(volume("zoned"), "metadata.labels", {"topology.kubernetes.io/zone": "a"})

    sim.apply(zoned, claim("data", storageClassName="manual")).settle()
    sim.apply(user_of("data")).settle()

    assert seat(sim) == "worker-1"


def test_a_pod_waits_for_the_claim_that_is_made_for_it(sim: Sim) -> None:
    spec = claim("", storageClassName="standard")["spec"]
    body = user_of("none")
    body["spec"]["volumes"] = [{"name": "data", "ephemeral": {"volumeClaimTemplate": {"spec": spec}}}]

    sim.apply(body).settle()

    assert len(sim.running("app")) == 1
    assert annotations_of(sim.get("persistentvolumeclaims", "app-data"))[SELECTED_NODE] == seat(sim)


def test_a_claim_that_is_going_is_not_given_to_a_new_pod(sim: Sim) -> None:
    sim.apply(claim("data"), user_of("data", "first")).settle()
    sim.delete("persistentvolumeclaims", "data").settle()

    sim.apply(user_of("data", "second")).settle()

    assert 'persistentvolumeclaim "data" is being deleted' in message(sim, "second")
