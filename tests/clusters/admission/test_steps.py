"""Each step of admission does what the admission controller of its name does."""

from __future__ import annotations

from time import perf_counter
from typing import Any

import pytest

from clusters.admission import STEPS
from clusters.admission.apply import admit
from clusters.kinds.body import Body, key_of, put
from clusters.kinds.problem import Status
from tests.clusters.admission.room import Room


def pod(name: str = "web", spec: Body | None = None, **metadata: Any) -> Body:
    containers = {"containers": [{"name": "web", "image": "nginx:1"}]}
    return {"metadata": {"name": name, **metadata}, "spec": {**containers, **(spec or {})}}


def configmap(name: str, **metadata: Any) -> Body:
    return {"metadata": {"name": name, **metadata}}


# NamespaceLifecycle


def test_nothing_is_made_where_there_is_no_namespace() -> None:
    with pytest.raises(Status) as refused:
        Room().create("configmaps", configmap("a", namespace="nowhere"))

    assert (refused.value.code, refused.value.message) == (404, 'namespaces "nowhere" not found')


def test_nothing_is_made_in_a_namespace_that_is_going() -> None:
    room = Room()
    room.delete("namespaces", room.create("namespaces", configmap("shop")))

    with pytest.raises(Status) as refused:
        room.create("deployments", {**configmap("web", namespace="shop"), "spec": {}})

    assert refused.value.code == 403
    assert refused.value.message == (
        'deployments.apps "web" is forbidden: '
        "unable to create new content in namespace shop because it is being terminated"
    )
    assert refused.value.details["causes"][0]["reason"] == "NamespaceTerminating"


def test_a_namespace_that_the_cluster_needs_stays() -> None:
    room = Room()
    default = room.get("namespaces", "default", "")
    assert default

    with pytest.raises(Status) as refused:
        room.delete("namespaces", default)

    assert (refused.value.code, refused.value.message) == (
        403,
        'namespaces "default" is forbidden: this namespace may not be deleted',
    )


def test_a_namespace_waits_for_its_finalizer() -> None:
    room = Room()
    gone = room.delete("namespaces", room.create("namespaces", configmap("shop")))

    assert gone["status"]["phase"] == "Terminating"
    assert room.get("namespaces", "shop", "") == gone


# ServiceAccount


