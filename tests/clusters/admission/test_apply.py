"""What the API server does with every write, whoever makes it."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.writes import Delete, Update
from tests.sim import Sim, deployment, pod


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1)


def config(name: str, **metadata: object) -> Body:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "default", **metadata}}


def test_a_new_object_gets_uid_time_and_revision(sim: Sim) -> None:
    metadata = sim.apply(config("one")).get("configmaps", "one")["metadata"]

    assert len(metadata["uid"]) == 36
    assert metadata["creationTimestamp"].endswith("Z")
    assert metadata["resourceVersion"] == str(sim.loop.revision)


def test_a_writer_cannot_choose_what_the_server_stamps(sim: Sim) -> None:
    sim.apply(config("one", uid="mine", creationTimestamp="2000-01-01T00:00:00Z", deletionTimestamp="now"))

    metadata = sim.get("configmaps", "one")["metadata"]
    assert metadata["uid"] != "mine"
    assert not metadata["creationTimestamp"].startswith("2000")
    assert "deletionTimestamp" not in metadata


def test_a_generated_name_is_its_prefix_and_five_letters(sim: Sim) -> None:
    body = config("")
    body["metadata"] = {"generateName": "settings-", "namespace": "default"}
    before = {one["metadata"]["name"] for one in sim.list("configmaps", "default")}

    sim.apply(body)

    made = [one["metadata"]["name"] for one in sim.list("configmaps", "default")]
    new = next(name for name in made if name not in before)
    assert new.startswith("settings-")
    assert len(new) == len("settings-") + 5


def test_generation_counts_changes_of_spec_and_no_others(sim: Sim) -> None:
    sim.apply(deployment("web", 1)).settle()
    assert sim.get("deployments", "web")["metadata"]["generation"] == 1

    sim.patch("deployments", "web", "metadata.labels", {"a": "b"})
    assert sim.get("deployments", "web")["metadata"]["generation"] == 1

    sim.patch("deployments", "web", "spec.replicas", 2)
    assert sim.get("deployments", "web")["metadata"]["generation"] == 2


def test_a_write_that_changes_nothing_takes_no_revision(sim: Sim) -> None:
    sim.apply(config("one"))
    before = sim.loop.revision

    sim.patch("configmaps", "one", "metadata.name", "one")

    assert sim.loop.revision == before


def test_another_uid_is_a_conflict(sim: Sim) -> None:
    sim.apply(config("one"))
    body = sim.get("configmaps", "one")

    with pytest.raises(Status, match="Precondition failed: UID") as refused:
        sim.write(Update("configmaps", {**body, "metadata": {**body["metadata"], "uid": "another"}}))
    assert refused.value.code == 409


def test_what_a_finalizer_holds_is_only_marked_until_it_goes(sim: Sim) -> None:
    sim.apply(config("one", finalizers=["example.com/hold"])).delete("configmaps", "one")
    held = sim.get("configmaps", "one")
    assert held["metadata"]["deletionTimestamp"]

    sim.patch("configmaps", "one", "metadata.finalizers", [])

    assert sim.find("configmaps", "one") is None


def test_a_running_pod_gets_its_grace_and_no_second_deletion_prolongs_it(sim: Sim) -> None:
    sim.apply(pod("web", spec={"terminationGracePeriodSeconds": 20})).settle()

    sim.delete("pods", "web").delete("pods", "web", grace=60)
    assert sim.get("pods", "web")["metadata"]["deletionGracePeriodSeconds"] == 20

    sim.delete("pods", "web", grace=5)
    assert sim.get("pods", "web")["metadata"]["deletionGracePeriodSeconds"] == 5


def test_a_forced_deletion_removes_at_once(sim: Sim) -> None:
    sim.apply(pod("web")).settle().delete("pods", "web", grace=0)

    assert sim.find("pods", "web") is None


def test_status_is_written_through_its_own_door_alone(sim: Sim) -> None:
    sim.apply(deployment("web", 1)).settle()
    body = sim.get("deployments", "web")

    sim.write(Update("deployments", {**body, "status": {"replicas": 99}}))

    assert sim.get("deployments", "web")["status"].get("replicas") == 1


def test_what_is_not_there_is_not_found(sim: Sim) -> None:
    with pytest.raises(Status, match='configmaps "none" not found'):
        sim.write(Delete("configmaps", config("none")))


def test_an_object_made_again_is_another_one(sim: Sim) -> None:
    first = uid_of(sim.apply(config("one")).get("configmaps", "one"))

    sim.delete("configmaps", "one").apply(config("one"))

    assert uid_of(sim.get("configmaps", "one")) != first
