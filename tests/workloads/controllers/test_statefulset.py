"""What the documentation of StatefulSets promises, one statement a test."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.admission.apply import ADDED, DELETED
from clusters.kinds.body import Body, dig, is_deleting, labels_of, put
from clusters.reconcile.batch import Entry
from clusters.reconcile.writes import SetStatus
from tests.sim import Sim, pod, template

PAUSE, NEXT, WRONG = "registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.9", "ngnix"
TEMPLATE = "spec.template"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=3)


def db(replicas: int = 3, image: str = PAUSE, **spec: Any) -> Body:
    wanted = {
        "replicas": replicas,
        "serviceName": "db",
        "selector": {"matchLabels": {"app": "db"}},
        "template": template("db", image),
        **spec,
    }
    return {"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "db"}, "spec": wanted}


def rolling(**fields: Any) -> Body:
    return {"type": "RollingUpdate", "rollingUpdate": fields}


def claims(*names: str) -> list[Body]:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}}
    return [{"metadata": {"name": name}, "spec": spec} for name in names]


def names(sim: Sim) -> list[str]:
    return [one["metadata"]["name"] for one in sim.pods("db")]


def images(sim: Sim) -> dict[str, str]:
    return {one["metadata"]["name"]: one["spec"]["containers"][0]["image"] for one in sim.pods("db")}


def status(sim: Sim) -> Body:
    found: Body = sim.get("statefulsets", "db")["status"]
    return found


def moved(sim: Sim, image: str = NEXT) -> Sim:
    return sim.patch("statefulsets", "db", TEMPLATE, template("db", image))


def history(sim: Sim) -> list[int]:
    return sorted(one["revision"] for one in sim.list("controllerrevisions", "default"))


def order(sim: Sim, op: str, since: int = 0) -> list[str]:
    """The set's pods in the order in which they were made or went."""
    found = [entry.change for entry in sim.log[since:] if entry.change.kind.plural == "pods"]
    return [one.key.name for one in found if one.op == op and one.key.name.startswith("db-")]


def is_pod(entry: Entry) -> bool:
    return entry.change.kind.plural == "pods"


def most_lacking(sim: Sim, since: int) -> int:
    """The greatest number of members that were not ready, or about to go, at once."""
    lacking: dict[str, bool] = {}
    most = 0
    for change in [entry.change for entry in sim.log[since:] if is_pod(entry) and entry.change.key.name[:3] == "db-"]:
        conditions = {one["type"]: one["status"] for one in dig(change.new, "status.conditions") or ()}
        gone = change.op == DELETED or is_deleting(change.new)
        lacking[change.key.name] = gone or conditions.get("Ready") != "True"
        most = max(most, sum(lacking.values()))
    return most


# identity


def test_members_are_numbered_from_zero(sim: Sim) -> None:
    sim.apply(db(3)).settle()

    assert names(sim) == ["db-0", "db-1", "db-2"]


def test_a_member_has_its_name_as_hostname_and_label(sim: Sim) -> None:
    sim.apply(db(2)).settle()

    one = sim.get("pods", "db-1")
    assert (one["spec"]["hostname"], one["spec"]["subdomain"]) == ("db-1", "db")
    assert labels_of(one)["statefulset.kubernetes.io/pod-name"] == "db-1"
    assert labels_of(one)["apps.kubernetes.io/pod-index"] == "1"
    assert labels_of(one)["controller-revision-hash"] == status(sim)["currentRevision"]


def test_ordinals_start_where_the_spec_says(sim: Sim) -> None:
    sim.apply(db(2, ordinals={"start": 5})).settle()

    assert names(sim) == ["db-5", "db-6"]


def test_moving_the_start_moves_the_members_one_by_one(sim: Sim) -> None:
    sim.apply(db(2)).settle()

    sim.patch("statefulsets", "db", "spec.ordinals", {"start": 1}).settle(40)

    assert names(sim) == ["db-1", "db-2"]


