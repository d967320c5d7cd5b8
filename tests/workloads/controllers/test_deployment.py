"""The Deployment controller rolls pods over from one ReplicaSet to the next."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.admission.apply import ADDED
from clusters.kinds.body import Body, annotations_of, controller_of, dig, is_deleting, labels_of, put
from clusters.reconcile.clock import SECOND, parse
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, deployment, pod, template

PAUSE, NEXT = "registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.9"
REVISION = "deployment.kubernetes.io/revision"
IMAGE = "spec.template"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=3)


def web(replicas: int, **spec: Any) -> Body:
    return deployment("web", replicas, spec=spec, image=PAUSE)


def rolled(sim: Sim, image: str = NEXT) -> Sim:
    return sim.patch("deployments", "web", IMAGE, template("web", image))


def sets(sim: Sim) -> list[Body]:
    """By revision."""
    return sorted(sim.list("replicasets"), key=lambda rs: int(annotations_of(rs)[REVISION]))


def sizes(sim: Sim) -> list[int]:
    return [dig(rs, "spec.replicas", 0) for rs in sets(sim)]


def condition(sim: Sim, type_: str) -> Body:
    found = condition_of(sim.get("deployments", "web"), type_)
    assert found is not None
    return found


def test_a_deployment_makes_a_replicaset_of_its_template(sim: Sim) -> None:
    sim.apply(web(2)).settle()

    (rs,) = sets(sim)
    mark = labels_of(rs)["pod-template-hash"]
    assert rs["metadata"]["name"] == f"web-{mark}"
    assert rs["spec"]["selector"]["matchLabels"] == {"app": "web", "pod-template-hash": mark}
    assert all(labels_of(one)["pod-template-hash"] == mark for one in sim.running("web"))
    assert annotations_of(rs) == {
        REVISION: "1",
        "deployment.kubernetes.io/desired-replicas": "2",
        "deployment.kubernetes.io/max-replicas": "3",
    }
    assert annotations_of(sim.get("deployments", "web"))[REVISION] == "1"


def test_a_complete_deployment_says_so(sim: Sim) -> None:
    sim.apply(web(2)).settle()

    status = sim.get("deployments", "web")["status"]
    counts = {name: count for name, count in status.items() if name != "conditions"}
    assert counts == {
        "observedGeneration": 1,
        "replicas": 2,
        "updatedReplicas": 2,
        "readyReplicas": 2,
        "availableReplicas": 2,
    }
    assert condition(sim, "Available")["reason"] == "MinimumReplicasAvailable"
    assert condition(sim, "Available")["message"] == "Deployment has minimum availability."
    name = sets(sim)[0]["metadata"]["name"]
    assert condition(sim, "Progressing")["reason"] == "NewReplicaSetAvailable"
    assert condition(sim, "Progressing")["message"] == f'ReplicaSet "{name}" has successfully progressed.'


def test_scaling_is_told(sim: Sim) -> None:
    sim.apply(web(3)).settle()

    (event,) = sim.events("ScalingReplicaSet")
    assert event["message"] == f"Scaled up replica set {sets(sim)[0]['metadata']['name']} from 0 to 3"


def test_a_new_template_rolls_all_pods_over(sim: Sim) -> None:
    sim.apply(web(3)).settle()

    rolled(sim).settle(quiet=35)

    assert sizes(sim) == [0, 3]
    assert {one["spec"]["containers"][0]["image"] for one in sim.running("web")} == {NEXT}
    assert len(sim.pods("web")) == 3
    assert annotations_of(sim.get("deployments", "web"))[REVISION] == "2"


def test_never_are_there_more_or_fewer_pods_than_the_limits_allow(sim: Sim) -> None:
    sim.apply(web(4, strategy={"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}))
    sim.settle()
    rolled(sim)

    for _ in range(400):
        sim.run(0.1)
        active = [one for one in sim.pods("web") if not is_deleting(one)]
        assert len(active) <= 5
        assert len(sim.running("web")) >= 3

    assert sizes(sim) == [0, 4]


def test_with_no_unavailable_pods_allowed_the_surge_comes_first(sim: Sim) -> None:
    sim.apply(web(2, strategy={"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}})).settle()
    rolled(sim)

    for _ in range(300):
        sim.run(0.1)
        assert len(sim.running("web")) >= 2

    assert sizes(sim) == [0, 2]


def test_a_broken_image_stops_the_rollout_and_keeps_the_old_pods(sim: Sim) -> None:
    sim.apply(web(4)).settle()

    rolled(sim, "ngnix").run(30)

    assert sizes(sim) == [3, 2]
    assert len(sim.running("web")) == 3
    assert condition(sim, "Progressing")["reason"] == "ReplicaSetUpdated"


def test_a_rollout_that_does_not_move_exceeds_its_deadline(sim: Sim) -> None:
    sim.apply(web(2, progressDeadlineSeconds=20)).settle()

    rolled(sim, "ngnix").run(25)

    name = sets(sim)[1]["metadata"]["name"]
    found = condition(sim, "Progressing")
    assert (found["status"], found["reason"]) == ("False", "ProgressDeadlineExceeded")
    assert found["message"] == f'ReplicaSet "{name}" has timed out progressing.'


def test_an_undo_brings_the_old_replicaset_back_with_a_new_revision(sim: Sim) -> None:
    sim.apply(web(2)).settle()
    first = sets(sim)[0]["metadata"]["name"]
    rolled(sim).settle(quiet=35)

    rolled(sim, PAUSE).settle(quiet=35)

    newest = sets(sim)[-1]
    assert newest["metadata"]["name"] == first
    assert annotations_of(newest)[REVISION] == "3"
    assert annotations_of(newest)["deployment.kubernetes.io/revision-history"] == "1"
    assert sizes(sim) == [0, 2]


def test_a_change_cause_is_handed_down_to_the_revision(sim: Sim) -> None:
    sim.apply(put(web(1), "metadata.annotations", {"kubernetes.io/change-cause": "first"})).settle()

    assert annotations_of(sets(sim)[0])["kubernetes.io/change-cause"] == "first"


def test_a_paused_deployment_does_not_roll_but_scales(sim: Sim) -> None:
    sim.apply(web(2)).settle()
    sim.patch("deployments", "web", "spec.paused", True).settle()

    rolled(sim).patch("deployments", "web", "spec.replicas", 3).settle()

    assert sizes(sim) == [3]
    assert condition(sim, "Progressing")["reason"] == "DeploymentPaused"


def test_a_resumed_deployment_rolls(sim: Sim) -> None:
    sim.apply(web(2, paused=True)).settle()
    assert sim.list("replicasets") == []

    sim.patch("deployments", "web", "spec.paused", False).settle()

    assert sizes(sim) == [2]
    assert condition(sim, "Progressing")["reason"] == "NewReplicaSetAvailable"


def test_recreate_starts_new_pods_when_the_last_old_one_is_gone(sim: Sim) -> None:
    sim.apply(web(3, strategy={"type": "Recreate"})).settle()
    rolled(sim)

    for _ in range(400):
        sim.run(0.1)
        images = {one["spec"]["containers"][0]["image"] for one in sim.pods("web")}
        assert len(images) <= 1

    assert sizes(sim) == [0, 3]
    assert len(sim.running("web")) == 3


def test_a_resize_in_the_middle_of_a_rollout_is_shared_out(sim: Sim) -> None:
    sim.apply(web(8)).settle()
    rolled(sim, "ngnix").settle(quiet=1)
    assert sizes(sim) == [6, 4]

    sim.patch("deployments", "web", "spec.replicas", 16).settle(quiet=1)

    assert sizes(sim) == [12, 8]


def test_a_new_rollout_first_drops_pods_that_do_not_work(sim: Sim) -> None:
    sim.apply(web(4)).settle()
    rolled(sim, "ngnix").run(5)

    rolled(sim, NEXT).run(40)

    assert sizes(sim) == [0, 0, 4]
    assert len(sim.running("web")) == 4


def test_only_so_many_old_revisions_are_kept(sim: Sim) -> None:
    sim.apply(web(1, revisionHistoryLimit=1)).settle()

    for image in (NEXT, "registry.k8s.io/pause:3.8", "registry.k8s.io/pause:3.10"):
        rolled(sim, image).settle(quiet=35)

    assert len(sets(sim)) == 2


def test_available_waits_for_min_ready_seconds(sim: Sim) -> None:
    sim.apply(web(1, minReadySeconds=10)).settle(quiet=5)
    assert condition(sim, "Available")["status"] == "False"

    sim.run(10)

    assert condition(sim, "Available")["status"] == "True"


def test_progress_moves_its_time_and_keeps_its_transition(sim: Sim) -> None:
    sim.apply(web(2)).settle()
    since = condition(sim, "Progressing")["lastTransitionTime"]

    sim.run(5)
    rolled(sim).settle(quiet=35)

    found = condition(sim, "Progressing")
    assert found["lastTransitionTime"] == since
    assert parse(found["lastUpdateTime"]) - parse(since) >= 5 * SECOND


def test_a_replicaset_that_nobody_controls_is_adopted(sim: Sim) -> None:
    sim.apply(web(1)).settle()
    sim.delete("deployments", "web", propagation="Orphan").settle()
    (orphan,) = sets(sim)
    assert controller_of(orphan) is None

    sim.apply(web(1)).settle()

    (adopted,) = sets(sim)
    assert adopted["metadata"]["uid"] == orphan["metadata"]["uid"]
    assert len(sim.pods("web")) == 1


def test_a_taken_name_is_avoided_by_counting_collisions(sim: Sim) -> None:
    sim.apply(web(1)).settle()
    stranger = sets(sim)[0]
    sim.delete("deployments", "web").settle(quiet=40)
    taken = {**stranger, "metadata": {"name": stranger["metadata"]["name"], "labels": {"app": "other"}}}
    other = {"matchLabels": {"app": "other"}}
    sim.apply({**taken, "spec": {"replicas": 0, "selector": other, "template": template("other", PAUSE)}}).settle()

    sim.apply(web(1)).settle()

    assert sim.get("deployments", "web")["status"]["collisionCount"] == 1
    assert len(sim.running("web")) == 1


def test_looking_again_without_need_writes_nothing(sim: Sim) -> None:
    sim.apply(web(2)).settle()
    before = len(sim.log)

    sim.restart().settle(quiet=1)

    assert [entry for entry in sim.log[before:] if entry.actor == "deployment-controller"] == []


def test_a_rollout_cut_into_small_slices_ends_the_same() -> None:
    whole, cut = Sim(nodes=2), Sim(nodes=2)
    cut.slice = 3

    for sim in (whole, cut):
        rolled(sim.apply(web(3)).settle()).settle(quiet=35)

    assert sizes(whole) == sizes(cut) == [0, 3]
    assert [one["metadata"]["name"] for one in whole.pods()] == [one["metadata"]["name"] for one in cut.pods()]


def test_a_large_deployment_costs_in_proportion(sim: Sim) -> None:
    sim.apply(web(300)).settle()

    written = [entry for entry in sim.log if entry.actor in ("replicaset-controller", "deployment-controller")]
    pods = [entry for entry in written if entry.change.kind.plural == "pods" and entry.change.op == ADDED]
    assert len(pods) == 300
    assert len(written) < 600


def test_a_bare_pod_with_its_labels_is_not_the_deployments(sim: Sim) -> None:
    sim.apply(pod("web", image=PAUSE), web(1)).settle()

    assert controller_of(sim.get("pods", "web")) is None
    assert len(sim.pods("web")) == 2


@pytest.mark.parametrize(("replicas", "most"), [(4, 5), (20, 25), (3, 4)])
def test_a_rollout_never_has_more_pods_than_the_surge_allows(sim: Sim, replicas: int, most: int) -> None:
    sim.apply(web(replicas)).settle()
    seen = len(sim.log)

    sim.patch("deployments", "web", "spec.template.spec.containers", [{"name": "web", "image": "nginx:1.28"}]).settle()

    assert most_at_once(sim, seen) <= most


def most_at_once(sim: Sim, since: int) -> int:
    """The greatest number of pods that existed at once and were not on their way out."""
    alive = {entry.change.key for entry in sim.log[:since] if entry.change.kind.plural == "pods"}
    alive = {key for key in alive if key.namespace == "default"}
    most = 0
    for change in [entry.change for entry in sim.log[since:] if entry.change.kind.plural == "pods"]:
        if change.op == "DELETED" or change.new["metadata"].get("deletionTimestamp"):
            alive.discard(change.key)
        else:
            alive.add(change.key)
        most = max(most, len(alive))
    return most


def test_a_rollout_that_is_overtaken_is_rolled_over(sim: Sim) -> None:
    sim.apply(web(6)).settle()

    rolled(sim, "nginx:1.28").run(0.5)
    rolled(sim, NEXT).settle(quiet=35)

    assert sizes(sim) == [0, 0, 6]
    assert {one["spec"]["containers"][0]["image"] for one in sim.running("web")} == {NEXT}


@pytest.mark.parametrize("strategy", ["Recreate", "RollingUpdate"])
def test_the_past_is_kept_until_the_rollout_is_complete(sim: Sim, strategy: str) -> None:
    sim.apply(web(2, revisionHistoryLimit=0, strategy={"type": strategy})).settle()

    rolled(sim, "ngnix").run(60)
    assert len(sets(sim)) == 2
    rolled(sim, NEXT).settle(quiet=35)

    assert [annotations_of(rs)[REVISION] for rs in sets(sim)] == ["3"]


def test_going_back_two_revisions_is_as_good_as_one(sim: Sim) -> None:
    sim.apply(web(2)).settle()
    first = sets(sim)[0]
    rolled(sim).settle(quiet=35)
    rolled(sim, "nginx:1.28").settle(quiet=35)

    sim.patch("deployments", "web", "spec.template", template("web", PAUSE)).settle(quiet=35)

    last = sets(sim)[-1]
    assert last["metadata"]["uid"] == first["metadata"]["uid"]
    assert annotations_of(last)[REVISION] == "4"
    assert annotations_of(last)["deployment.kubernetes.io/revision-history"] == "1"
    assert annotations_of(sim.get("deployments", "web"))[REVISION] == "4"


def test_a_recreation_waits_for_a_pod_on_a_dead_node(sim: Sim) -> None:
    sim.apply(web(1, strategy={"type": "Recreate"})).settle()
    (old,) = sim.pods("web")
    sim.crash(old["spec"]["nodeName"])

    rolled(sim).run(60)
    assert [one["metadata"]["name"] for one in sim.pods("web")] == [old["metadata"]["name"]]
    sim.delete("pods", old, grace=0).settle(quiet=10)

    assert len(sim.running("web")) == 1