def test_a_pod_is_the_default_account_and_finds_its_token() -> None:
    spec = Room().create("pods", pod())["spec"]
    (volume,) = spec["volumes"]

    assert (spec["serviceAccountName"], spec["serviceAccount"]) == ("default", "default")
    assert volume["name"].startswith("kube-api-access-")
    assert [next(iter(source)) for source in volume["projected"]["sources"]] == [
        "serviceAccountToken",
        "configMap",
        "downwardAPI",
    ]
    assert spec["containers"][0]["volumeMounts"] == [
        {"name": volume["name"], "readOnly": True, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"},
    ]


def test_a_pod_may_go_without_the_token() -> None:
    assert "volumes" not in Room().create("pods", pod(spec={"automountServiceAccountToken": False}))["spec"]


def test_an_account_may_go_without_the_token() -> None:
    room = Room()
    room.create("serviceaccounts", {**configmap("plain"), "automountServiceAccountToken": False})

    assert "volumes" not in room.create("pods", pod("a", {"serviceAccountName": "plain"}))["spec"]
    own = {"serviceAccountName": "plain", "automountServiceAccountToken": True}
    assert room.create("pods", pod("b", own))["spec"]["volumes"]


def test_what_stands_at_the_tokens_place_already_is_left_alone() -> None:
    place = {"name": "mine", "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}
    containers = [{"name": "web", "image": "nginx:1", "volumeMounts": [place]}]
    spec = Room().create("pods", pod(spec={"containers": containers, "volumes": [{"name": "mine"}]}))["spec"]

    assert spec["volumes"] == [{"name": "mine", "emptyDir": {}}]
    assert spec["containers"][0]["volumeMounts"] == [place]


def test_a_pod_needs_an_account_that_exists() -> None:
    with pytest.raises(Status) as refused:
        Room().create("pods", pod(spec={"serviceAccountName": "nobody"}))

    assert (refused.value.code, refused.value.message) == (
        403,
        'pods "web" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
    )


def test_a_mirror_pod_is_nobody() -> None:
    made = Room().create("pods", pod(annotations={"kubernetes.io/config.mirror": "x"}))

    assert "serviceAccountName" not in made["spec"]


# DefaultTolerationSeconds, TaintNodesByCondition


@pytest.mark.parametrize(("timings", "seconds"), [("classroom", 15), ("kubernetes", 300)])
def test_a_pod_stays_for_a_while_on_a_silent_node(timings: str, seconds: int) -> None:
    tolerations = Room(timings).create("pods", pod())["spec"]["tolerations"]

    assert tolerations == [
        {
            "key": f"node.kubernetes.io/{word}",
            "operator": "Exists",
            "effect": "NoExecute",
            "tolerationSeconds": seconds,
        }
        for word in ("not-ready", "unreachable")
    ]


def test_what_a_manifest_says_of_silent_nodes_is_kept() -> None:
    own = {"key": "node.kubernetes.io/unreachable", "operator": "Exists", "tolerationSeconds": 3, "effect": "NoExecute"}
    found = Room().create("pods", pod(spec={"tolerations": [own]}))["spec"]["tolerations"]

    assert found[0] == own
    assert [one["key"] for one in found[1:]] == ["node.kubernetes.io/not-ready"]
    everything = {"operator": "Exists"}
    assert Room().create("pods", pod(spec={"tolerations": [everything]}))["spec"]["tolerations"] == [everything]


def test_a_new_node_is_not_to_be_used_yet() -> None:
    made = Room().create("nodes", {"metadata": {"name": "worker-9"}})

    assert made["spec"]["taints"] == [{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}]


# ResourceQuota


def test_one_pod_too_many_is_refused_as_a_quota_refuses() -> None:
    room = Room(pods=1)
    room.create("pods", pod("a"))

    with pytest.raises(Status) as refused:
        room.create("pods", pod("b"))

    assert (refused.value.code, refused.value.message) == (
        403,
        'pods "b" is forbidden: exceeded quota: podium, requested: pods=1, used: pods=1, limited: pods=1',
    )


def test_pods_that_are_over_do_not_count() -> None:
    room = Room(pods=1)
    first = room.create("pods", pod("a"))
    room.loop.objects.put("pods", key_of(first), put(first, "status.phase", "Succeeded"))

    assert room.create("pods", pod("b"))


def test_nodes_and_objects_are_counted() -> None:
    room = Room(nodes=1, objects=4)
    room.create("nodes", {"metadata": {"name": "a"}})

    with pytest.raises(Status, match="requested: nodes=1, used: nodes=1, limited: nodes=1"):
        room.create("nodes", {"metadata": {"name": "b"}})
    room.create("configmaps", configmap("a"))
    with pytest.raises(Status, match="requested: objects=1, used: objects=4, limited: objects=4"):
        room.create("configmaps", configmap("b"))


def test_events_come_and_go_by_a_limit_of_their_own() -> None:
    room = Room(objects=2)
    for number in range(8):
        room.create("events", configmap(f"e{number}"))

    with pytest.raises(Status, match="requested: events=1, used: events=8, limited: events=8"):
        room.create("events", configmap("last"))


def test_an_object_that_is_too_big_is_refused_and_may_shrink() -> None:
    room = Room()
    big = room.create("configmaps", {**configmap("a"), "data": {"a": "x" * 2000}})
    room.loop.world.limits["bytes"] = 1000  # type: ignore[index]

    with pytest.raises(Status, match="exceeded quota: podium, requested: bytes="):
        room.create("configmaps", {**configmap("b"), "data": {"a": "x" * 2000}})
    assert room.update("configmaps", {**big, "data": {"a": "x" * 1500}, "spec": {}})


def test_a_cluster_without_limits_holds_what_it_is_given() -> None:
    room = Room()

    assert all(room.create("pods", pod(f"p{number}")) for number in range(60))


def test_a_pod_passes_all_steps_quickly() -> None:
    room = Room(pods=100, objects=100, nodes=9)
    made = room.create("pods", pod())
    plain = {**made, "spec": {n: v for n, v in made["spec"].items() if n not in ("tolerations", "volumes")}}
    view, kind = room.view(), room.loop.world.kinds["pods"]
    begin = perf_counter()

    for _ in range(200):
        admit(plain, None, kind, "CREATE", view, STEPS)

    assert perf_counter() - begin < 200 * 500e-6  # ten times what it takes on a quiet machine


# Priority


def test_a_pod_has_priority_zero_unless_its_class_says_more() -> None:
    room = Room()

    usual = room.create("pods", pod("usual"))
    critical = room.create("pods", pod("critical", {"priorityClassName": "system-cluster-critical"}))

    assert (usual["spec"]["priority"], usual["spec"]["preemptionPolicy"]) == (0, "PreemptLowerPriority")
    assert "priorityClassName" not in usual["spec"]
    assert critical["spec"]["priority"] == 2_000_000_000


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"priorityClassName": "gold"}, "no PriorityClass with name gold was found"),
        (
            {"priority": 5},
            "the integer value of priority (5) must not be provided in pod spec; "
            "priority admission controller computed 0 from the given PriorityClass name",
        ),
        (
            {"preemptionPolicy": "Never"},
            "the string value of PreemptionPolicy (Never) must not be provided in pod spec; "
            "priority admission controller computed PreemptLowerPriority from the given PriorityClass name",
        ),
    ],
)
def test_a_priority_that_no_class_gives_is_refused(spec: Body, why: str) -> None:
    with pytest.raises(Status) as refused:
        Room().create("pods", pod("web", spec))

    assert (refused.value.code, refused.value.message) == (403, f'pods "web" is forbidden: {why}')


