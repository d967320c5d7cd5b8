"""Deployments and ReplicaSets as the API server fills them in, judges and shows them."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, put
from clusters.kinds.kind import Kind
from tests.clusters.kinds.desk import cells, filled, wrongs
from workloads.kinds.controllerrevision import CONTROLLERREVISION
from workloads.kinds.daemonset import DAEMONSET
from workloads.kinds.deployment import DEPLOYMENT
from workloads.kinds.replicaset import REPLICASET
from workloads.kinds.replicationcontroller import REPLICATIONCONTROLLER
from workloads.kinds.statefulset import STATEFULSET

TEMPLATE: Body = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "nginx:1"}]}}


def workload(template: Body | None = None, **spec: Any) -> Body:
    return {"spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template or TEMPLATE, **spec}}


def test_a_deployment_rolls_by_quarters() -> None:
    spec = filled(DEPLOYMENT, workload())["spec"]

    assert spec["strategy"] == {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "25%", "maxSurge": "25%"}}
    assert (spec["replicas"], spec["revisionHistoryLimit"], spec["progressDeadlineSeconds"]) == (1, 10, 600)
    assert spec["template"]["spec"]["restartPolicy"] == "Always"


def test_a_template_gets_nothing_that_only_pods_get() -> None:
    limited = put(TEMPLATE, "spec.containers", [{"name": "web", "image": "a", "resources": {"limits": {"cpu": "1"}}}])
    spec = filled(DEPLOYMENT, workload(limited))["spec"]["template"]["spec"]

    assert "enableServiceLinks" not in spec
    assert "requests" not in spec["containers"][0]["resources"]


def test_zero_replicas_stay_zero() -> None:
    assert filled(REPLICASET, workload(replicas=0))["spec"]["replicas"] == 0


def test_a_deployment_shows_how_far_it_is() -> None:
    made = filled(DEPLOYMENT, workload(replicas=3))
    made["status"] = {"readyReplicas": 2, "updatedReplicas": 3, "availableReplicas": 1}

    assert cells(DEPLOYMENT, made, wide=True) == {
        "Name": "it",
        "Ready": "2/3",
        "Up-to-date": 3,
        "Available": 1,
        "Age": "90s",
        "Containers": "web",
        "Images": "nginx:1",
        "Selector": "app=web",
    }


def test_a_replicaset_counts() -> None:
    made = filled(REPLICASET, workload(replicas=3))

    assert made["status"] == {"replicas": 0}
    assert cells(REPLICASET, made) == {"Name": "it", "Desired": 3, "Current": 0, "Ready": 0, "Age": "90s"}


@pytest.mark.parametrize("kind", [DEPLOYMENT, REPLICASET], ids=lambda kind: kind.plural)
def test_a_selector_matches_its_template(kind: Kind) -> None:
    (sentence,) = wrongs(kind, workload(selector={"matchLabels": {"app": "shop"}}))

    assert sentence == (
        'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`'
    )


@pytest.mark.parametrize("kind", [DEPLOYMENT, REPLICASET], ids=lambda kind: kind.plural)
def test_a_selector_says_something_and_never_changes(kind: Kind) -> None:
    expression = {"matchExpressions": [{"key": "app", "operator": "Exists"}]}

    assert "empty selector is invalid for deployment" in wrongs(kind, workload(selector={}))[0]
    assert wrongs(kind, workload(selector=expression), workload())[0].endswith("field is immutable")
    assert wrongs(kind, workload(), workload()) == []


@pytest.mark.parametrize("kind", [DEPLOYMENT, REPLICASET], ids=lambda kind: kind.plural)
def test_pods_of_a_template_always_restart(kind: Kind) -> None:
    assert wrongs(kind, workload(put(TEMPLATE, "spec.restartPolicy", "Never"))) == [
        'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ]


def test_a_wrong_template_is_told_by_its_whole_path() -> None:
    (sentence,) = wrongs(DEPLOYMENT, workload(put(TEMPLATE, "spec.containers", [{"name": "web"}])))

    assert sentence == "spec.template.spec.containers[0].image: Required value"


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"replicas": -1}, "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        ({"strategy": {"type": "Blue"}}, 'spec.strategy.type: Unsupported value: "Blue"'),
        (
            {"strategy": {"type": "Recreate", "rollingUpdate": {"maxSurge": 1}}},
            "may not be specified when strategy `type` is 'Recreate'",
        ),
        ({"strategy": {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}}}, "may not be 0 when `maxSurge` is 0"),
        ({"strategy": {"rollingUpdate": {"maxUnavailable": "120%"}}}, "must not be greater than 100%"),
        ({"strategy": {"rollingUpdate": {"maxSurge": "many"}}}, "a valid percent string must be a numeric string"),
        ({"minReadySeconds": 600}, "must be greater than minReadySeconds"),
        ({"revisionHistoryLimit": -1}, "spec.revisionHistoryLimit: Invalid value: -1"),
    ],
)
def test_a_wrong_deployment_is_refused(spec: Body, told: str) -> None:
    (sentence,) = wrongs(DEPLOYMENT, workload(**spec))

    assert told in sentence


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (STATEFULSET, "empty selector is invalid for statefulset"),
        (DAEMONSET, "empty selector is invalid for daemonset"),
    ],
    ids=lambda value: getattr(value, "plural", ""),
)
def test_each_kind_names_itself_when_its_selector_is_empty(kind: Kind, says: str) -> None:
    assert says in wrongs(kind, workload(selector={}))[0]


def test_a_stateful_set_gets_its_order_policies_and_claims_filled_in() -> None:
    claim = {"metadata": {"name": "data"}, "spec": {"accessModes": ["ReadWriteOnce"]}}
    spec = filled(STATEFULSET, workload(volumeClaimTemplates=[claim]))["spec"]

    assert (spec["replicas"], spec["revisionHistoryLimit"], spec["podManagementPolicy"]) == (1, 10, "OrderedReady")
    assert spec["updateStrategy"] == {"type": "RollingUpdate", "rollingUpdate": {"partition": 0}}
    assert spec["persistentVolumeClaimRetentionPolicy"] == {"whenDeleted": "Retain", "whenScaled": "Retain"}
    (template,) = spec["volumeClaimTemplates"]
    assert (template["kind"], template["status"]) == ("PersistentVolumeClaim", {"phase": "Pending"})


@pytest.mark.parametrize(
    ("spec", "sentence"),
    [
        ({"podManagementPolicy": "Chaos"}, "must be 'OrderedReady' or 'Parallel'"),
        (
            {"updateStrategy": {"type": "OnDelete", "rollingUpdate": {"partition": 1}}},
            "only allowed for updateStrategy",
        ),
        ({"updateStrategy": {"rollingUpdate": {"maxUnavailable": 0}}}, "maxUnavailable: Invalid value: 0: cannot be 0"),
        ({"updateStrategy": {"rollingUpdate": {"partition": -1}}}, "must be greater than or equal to 0"),
        ({"persistentVolumeClaimRetentionPolicy": {"whenScaled": "Burn"}}, 'supported values: "Delete", "Retain"'),
        ({"ordinals": {"start": -1}}, "spec.ordinals.start: Invalid value: -1"),
    ],
)
def test_what_a_stateful_set_cannot_be_is_refused(spec: Body, sentence: str) -> None:
    (wrong,) = wrongs(STATEFULSET, workload(**spec))

    assert sentence in wrong


def test_of_a_stateful_set_only_some_fields_may_change() -> None:
    assert wrongs(STATEFULSET, workload(replicas=5, minReadySeconds=3), workload()) == []
    (wrong,) = wrongs(STATEFULSET, workload(serviceName="other"), workload())

    assert wrong.startswith("spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals'")


def test_a_stateful_sets_name_becomes_a_hostname() -> None:
    body = {**workload(), "metadata": {"name": "a.b"}}

    assert "a lowercase RFC 1123 label" in wrongs(STATEFULSET, body)[0]


def test_a_daemon_set_updates_by_lack_or_by_surge_never_by_both() -> None:
    both = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 1}}
    neither = {"rollingUpdate": {"maxSurge": 0, "maxUnavailable": 0}}
    rolling = filled(DAEMONSET, workload())["spec"]["updateStrategy"]["rollingUpdate"]

    assert rolling == {"maxUnavailable": 1, "maxSurge": 0}
    assert "may not be set when maxUnavailable is non-zero" in wrongs(DAEMONSET, workload(updateStrategy=both))[0]
    assert "cannot be 0 when maxSurge is 0" in wrongs(DAEMONSET, workload(updateStrategy=neither))[0]


def test_a_daemon_sets_template_is_counted() -> None:
    name = "deprecated.daemonset.template.generation"
    old = filled(DAEMONSET, workload())
    other = put(old, "spec.template.spec.containers", [{"name": "web", "image": "nginx:2"}])

    assert old["metadata"]["annotations"][name] == "1"
    assert DAEMONSET.protect(put(old, "metadata.annotations", {}), old)["metadata"]["annotations"][name] == "1"
    assert DAEMONSET.protect(other, old)["metadata"]["annotations"][name] == "2"


def test_a_daemon_set_counts_nodes() -> None:
    made = filled(DAEMONSET, workload())
    made["spec"]["template"]["spec"]["nodeSelector"] = {"disk": "ssd"}
    made["status"] = {"desiredNumberScheduled": 3, "currentNumberScheduled": 3, "numberReady": 2, "numberAvailable": 1}

    assert cells(DAEMONSET, made) == {
        "Name": "it",
        "Desired": 3,
        "Current": 3,
        "Ready": 2,
        "Up-to-date": 0,
        "Available": 1,
        "Node Selector": "disk=ssd",
        "Age": "90s",
    }
    assert DAEMONSET.word(made) == "2/3"


def test_a_replication_controller_takes_its_selector_from_its_template() -> None:
    made = filled(REPLICATIONCONTROLLER, {"spec": {"template": TEMPLATE}})

    assert made["spec"]["selector"] == made["metadata"]["labels"] == {"app": "web"}
    assert "selector` does not match" in wrongs(REPLICATIONCONTROLLER, workload(selector={"app": "b"}))[0]


def test_a_revision_shows_whose_it_is_and_keeps_its_data() -> None:
    owner = {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "db", "uid": "s", "controller": True}
    made = {"metadata": {"ownerReferences": [owner]}, "data": {"spec": {}}, "revision": 3}

    shown = cells(CONTROLLERREVISION, filled(CONTROLLERREVISION, made))
    assert (shown["Controller"], shown["Revision"]) == ("statefulset.apps/db", 3)
    assert wrongs(CONTROLLERREVISION, {**made, "data": {}}, made)[0].endswith("field is immutable")