def test_a_deleted_member_comes_back_under_its_name(sim: Sim) -> None:
    sim.apply(db(2)).settle()
    before = sim.get("pods", "db-0")["metadata"]["uid"]

    sim.delete("pods", "db-0").settle(40)

    assert sim.get("pods", "db-0")["metadata"]["uid"] != before
    assert names(sim) == ["db-0", "db-1"]


def test_a_pod_with_a_members_name_and_labels_is_adopted(sim: Sim) -> None:
    bare = put(pod("db-0", PAUSE), "metadata.labels", {"app": "db"})
    sim.apply(bare).settle()
    uid = sim.get("pods", "db-0")["metadata"]["uid"]

    sim.apply(db(1, updateStrategy={"type": "OnDelete"})).settle()

    adopted = sim.get("pods", "db-0")
    assert (adopted["metadata"]["uid"], adopted["metadata"]["ownerReferences"][0]["kind"]) == (uid, "StatefulSet")
    assert labels_of(adopted)["statefulset.kubernetes.io/pod-name"] == "db-0"


def test_a_strangers_pod_with_a_members_name_is_waited_for(sim: Sim) -> None:
    sim.apply(pod("db-0", PAUSE)).settle()

    sim.apply(db(1)).run(5)
    assert labels_of(sim.get("pods", "db-0")) == {"app": "db-0"}
    sim.delete("pods", "db-0").settle(40)

    assert labels_of(sim.get("pods", "db-0"))["app"] == "db"


# order


def test_members_come_one_after_the_other_each_when_the_last_is_ready(sim: Sim) -> None:
    sim.apply(db(3)).settle()

    for number in (1, 2):
        made = next(e for e in sim.log.all("pods", ADDED) if e.change.key.name == f"db-{number}")
        before = [e.change.new for e in sim.log.all("pods") if e.revision < made.revision]
        last = [one for one in before if one["metadata"]["name"] == f"db-{number - 1}"][-1]
        assert {c["type"]: c["status"] for c in last["status"]["conditions"]}["Ready"] == "True"


def test_scaling_down_removes_the_highest_and_waits_until_it_is_gone(sim: Sim) -> None:
    sim.apply(db(4)).settle()
    seen = len(sim.log)

    sim.patch("statefulsets", "db", "spec.replicas", 1).settle(40)

    assert names(sim) == ["db-0"]
    marked = [e.change.key.name for e in sim.log[seen:] if e.actor == "statefulset-controller" and is_pod(e)]
    assert order(sim, DELETED, seen) == marked == ["db-3", "db-2", "db-1"]


def test_a_member_that_does_not_work_holds_up_those_behind_it(sim: Sim) -> None:
    sim.apply(db(3, WRONG)).run(30)

    assert names(sim) == ["db-0"]


def test_nothing_is_scaled_down_while_a_lower_member_fails(sim: Sim) -> None:
    sim.apply(db(3)).settle()
    for node in ("worker-1", "worker-2", "worker-3"):
        sim.patch("nodes", node, "spec.unschedulable", True)
    sim.delete("pods", "db-0").settle(40)
    assert sim.word(sim.get("pods", "db-0")) == "Pending"

    sim.patch("statefulsets", "db", "spec.replicas", 2).run(40)
    assert names(sim) == ["db-0", "db-1", "db-2"]
    sim.patch("nodes", "worker-1", "spec.unschedulable", False).settle(40)

    assert names(sim) == ["db-0", "db-1"]


def test_parallel_members_do_not_wait_for_each_other(sim: Sim) -> None:
    sim.apply(db(3, WRONG, podManagementPolicy="Parallel")).run(5)
    assert names(sim) == ["db-0", "db-1", "db-2"]

    sim.patch("statefulsets", "db", "spec.replicas", 0).run(1)

    assert all(is_deleting(one) for one in sim.pods("db")) or not sim.pods("db")


def test_the_same_is_made_wherever_work_is_cut_off() -> None:
    whole, cut = Sim(nodes=2), Sim(nodes=2)
    cut.slice = 2

    for sim in (whole, cut):
        moved(sim.apply(db(3)).settle()).settle(40)
        sim.patch("statefulsets", "db", "spec.replicas", 2).settle(40)

    assert [one["metadata"]["uid"] for one in whole.pods("db")] == [one["metadata"]["uid"] for one in cut.pods("db")]
    assert status(whole) == status(cut)


