"""What has no effect here is said, and what has is not."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from clusters.kinds.unhonoured import warnings
from networking.kinds.service import SERVICE
from tests.clusters.admission.room import Room
from tests.clusters.kinds.desk import filled
from workloads.kinds.deployment import DEPLOYMENT
from workloads.kinds.pod import POD


def pod(spec: Body | None = None, **container: Any) -> Body:
    return {"spec": {"containers": [{"name": "web", "image": "nginx:1", **container}], **(spec or {})}}


def test_a_pod_as_it_is_admitted_needs_no_warning() -> None:
    admitted = Room().create("pods", {"metadata": {"name": "web"}, **pod()})

    assert warnings(POD, admitted) == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (pod(securityContext={"privileged": True}), "spec.containers[0].securityContext.privileged"),
        (pod({"resourceClaims": [{"name": "gpu"}]}), "spec.resourceClaims"),
        (pod({"volumes": [{"name": "a", "nfs": {"server": "a", "path": "/"}}]}), "spec.volumes[0].nfs"),
        (pod({"hostUsers": False}), "spec.hostUsers"),
        (pod({"hostPID": True}), "spec.hostPID"),
        (pod({"terminationGracePeriodSeconds": -1}), "spec.terminationGracePeriodSeconds"),
        (
            pod({"initContainers": [{"name": "i", "image": "a", "volumeDevices": [{}]}]}),
            "spec.initContainers[0].volumeDevices",
        ),
    ],
)
def test_a_field_without_effect_is_named(body: Body, field: str) -> None:
    (sentence,) = warnings(POD, filled(POD, body))

    assert sentence.startswith(f"{field}: ")


@pytest.mark.parametrize(
    "body",
    [
        pod({"activeDeadlineSeconds": 5}),
        pod({"initContainers": [{"name": "i", "image": "a"}]}),
        pod({"priority": 0, "preemptionPolicy": "PreemptLowerPriority"}),
        pod(terminationMessagePath="/tmp/log", terminationMessagePolicy="FallbackToLogsOnError"),
    ],
)
def test_what_the_kubelet_honours_needs_no_warning(body: Body) -> None:
    assert warnings(POD, filled(POD, body)) == []


def test_a_template_is_looked_into() -> None:
    template = {"metadata": {"labels": {"app": "web"}}, **pod(securityContext={"privileged": True})}
    body = {"spec": {"selector": {"matchLabels": {"app": "web"}}, "template": template}}

    assert warnings(DEPLOYMENT, filled(DEPLOYMENT, body)) == [
        "spec.template.spec.containers[0].securityContext.privileged: is not simulated here and has no effect",
    ]


def test_a_load_balancer_of_another_class_is_told_that_nobody_looks_after_it() -> None:
    spec = {"type": "LoadBalancer", "ports": [{"port": 80}]}

    (sentence,) = warnings(SERVICE, filled(SERVICE, {"spec": {**spec, "loadBalancerClass": "example.com/lb"}}))
    assert sentence.startswith("spec.loadBalancerClass: no controller here has load balancers of that class")
    assert warnings(SERVICE, filled(SERVICE, {"spec": spec})) == []
