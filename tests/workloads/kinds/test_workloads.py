"""Deployments and ReplicaSets as the API server fills them in, judges and shows them."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, put
from clusters.kinds.kind import Kind
from tests.clusters.kinds.desk import cells, filled, wrongs
from workloads.kinds.deployment import DEPLOYMENT
from workloads.kinds.replicaset import REPLICASET

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