def test_looking_again_without_need_writes_nothing(sim: Sim) -> None:
    sim.apply(db(2)).settle()
    before = len(sim.log)

    sim.restart().settle(1)

    assert [entry for entry in sim.log[before:] if entry.actor == "statefulset-controller"] == []


# dead nodes


@pytest.mark.parametrize("policy", ["OrderedReady", "Parallel"])
def test_a_member_on_a_dead_node_is_not_replaced(sim: Sim, policy: str) -> None:
    sim.apply(db(2, podManagementPolicy=policy)).settle()
    lost = sim.get("pods", "db-1")

    sim.crash(lost["spec"]["nodeName"]).run(60)

    there = sim.get("pods", "db-1")
    assert there["metadata"]["uid"] == lost["metadata"]["uid"]
    assert is_deleting(there)


def test_a_member_on_a_dead_node_is_replaced_when_somebody_vouches_for_its_end(sim: Sim) -> None:
    sim.apply(db(2)).settle()
    lost = sim.get("pods", "db-1")
    sim.crash(lost["spec"]["nodeName"]).run(60)

    sim.delete("pods", "db-1", grace=0).settle(10)

    there = sim.get("pods", "db-1")
    assert there["spec"]["nodeName"] != lost["spec"]["nodeName"]
    assert len(sim.running("db")) == 2


def test_a_member_comes_back_when_its_node_does(sim: Sim) -> None:
    sim.apply(db(2)).settle()
    node = sim.get("pods", "db-1")["spec"]["nodeName"]
    sim.crash(node).run(60)

    sim.delete("faults", f"crash-{node}").settle(40)

    assert len(sim.running("db")) == 2


@pytest.mark.parametrize("phase", ["Failed", "Succeeded"])
def test_a_member_that_ended_is_replaced(sim: Sim, phase: str) -> None:
    sim.apply(db(1)).settle()
    one = sim.get("pods", "db-0")

    sim.write(SetStatus("pods", one, {**one["status"], "phase": phase})).settle(40)

    assert sim.get("pods", "db-0")["metadata"]["uid"] != one["metadata"]["uid"]
    assert len(sim.running("db")) == 1


# updates


def test_an_update_goes_from_the_highest_to_the_lowest_one_at_a_time(sim: Sim) -> None:
    sim.apply(db(3)).settle()
    seen = len(sim.log)

    moved(sim).settle(40)

    assert order(sim, DELETED, seen) == order(sim, ADDED, seen) == ["db-2", "db-1", "db-0"]
    assert set(images(sim).values()) == {NEXT}


def test_a_finished_update_makes_the_new_revision_the_current_one(sim: Sim) -> None:
    sim.apply(db(2)).settle()
    first = status(sim)["currentRevision"]

    moved(sim).run(0.01)
    assert status(sim)["currentRevision"] == first != status(sim)["updateRevision"]
    sim.settle(40)

    done = status(sim)
    assert done["currentRevision"] == done["updateRevision"] != first
    assert (done["currentReplicas"], done["updatedReplicas"]) == (2, 2)
    assert history(sim) == [1, 2]


def test_members_below_the_partition_stay_old_even_when_they_are_deleted(sim: Sim) -> None:
    sim.apply(db(3, updateStrategy=rolling(partition=2))).settle()

    moved(sim).settle(40)
    assert images(sim) == {"db-0": PAUSE, "db-1": PAUSE, "db-2": NEXT}
    sim.delete("pods", "db-0").delete("pods", "db-2").settle(40)

    assert images(sim) == {"db-0": PAUSE, "db-1": PAUSE, "db-2": NEXT}
    assert (status(sim)["currentReplicas"], status(sim)["updatedReplicas"]) == (2, 1)


