"""What the documentation of DaemonSets promises, one statement a test."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.admission.apply import DELETED
from clusters.kinds.body import Body, controller_of, dig, is_deleting, labels_of, put
from clusters.reconcile.batch import Entry
from clusters.reconcile.conditions import is_true
from clusters.reconcile.writes import SetStatus
from tests.sim import Sim, pod, template

PAUSE, NEXT, WRONG = "registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.9", "ngnix"
CONTROL_PLANE = {"key": "node-role.kubernetes.io/control-plane", "operator": "Exists", "effect": "NoSchedule"}


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=3)


def agent(image: str = PAUSE, pod_spec: Body | None = None, **spec: Any) -> Body:
    made = template("agent", image)
    made["spec"] |= pod_spec or {}
    wanted = {"selector": {"matchLabels": {"app": "agent"}}, "template": made, **spec}
    return {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "agent"}, "spec": wanted}


def rolling(**fields: Any) -> Body:
    return {"updateStrategy": {"type": "RollingUpdate", "rollingUpdate": fields}}


def seats(sim: Sim) -> list[str]:
    """The nodes of its pods that stay."""
    return sorted(one["spec"].get("nodeName", "-") for one in sim.pods("agent") if not is_deleting(one))


def images(sim: Sim) -> set[str]:
    return {one["spec"]["containers"][0]["image"] for one in sim.pods("agent")}


def status(sim: Sim) -> Body:
    found: Body = sim.get("daemonsets", "agent")["status"]
    return found


def moved(sim: Sim, image: str = NEXT) -> Sim:
    return sim.patch("daemonsets", "agent", "spec.template", template("agent", image))


WORKERS = ["worker-1", "worker-2", "worker-3"]


# where its pods are


def test_every_node_that_takes_pods_has_one(sim: Sim) -> None:
    sim.apply(agent()).settle()

    assert seats(sim) == WORKERS
    assert len(sim.running("agent")) == 3


def test_with_a_toleration_the_control_plane_has_one_too(sim: Sim) -> None:
    sim.apply(agent(pod_spec={"tolerations": [CONTROL_PLANE]})).settle()

    assert seats(sim) == ["control-plane", *WORKERS]


def test_a_pod_names_its_node_and_the_scheduler_binds_it(sim: Sim) -> None:
    sim.apply(agent()).settle()

    one = sim.pods("agent")[0]
    (term,) = dig(
        one, "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms", []
    )
    rule = {"key": "metadata.name", "operator": "In", "values": [one["spec"]["nodeName"]]}
    assert term == {"matchFields": [rule]}
    assert any(event["reason"] == "Scheduled" for event in sim.events(about=one["metadata"]["name"]))


def test_preferences_of_the_template_stay_beside_the_nodes_name(sim: Sim) -> None:
    wish = {"weight": 1, "preference": {"matchExpressions": [{"key": "disk", "operator": "Exists"}]}}
    likes = {"nodeAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": [wish]}}

    sim.apply(agent(pod_spec={"affinity": likes})).settle()

    made = sim.pods("agent")[0]["spec"]["affinity"]["nodeAffinity"]
    assert made["preferredDuringSchedulingIgnoredDuringExecution"] == [wish]
    assert seats(sim) == WORKERS


def test_pods_bear_what_the_documentation_lists(sim: Sim) -> None:
    sim.apply(agent(pod_spec={"hostNetwork": True})).settle()

    borne = sim.pods("agent")[0]["spec"]["tolerations"]
    prefix = "node.kubernetes.io/"
    assert [(one["key"].removeprefix(prefix), one["effect"]) for one in borne] == [
        ("not-ready", "NoExecute"),
        ("unreachable", "NoExecute"),
        ("disk-pressure", "NoSchedule"),
        ("memory-pressure", "NoSchedule"),
        ("pid-pressure", "NoSchedule"),
        ("unschedulable", "NoSchedule"),
        ("network-unavailable", "NoSchedule"),
    ]
    assert all("tolerationSeconds" not in one for one in borne)


def test_a_node_that_joins_gets_one(sim: Sim) -> None:
    sim.apply(agent()).settle()

    sim.apply({"apiVersion": "v1", "kind": "Node", "metadata": {"name": "worker-4"}}).settle()

    assert seats(sim) == [*WORKERS, "worker-4"]


def test_a_node_that_leaves_takes_its_pod_along(sim: Sim) -> None:
    sim.apply(agent()).settle()

    sim.delete("nodes", "worker-2").settle(60)

    assert seats(sim) == ["worker-1", "worker-3"]
    assert status(sim)["desiredNumberScheduled"] == 2


def test_only_nodes_with_the_label_have_one_and_labels_may_change(sim: Sim) -> None:
    sim.apply(agent(pod_spec={"nodeSelector": {"disk": "ssd"}})).settle()
    assert seats(sim) == []

    sim.patch("nodes", "worker-2", "metadata.labels", {**labels_of(sim.get("nodes", "worker-2")), "disk": "ssd"})
    assert seats(sim.settle()) == ["worker-2"]
    sim.patch("nodes", "worker-2", "metadata.labels.disk", "hdd")

    assert seats(sim.settle(40)) == []


def test_required_affinity_chooses_nodes(sim: Sim) -> None:
    rule = {"key": "kubernetes.io/hostname", "operator": "NotIn", "values": ["worker-1"]}
    terms = {"nodeSelectorTerms": [{"matchExpressions": [rule]}]}
    needs = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": terms}}

    sim.apply(agent(pod_spec={"affinity": needs})).settle()

    assert seats(sim) == ["worker-2", "worker-3"]


def test_a_cordoned_node_has_one_nevertheless(sim: Sim) -> None:
    sim.patch("nodes", "worker-1", "spec.unschedulable", True)

    sim.apply(agent()).settle()

    assert seats(sim) == WORKERS


@pytest.mark.parametrize(("effect", "left"), [("NoSchedule", WORKERS), ("NoExecute", ["worker-1", "worker-3"])])
def test_a_new_taint_drives_pods_out_or_only_keeps_new_ones_away(sim: Sim, effect: str, left: list[str]) -> None:
    sim.apply(agent()).settle()

    sim.patch("nodes", "worker-2", "spec.taints", [{"key": "gpu", "value": "yes", "effect": effect}]).settle(40)

    assert seats(sim) == left
    assert status(sim)["desiredNumberScheduled"] == 2
    assert status(sim)["numberMisscheduled"] == len(left) - 2


def test_its_pod_stays_on_a_dead_node(sim: Sim) -> None:
    sim.apply(agent()).settle()

    sim.crash("worker-2").run(60)

    assert seats(sim) == WORKERS
    # the node is tainted against newcomers, which a daemon does not bear: it counts as misplaced, as in Kubernetes
    assert (status(sim)["numberReady"], status(sim)["numberMisscheduled"]) == (2, 1)


def test_a_deleted_pod_comes_back_on_the_same_node(sim: Sim) -> None:
    sim.apply(agent()).settle()
    one = sim.pods("agent")[0]

    sim.delete("pods", one).settle(40)

    assert seats(sim) == WORKERS
    assert one["metadata"]["name"] not in [other["metadata"]["name"] for other in sim.pods("agent")]


def test_a_failed_pod_is_told_and_replaced_ever_later(sim: Sim) -> None:
    sim.apply(agent()).settle()

    for _ in range(40):
        for one in [each for each in sim.pods("agent") if dig(each, "spec.nodeName") == "worker-1"]:
            sim.write(SetStatus("pods", one, {**one["status"], "phase": "Failed"}))
        sim.run(1)

    told = sim.events("FailedDaemonPod", "agent")
    assert "on node worker-1, will try to kill it" in told[0]["message"]
    assert 3 <= len(told) <= 9


def test_a_pod_for_a_node_that_never_came_is_removed(sim: Sim) -> None:
    sim.patch("nodes", "worker-3", "spec.taints", [{"key": "x", "effect": "NoSchedule"}])
    sim.apply(agent(pod_spec={"tolerations": [{"operator": "Exists"}], "schedulerName": "nobody"})).settle()
    assert len(sim.pods("agent")) == 4

    sim.delete("nodes", "worker-3").settle(40)

    assert len(sim.pods("agent")) == 3


def test_a_pod_of_nobody_with_its_labels_is_adopted(sim: Sim) -> None:
    bare = put(put(pod("mine", PAUSE), "metadata.labels", {"app": "agent"}), "spec.nodeName", "worker-1")
    sim.apply(bare).settle()

    sim.apply(agent(updateStrategy={"type": "OnDelete"})).settle()

    owner = controller_of(sim.get("pods", "mine"))
    assert owner is not None
    assert owner["kind"] == "DaemonSet"
    assert seats(sim) == WORKERS


# updates


def test_pods_know_their_template_by_hash_and_number(sim: Sim) -> None:
    sim.apply(agent()).settle()
    (revision,) = sim.list("controllerrevisions", "default")

    marks = {labels_of(one)["controller-revision-hash"] for one in sim.pods("agent")}
    assert marks == {revision["metadata"]["name"].removeprefix("agent-")}
    assert {labels_of(one)["pod-template-generation"] for one in sim.pods("agent")} == {"1"}


def test_an_update_replaces_one_pod_at_a_time(sim: Sim) -> None:
    sim.apply(agent()).settle()
    seen = len(sim.log)

    moved(sim).settle(40)

    assert images(sim) == {NEXT}
    assert fewest_ready(sim, seen) == 2


@pytest.mark.parametrize(("most", "left"), [(2, 1), ("67%", 0), ("30%", 2)])
def test_as_many_may_lack_as_the_spec_says_rounded_up(sim: Sim, most: int | str, left: int) -> None:
    sim.apply(agent(**rolling(maxUnavailable=most))).settle()
    seen = len(sim.log)

    moved(sim).settle(40)

    assert images(sim) == {NEXT}
    assert fewest_ready(sim, seen) == left


def test_while_surging_no_node_is_ever_without(sim: Sim) -> None:
    sim.apply(agent(**rolling(maxSurge=1, maxUnavailable=0))).settle()
    seen = len(sim.log)

    moved(sim).settle(40)

    assert images(sim) == {NEXT}
    assert seats(sim) == WORKERS
    assert fewest_ready(sim, seen) == 3
    assert most_there(sim, seen) == 4


def test_a_surge_that_fails_keeps_the_old_pod(sim: Sim) -> None:
    sim.apply(agent(**rolling(maxSurge=1, maxUnavailable=0))).settle()

    moved(sim, WRONG).run(60)

    assert len(sim.running("agent")) == 3
    assert len(sim.pods("agent")) == 4


def test_a_broken_update_stops_when_as_many_lack_as_may(sim: Sim) -> None:
    sim.apply(agent()).settle()

    moved(sim, WRONG).run(60)

    assert len(sim.running("agent")) == 2


def test_on_delete_leaves_old_pods_until_somebody_deletes_them(sim: Sim) -> None:
    sim.apply(agent(updateStrategy={"type": "OnDelete"})).settle()

    moved(sim).settle(40)
    assert images(sim) == {PAUSE}
    sim.delete("pods", sim.pods("agent")[0]).settle(40)

    assert images(sim) == {PAUSE, NEXT}
    assert status(sim)["updatedNumberScheduled"] == 1


def test_only_so_many_old_revisions_are_kept(sim: Sim) -> None:
    sim.apply(agent(revisionHistoryLimit=1)).settle()

    for image in ("registry.k8s.io/pause:3.8", NEXT, "registry.k8s.io/pause:3.7"):
        moved(sim, image).settle(40)

    assert sorted(one["revision"] for one in sim.list("controllerrevisions", "default")) == [3, 4]


def test_going_back_numbers_the_old_revision_anew(sim: Sim) -> None:
    sim.apply(agent()).settle()
    moved(sim).settle(40)

    moved(sim, PAUSE).settle(40)

    assert sorted(one["revision"] for one in sim.list("controllerrevisions", "default")) == [2, 3]
    assert images(sim) == {PAUSE}


def test_a_pod_counts_as_available_after_min_ready_seconds(sim: Sim) -> None:
    sim.apply(agent(minReadySeconds=10)).run(5)
    assert status(sim)["numberReady"] == 3
    assert "numberAvailable" not in status(sim)

    sim.run(10)

    assert status(sim)["numberAvailable"] == 3


# what is said, and what is not


def test_all_counts_stand_in_the_status(sim: Sim) -> None:
    sim.apply(agent()).settle()

    assert status(sim) == {
        "currentNumberScheduled": 3,
        "numberMisscheduled": 0,
        "desiredNumberScheduled": 3,
        "numberReady": 3,
        "observedGeneration": 1,
        "updatedNumberScheduled": 3,
        "numberAvailable": 3,
    }


def test_events_are_those_of_kubernetes(sim: Sim) -> None:
    sim.apply(agent()).settle()

    names = sorted(one["metadata"]["name"] for one in sim.pods("agent"))
    told = sorted(event["message"] for event in sim.events("SuccessfulCreate", "agent"))
    assert told == [f"Created pod: {name}" for name in names]
    assert sim.events(about="agent")[0]["source"]["component"] == "daemonset-controller"


def test_the_same_is_made_wherever_work_is_cut_off() -> None:
    whole, cut = Sim(nodes=3), Sim(nodes=3)
    cut.slice = 2

    for sim in (whole, cut):
        moved(sim.apply(agent()).settle()).settle(40)

    assert [one["metadata"]["uid"] for one in whole.pods("agent")] == [
        one["metadata"]["uid"] for one in cut.pods("agent")
    ]
    assert status(whole) == status(cut)


def test_looking_again_without_need_writes_nothing(sim: Sim) -> None:
    sim.apply(agent()).settle()
    before = len(sim.log)

    sim.restart().settle(1)

    assert [entry for entry in sim.log[before:] if entry.actor == "daemonset-controller"] == []


def test_a_set_that_is_deleted_takes_its_pods_and_revisions_along(sim: Sim) -> None:
    sim.apply(agent()).settle()

    sim.delete("daemonsets", "agent").settle(40)

    assert sim.pods("agent") == []
    assert sim.list("controllerrevisions", "default") == []


def test_kube_proxy_runs_on_every_node_of_a_new_cluster() -> None:
    sim = Sim(nodes=2, addons=True)

    ours = [one for one in sim.list("pods", "kube-system") if labels_of(one).get("k8s-app") == "kube-proxy"]
    assert sorted(one["spec"]["nodeName"] for one in ours) == ["control-plane", "worker-1", "worker-2"]
    assert all(is_true(one, "Ready") and one["spec"]["hostNetwork"] for one in ours)
    assert {one["spec"]["priorityClassName"] for one in ours} == {"system-node-critical"}


def fewest_ready(sim: Sim, since: int) -> int:
    return min(len(ready) for ready, _ in moments(sim, since))


def most_there(sim: Sim, since: int) -> int:
    return max(len(there) for _, there in moments(sim, since))


def moments(sim: Sim, since: int) -> list[tuple[set[str], set[str]]]:
    """After each change: the nodes with a ready pod that stays, and all pods that stay."""
    pods: dict[str, Body] = {}
    found = []
    for number, entry in enumerate(sim.log):
        if not is_agent(entry):
            continue
        change = entry.change
        if change.op == DELETED or is_deleting(change.new):
            pods.pop(change.key.name, None)
        else:
            pods[change.key.name] = change.new
        if number >= since:
            ready = {one["spec"]["nodeName"] for one in pods.values() if is_true(one, "Ready")}
            found.append((ready, set(pods)))
    return found


def is_agent(entry: Entry) -> bool:
    return entry.change.kind.plural == "pods" and entry.change.key.name.startswith("agent-")
