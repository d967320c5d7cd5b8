"""What has lost its owners goes: in the background, in the foreground, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.admission.apply import DELETED
from clusters.kinds.body import Body, controller_of, owner_reference
from tests.sim import Sim, deployment, replicaset

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def configmap(name: str, *owners: Body, **metadata: Any) -> Body:
    home = {"name": name, "namespace": "default", **metadata}
    references = {"ownerReferences": list(owners)} if owners else {}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {**home, **references}}


def owned(sim: Sim, name: str, *owners: str, block: bool = False) -> Sim:
    references = [
        {**owner_reference(sim.get("configmaps", owner), controller=False), "blockOwnerDeletion": block}
        for owner in owners
    ]
    return sim.apply(configmap(name, *references)).settle()


def test_a_deleted_deployment_takes_its_replicasets_and_pods_along(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE)).settle()

    sim.delete("deployments", "web").settle(quiet=35)

    assert sim.list("replicasets") == []
    assert sim.pods("web") == []
    gone = sim.log.last("replicasets", DELETED)
    assert (gone.actor, gone.why) == ("garbage-collector-controller", "Its owner Deployment web was deleted.")


def test_in_the_background_the_owner_goes_first(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE)).settle()

    sim.delete("deployments", "web")

    assert sim.find("deployments", "web") is None
    assert len(sim.pods("web")) == 2


def test_in_the_foreground_the_owner_goes_last(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE)).settle()

    sim.delete("deployments", "web", propagation="Foreground").settle(quiet=40)

    order = [e.change.kind.plural for e in sim.log if e.change.op == DELETED and e.change.kind.served]
    assert [plural for plural in order if plural in ("deployments", "replicasets", "pods")] == [
        "pods",
        "pods",
        "replicasets",
        "deployments",
    ]


def test_orphans_stay_and_forget_their_owner(sim: Sim) -> None:
    sim.apply(replicaset("web", 2, image=PAUSE)).settle()

    sim.delete("replicasets", "web", propagation="Orphan").settle(quiet=35)

    assert sim.find("replicasets", "web") is None
    assert len(sim.running("web")) == 2
    assert [controller_of(one) for one in sim.pods("web")] == [None, None]


def test_one_owner_of_two_is_enough_to_stay(sim: Sim) -> None:
    sim.apply(configmap("a"), configmap("b"))
    owned(sim, "child", "a", "b")

    sim.delete("configmaps", "a").settle()

    child = sim.get("configmaps", "child")
    assert [owner["name"] for owner in child["metadata"]["ownerReferences"]] == ["b"]


def test_an_object_whose_owner_never_was_goes(sim: Sim) -> None:
    nobody = {"apiVersion": "v1", "kind": "ConfigMap", "name": "nobody", "uid": "0"}

    sim.apply(configmap("child", nobody)).settle()

    assert sim.find("configmaps", "child") is None


def test_a_namesake_of_the_owner_is_not_the_owner(sim: Sim) -> None:
    sim.apply(configmap("a"))
    owned(sim, "child", "a")

    sim.delete("configmaps", "a").apply(configmap("a")).settle()

    assert sim.find("configmaps", "child") is None


def test_an_owner_in_another_namespace_is_none_and_that_is_said(sim: Sim) -> None:
    sim.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "other"}})
    sim.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "other"}})
    owner = sim.get("configmaps", "a", "other")

    sim.apply(configmap("child", owner_reference(owner, controller=False))).settle()

    assert sim.find("configmaps", "child") is None
    (told,) = sim.events("OwnerRefInvalidNamespace")
    assert told["message"] == (
        f"ownerRef [v1/ConfigMap, namespace: default, name: a, uid: {owner['metadata']['uid']}] "
        'does not exist in namespace "default"'
    )


def test_nothing_in_a_namespace_owns_what_belongs_to_the_whole_cluster(sim: Sim) -> None:
    sim.apply(configmap("a"))
    owner = owner_reference(sim.get("configmaps", "a"), controller=False)
    whole = {"name": "whole", "ownerReferences": [owner]}

    sim.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": whole}).settle()
    sim.delete("configmaps", "a").settle()

    assert sim.find("namespaces", "whole") is not None
    assert sim.events("OwnerRefInvalidNamespace", "whole")


def test_an_owner_of_an_unknown_kind_is_left_in_peace(sim: Sim) -> None:
    strange = {"apiVersion": "example.com/v1", "kind": "Thing", "name": "x", "uid": "0"}

    sim.apply(configmap("child", strange)).settle()

    assert sim.find("configmaps", "child") is not None


def test_the_foreground_does_not_wait_for_those_that_do_not_block(sim: Sim) -> None:
    sim.apply(configmap("a"))
    owned(sim, "child", "a")
    held = {**sim.get("configmaps", "child")}
    held = {**held, "metadata": {**held["metadata"], "finalizers": ["example.com/hold"]}}
    sim.apply(held)

    sim.delete("configmaps", "a", propagation="Foreground").settle()

    assert sim.find("configmaps", "a") is None


def test_the_foreground_waits_for_those_that_block(sim: Sim) -> None:
    sim.apply(configmap("a"))
    owned(sim, "child", "a", block=True)
    sim.patch("configmaps", "child", "metadata.finalizers", ["example.com/hold"])
    sim.delete("configmaps", "a", propagation="Foreground").settle()
    assert sim.find("configmaps", "a") is not None

    sim.patch("configmaps", "child", "metadata.finalizers", []).settle()

    assert sim.find("configmaps", "child") is None
    assert sim.find("configmaps", "a") is None


def test_a_ring_of_owners_does_not_wait_for_itself(sim: Sim) -> None:
    sim.apply(configmap("a"))
    owned(sim, "b", "a", block=True)
    back = {**owner_reference(sim.get("configmaps", "b"), controller=False), "blockOwnerDeletion": True}
    sim.patch("configmaps", "a", "metadata.ownerReferences", [back]).settle()

    sim.delete("configmaps", "a", propagation="Foreground").settle()

    assert sim.find("configmaps", "a") is None
    assert sim.find("configmaps", "b") is None


def test_what_was_missed_while_the_controller_was_down_is_made_up_for(sim: Sim) -> None:
    sim.apply(configmap("a"))
    owned(sim, "child", "a")
    sim.crash("control-plane").run(1)
    sim.delete("configmaps", "a").settle()
    assert sim.find("configmaps", "child") is not None

    sim.delete("faults", "crash-control-plane").settle(quiet=10)

    assert sim.find("configmaps", "child") is None


def test_a_lost_lease_goes_with_its_node(sim: Sim) -> None:
    assert sim.find("leases", "worker-1", "kube-node-lease") is not None

    sim.delete("nodes", "worker-1").settle()

    assert sim.find("leases", "worker-1", "kube-node-lease") is None