def test_a_partition_that_is_lowered_lets_the_update_go_on(sim: Sim) -> None:
    sim.apply(db(3, updateStrategy=rolling(partition=3))).settle()
    moved(sim).settle(40)
    assert set(images(sim).values()) == {PAUSE}

    sim.patch("statefulsets", "db", "spec.updateStrategy.rollingUpdate.partition", 0).settle(40)

    assert set(images(sim).values()) == {NEXT}


@pytest.mark.parametrize(("most", "together"), [(2, 2), ("50%", 2), ("1%", 1)])
def test_as_many_members_may_lack_as_the_spec_says(sim: Sim, most: int | str, together: int) -> None:
    strategy = rolling(maxUnavailable=most)
    sim.apply(db(4, updateStrategy=strategy, podManagementPolicy="Parallel")).settle()
    seen = len(sim.log)

    moved(sim).settle(40)

    assert set(images(sim).values()) == {NEXT}
    assert most_lacking(sim, seen) == together


def test_on_delete_leaves_old_members_until_somebody_deletes_them(sim: Sim) -> None:
    sim.apply(db(2, updateStrategy={"type": "OnDelete"})).settle()

    moved(sim).settle(40)
    assert set(images(sim).values()) == {PAUSE}
    sim.delete("pods", "db-0").settle(40)

    assert images(sim) == {"db-0": NEXT, "db-1": PAUSE}


def test_a_broken_update_stops_at_its_first_member(sim: Sim) -> None:
    sim.apply(db(3)).settle()

    moved(sim, WRONG).run(60)

    assert images(sim) == {"db-0": PAUSE, "db-1": PAUSE, "db-2": WRONG}


def test_after_a_broken_update_is_taken_back_its_member_must_be_deleted_by_hand(sim: Sim) -> None:
    sim.apply(db(2)).settle()
    moved(sim, WRONG).run(60)

    moved(sim, PAUSE).run(60)
    assert images(sim) == {"db-0": PAUSE, "db-1": WRONG}
    sim.delete("pods", "db-1").settle(40)

    assert images(sim) == {"db-0": PAUSE, "db-1": PAUSE}


def test_going_back_numbers_the_old_revision_anew(sim: Sim) -> None:
    sim.apply(db(1)).settle()
    first = status(sim)["currentRevision"]
    moved(sim).settle(40)

    moved(sim, PAUSE).settle(40)

    assert status(sim)["currentRevision"] == first
    assert history(sim) == [2, 3]


def test_only_so_many_old_revisions_are_kept(sim: Sim) -> None:
    sim.apply(db(1, revisionHistoryLimit=1)).settle()

    for image in ("registry.k8s.io/pause:3.8", NEXT, "registry.k8s.io/pause:3.7"):
        moved(sim, image).settle(40)

    assert history(sim) == [3, 4]


def test_a_revision_brings_its_template_back_as_a_patch(sim: Sim) -> None:
    sim.apply(db(1)).settle()

    (revision,) = sim.list("controllerrevisions", "default")
    kept = dict(revision["data"]["spec"]["template"])
    assert kept.pop("$patch") == "replace"
    assert kept == sim.get("statefulsets", "db")["spec"]["template"]
    assert list(kept["spec"]) == sorted(kept["spec"])


def test_a_member_counts_as_available_after_min_ready_seconds(sim: Sim) -> None:
    sim.apply(db(2, minReadySeconds=10)).run(5)
    assert (status(sim)["readyReplicas"], status(sim)["availableReplicas"], len(names(sim))) == (1, 0, 1)

    sim.run(25)

    assert status(sim)["availableReplicas"] == 2


# claims


def test_each_member_has_claims_of_its_own(sim: Sim) -> None:
    sim.apply(db(2, volumeClaimTemplates=claims("data", "log"))).settle()

    found = [one["metadata"]["name"] for one in sim.list("persistentvolumeclaims")]
    assert found == ["data-db-0", "data-db-1", "log-db-0", "log-db-1"]
    volumes = sim.get("pods", "db-1")["spec"]["volumes"]
    assert volumes[0] == {"name": "data", "persistentVolumeClaim": {"claimName": "data-db-1"}}
    assert sim.list("persistentvolumeclaims")[0]["metadata"]["labels"] == {"app": "db"}