def test_an_update_that_says_nothing_of_the_priority_keeps_it() -> None:
    room = Room()
    made = room.create("pods", pod("web"))

    updated = room.update("pods", made, priority=None, preemptionPolicy=None, activeDeadlineSeconds=9)

    assert updated["spec"]["priority"] == 0


# RuntimeClass


def test_a_pod_with_a_class_of_runtimes_that_is_not_there_is_refused() -> None:
    with pytest.raises(Status) as refused:
        Room().create("pods", pod(spec={"runtimeClassName": "gvisor"}))

    assert refused.value.message == 'pods "web" is forbidden: pod rejected: RuntimeClass "gvisor" not found'


def kata(**more: Body) -> Body:
    return {"metadata": {"name": "kata"}, "handler": "kata-fc", **more}


def test_a_pod_has_the_overhead_and_the_nodes_of_its_class() -> None:
    room, toleration = Room(), {"key": "kata", "operator": "Exists"}
    scheduling = {"nodeSelector": {"kata": "yes"}, "tolerations": [toleration]}
    room.create("runtimeclasses", kata(overhead={"podFixed": {"cpu": "250m"}}, scheduling=scheduling))

    spec = room.create("pods", pod(spec={"runtimeClassName": "kata", "nodeSelector": {"disk": "ssd"}}))["spec"]

    assert spec["overhead"] == {"cpu": "250m"}
    assert spec["nodeSelector"] == {"disk": "ssd", "kata": "yes"}
    assert toleration in spec["tolerations"]


@pytest.mark.parametrize(
    ("spec", "why"),
    [
        ({"overhead": {"cpu": "1"}}, "Pod's Overhead doesn't match RuntimeClass's defined Overhead"),
        (
            {"nodeSelector": {"kata": "no"}},
            "conflict: runtimeClass.scheduling.nodeSelector[kata] = yes; pod.spec.nodeSelector[kata] = no",
        ),
    ],
)
def test_a_pod_that_contradicts_its_class_of_runtimes_is_refused(spec: Body, why: str) -> None:
    room = Room()
    room.create("runtimeclasses", kata(scheduling={"nodeSelector": {"kata": "yes"}}))

    with pytest.raises(Status) as refused:
        room.create("pods", pod(spec={"runtimeClassName": "kata", **spec}))

    assert refused.value.message == f'pods "web" is forbidden: pod rejected: {why}'


def test_a_pod_has_the_priority_of_its_class() -> None:
    room = Room()
    room.create("priorityclasses", {"metadata": {"name": "high"}, "value": 1000, "preemptionPolicy": "Never"})

    spec = room.create("pods", pod("web", {"priorityClassName": "high"}))["spec"]

    assert (spec["priority"], spec["preemptionPolicy"]) == (1000, "Never")


def test_the_default_class_is_for_pods_that_name_none() -> None:
    room = Room()
    before = room.create("pods", pod("before"))
    room.create("priorityclasses", {"metadata": {"name": "usual"}, "value": 7, "globalDefault": True})

    spec = room.create("pods", pod("after"))["spec"]

    assert (spec["priorityClassName"], spec["priority"]) == ("usual", 7)
    assert before["spec"]["priority"] == 0


def test_there_is_one_default_class() -> None:
    room = Room()
    room.create("priorityclasses", {"metadata": {"name": "usual"}, "value": 7, "globalDefault": True})

    with pytest.raises(Status) as refused:
        room.create("priorityclasses", {"metadata": {"name": "other"}, "value": 8, "globalDefault": True})

    assert refused.value.message == (
        'priorityclasses.scheduling.k8s.io "other" is forbidden: '
        "PriorityClass usual is already marked as default. Only one default can exist"
    )


def test_a_built_in_class_stays() -> None:
    room = Room()
    made = room.create("priorityclasses", {"metadata": {"name": "system-node-critical"}, "value": 2_000_001_000})

    with pytest.raises(Status, match="this is a system priority class and cannot be deleted"):
        room.delete("priorityclasses", made)