def test_claims_outlive_their_members_and_are_found_again(sim: Sim) -> None:
    sim.apply(db(2, volumeClaimTemplates=claims("data"))).settle()
    before = [one["metadata"]["uid"] for one in sim.list("persistentvolumeclaims")]

    sim.patch("statefulsets", "db", "spec.replicas", 0).settle(40)
    sim.patch("statefulsets", "db", "spec.replicas", 2).settle(40)
    sim.delete("statefulsets", "db").settle(40)

    assert [one["metadata"]["uid"] for one in sim.list("persistentvolumeclaims")] == before


@pytest.mark.parametrize(
    ("deleted", "scaled", "after_scaling", "after_deletion"),
    [("Retain", "Retain", 2, 2), ("Delete", "Retain", 2, 0), ("Retain", "Delete", 1, 1), ("Delete", "Delete", 1, 0)],
)
def test_the_retention_policy_says_when_claims_go(
    sim: Sim, deleted: str, scaled: str, after_scaling: int, after_deletion: int
) -> None:
    policy = {"whenDeleted": deleted, "whenScaled": scaled}
    sim.apply(db(2, volumeClaimTemplates=claims("data"), persistentVolumeClaimRetentionPolicy=policy)).settle()

    sim.patch("statefulsets", "db", "spec.replicas", 1).settle(40)
    assert len(sim.list("persistentvolumeclaims")) == after_scaling
    sim.delete("statefulsets", "db").settle(40)

    assert len(sim.list("persistentvolumeclaims")) == after_deletion


# what is said


def test_events_are_those_of_kubernetes(sim: Sim) -> None:
    sim.apply(db(1, volumeClaimTemplates=claims("data"))).settle()
    sim.patch("statefulsets", "db", "spec.replicas", 0).settle(40)

    told = [(event["reason"], event["message"]) for event in sim.events(about="db")]
    assert told == [
        ("SuccessfulCreate", "create Claim data-db-0 Pod db-0 in StatefulSet db success"),
        ("SuccessfulCreate", "create Pod db-0 in StatefulSet db successful"),
        ("SuccessfulDelete", "delete Pod db-0 in StatefulSet db successful"),
    ]
    assert sim.events(about="db")[0]["source"]["component"] == "statefulset-controller"


def test_a_refused_member_is_told_and_tried_again() -> None:
    sim = Sim(nodes=1, limits={"pods": 5})

    sim.apply(db(3)).run(30)

    (event,) = sim.events("FailedCreate", "db")
    assert event["message"].startswith("create Pod db-1 in StatefulSet db failed error: ")
    assert event["count"] in range(3, 8)


def test_all_counts_stand_in_the_status(sim: Sim) -> None:
    sim.apply(db(2)).settle()

    found = status(sim)
    counts = ("replicas", "readyReplicas", "availableReplicas", "currentReplicas", "updatedReplicas")
    assert [found[name] for name in counts] == [2] * 5
    assert (found["observedGeneration"], found["collisionCount"]) == (1, 0)


def test_a_set_that_is_deleted_takes_its_members_and_revisions_along(sim: Sim) -> None:
    sim.apply(db(2)).settle()

    sim.delete("statefulsets", "db").settle(40)

    assert sim.pods("db") == []
    assert sim.list("controllerrevisions", "default") == []


def test_a_set_deleted_without_its_members_takes_them_back_when_it_is_made_again(sim: Sim) -> None:
    sim.apply(db(2)).settle()
    before = [one["metadata"]["uid"] for one in sim.pods("db")]

    sim.delete("statefulsets", "db", propagation="Orphan").settle(40)
    assert [dig(one, "metadata.ownerReferences") for one in sim.pods("db")] == [None, None]
    sim.apply(db(2)).settle()

    assert [one["metadata"]["uid"] for one in sim.pods("db")] == before
    assert history(sim) == [1]


def test_a_revision_that_somebody_deletes_is_written_again(sim: Sim) -> None:
    sim.apply(db(1)).settle()

    sim.delete("controllerrevisions", sim.list("controllerrevisions", "default")[0]).settle()

    assert history(sim) == [1]
