"""Pods as the API server fills them in and judges them."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, put
from tests.clusters.kinds.desk import cells, filled, stored, wrongs
from workloads.kinds.pod import POD


def pod(spec: Body | None = None, **container: Any) -> Body:
    return {"spec": {"containers": [{"name": "web", "image": "nginx:1.27", **container}], **(spec or {})}}


def _asks(**source: Body) -> Body:
    return {"env": [{"name": "A", "valueFrom": source}]}


def test_what_a_pod_may_ask_about_itself_is_accepted() -> None:
    paths = ("metadata.name", "status.podIP", "metadata.labels['app']", "metadata.annotations['Note']")

    for path in paths:
        assert wrongs(POD, pod(**_asks(fieldRef={"fieldPath": path}))) == []
    assert wrongs(POD, pod(**_asks(resourceFieldRef={"resource": "limits.cpu"}))) == []


def test_a_new_pod_is_pending_whatever_its_maker_says() -> None:
    made = filled(POD, {**pod(), "status": {"phase": "Running"}})

    assert made["status"] == {"phase": "Pending", "qosClass": "BestEffort"}


def test_everything_that_kubernetes_fills_in_is_filled_in() -> None:
    assert filled(POD, pod(ports=[{"containerPort": 80}]))["spec"] == {
        "containers": [
            {
                "name": "web",
                "image": "nginx:1.27",
                "ports": [{"containerPort": 80, "protocol": "TCP"}],
                "terminationMessagePath": "/dev/termination-log",
                "terminationMessagePolicy": "File",
                "imagePullPolicy": "IfNotPresent",
                "resources": {},
            }
        ],
        "restartPolicy": "Always",
        "dnsPolicy": "ClusterFirst",
        "terminationGracePeriodSeconds": 30,
        "securityContext": {},
        "schedulerName": "default-scheduler",
        "enableServiceLinks": True,
    }


@pytest.mark.parametrize(
    ("image", "policy"),
    [
        ("nginx", "Always"),
        ("nginx:latest", "Always"),
        ("nginx:1.27", "IfNotPresent"),
        ("localhost:5000/shop", "Always"),
        ("localhost:5000/shop:2", "IfNotPresent"),
        ("nginx@sha256:abc", "IfNotPresent"),
    ],
)
def test_an_image_that_may_change_behind_its_name_is_always_pulled(image: str, policy: str) -> None:
    assert filled(POD, pod(image=image))["spec"]["containers"][0]["imagePullPolicy"] == policy


def test_a_probe_asks_every_ten_seconds() -> None:
    (container,) = filled(POD, pod(livenessProbe={"httpGet": {"port": 80}}))["spec"]["containers"]

    assert container["livenessProbe"] == {
        "httpGet": {"port": 80, "path": "/", "scheme": "HTTP"},
        "timeoutSeconds": 1,
        "periodSeconds": 10,
        "successThreshold": 1,
        "failureThreshold": 3,
    }


def test_what_is_limited_is_requested() -> None:
    (container,) = filled(POD, pod(resources={"limits": {"cpu": "0.5", "memory": "64Mi"}}))["spec"]["containers"]

    assert container["resources"]["requests"] == {"cpu": "500m", "memory": "64Mi"}


@pytest.mark.parametrize(
    ("resources", "qos"),
    [
        ({}, "BestEffort"),
        ({"requests": {"cpu": "100m"}}, "Burstable"),
        ({"limits": {"cpu": "1"}}, "Burstable"),
        ({"limits": {"cpu": "1", "memory": "64Mi"}}, "Guaranteed"),
        ({"limits": {"cpu": "1", "memory": "64Mi"}, "requests": {"cpu": "1000m"}}, "Guaranteed"),
        ({"limits": {"cpu": "1", "memory": "64Mi"}, "requests": {"cpu": "500m"}}, "Burstable"),
    ],
)
def test_the_quality_of_service_follows_from_requests_and_limits(resources: Body, qos: str) -> None:
    assert filled(POD, pod(resources=resources))["status"]["qosClass"] == qos


def test_filling_in_twice_changes_nothing() -> None:
    once = filled(
        POD, pod({"volumes": [{"name": "a"}, {"name": "b", "configMap": {"name": "c"}}]}, env=[{"name": "A"}])
    )

    assert filled(POD, once) == once
    assert once["spec"]["volumes"] == [
        {"name": "a", "emptyDir": {}},
        {"name": "b", "configMap": {"name": "c", "defaultMode": 420}},
    ]


def test_a_pod_that_runs_gets_its_grace() -> None:
    here = filled(POD, pod({"nodeName": "worker-1", "terminationGracePeriodSeconds": 5}))

    assert POD.grace(here) == 5
    assert POD.grace(put(here, "spec.terminationGracePeriodSeconds", -3)) == 1
    assert POD.grace(put(here, "status.phase", "Succeeded")) == 0
    assert POD.grace(put(here, "spec.nodeName", "")) == 0


def test_a_wide_row_tells_where_it_is() -> None:
    here = put(filled(POD, pod({"nodeName": "worker-1"})), "status.podIP", "10.244.1.2")

    assert cells(POD, here, wide=True) == {
        "Name": "it",
        "Ready": "0/1",
        "Status": "Pending",
        "Restarts": "0",
        "Age": "90s",
        "IP": "10.244.1.2",
        "Node": "worker-1",
        "Nominated Node": "<none>",
        "Readiness Gates": "<none>",
    }


def test_a_good_pod_has_no_problems() -> None:
    mounts = [{"name": "data", "mountPath": "/data"}]
    ports = [{"name": "http", "containerPort": 80}]

    assert wrongs(POD, pod({"volumes": [{"name": "data"}]}, volumeMounts=mounts, ports=ports)) == []


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"image": ""}, "spec.containers[0].image: Required value"),
        ({"image": " nginx"}, 'image: Invalid value: " nginx": must not have leading or trailing whitespace'),
        ({"name": "Web"}, 'spec.containers[0].name: Invalid value: "Web": a lowercase RFC 1123 label'),
        ({"imagePullPolicy": "Often"}, 'supported values: "Always", "IfNotPresent", "Never"'),
        ({"ports": [{"containerPort": 70000}]}, "ports[0].containerPort: Invalid value: 70000: must be between 1 and"),
        ({"ports": [{"containerPort": 80, "name": "a" * 16}]}, "must be no more than 15 bytes"),
        ({"ports": [{"containerPort": 80, "name": "a"}] * 2}, 'ports[1].name: Duplicate value: "a"'),
        ({"ports": [{"containerPort": 80, "protocol": "tcp"}]}, 'Unsupported value: "tcp"'),
        ({"env": [{"name": "A=B"}]}, "a valid environment variable name must consist only of printable ASCII"),
        ({"env": [{"name": "A", "valueFrom": {}}]}, "must specify one of: `fieldRef`, `resourceFieldRef`"),
        ({"env": [{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"}}}]}, "secretKeyRef.key: Required value"),
        (
            _asks(fieldRef={"fieldPath": "spec.color"}),
            "error converting fieldPath: field label not supported: spec.color",
        ),
        (_asks(fieldRef={"fieldPath": "metadata.labels"}), 'fieldRef.fieldPath: Unsupported value: "metadata.labels"'),
        (_asks(resourceFieldRef={"resource": "limits.gpu"}), 'resource: Unsupported value: "limits.gpu"'),
        ({"envFrom": [{}]}, "must specify one of: `configMapRef` or `secretRef`"),
        ({"volumeMounts": [{"name": "x", "mountPath": "/x"}]}, 'volumeMounts[0].name: Not found: "x"'),
        (
            {"resources": {"requests": {"cpu": "2"}, "limits": {"cpu": "1"}}},
            "must be less than or equal to cpu limit of 1",
        ),
        (
            {"resources": {"limits": {"cpu": "-1"}}},
            'limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
        ),
        ({"resources": {"limits": {"disk": "1"}}}, "must be a standard resource type or fully qualified"),
        ({"resources": {"limits": {"cpu": "lots"}}}, "quantities must match the regular expression"),
        ({"livenessProbe": {}}, "livenessProbe: Required value: must specify a handler type"),
        (
            {"livenessProbe": {"tcpSocket": {"port": 0}}},
            "tcpSocket.port: Invalid value: 0: must be between 1 and 65535",
        ),
        ({"livenessProbe": {"exec": {}}}, "exec.command: Required value"),
        (
            {"livenessProbe": {"exec": {"command": ["a"]}, "successThreshold": 2}},
            "successThreshold: Invalid value: 2: must be 1",
        ),
        (
            {"readinessProbe": {"exec": {"command": ["a"]}, "terminationGracePeriodSeconds": 1}},
            "must not be set for readinessProbes",
        ),
        ({"lifecycle": {"preStop": {}}}, "lifecycle.preStop: Required value: must specify a handler type"),
        ({"restartPolicy": "Always"}, "may not be set for non-init containers"),
    ],
)
def test_a_wrong_container_is_refused(wrong: Body, told: str) -> None:
    (sentence,) = wrongs(POD, pod(**wrong))[:1]

    assert told in sentence


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"containers": []}, "spec.containers: Required value"),
        ({"restartPolicy": "Maybe"}, 'supported values: "Always", "Never", "OnFailure"'),
        ({"dnsPolicy": "Guess"}, 'spec.dnsPolicy: Unsupported value: "Guess"'),
        ({"nodeSelector": {"a": "b c"}}, "spec.nodeSelector: Invalid value"),
        ({"activeDeadlineSeconds": 0}, "must be between 1 and 2147483647, inclusive"),
        ({"hostname": "a.b"}, "spec.hostname: Invalid value"),
        ({"tolerations": [{"operator": "Equal"}]}, "operator must be Exists when `key` is empty"),
        (
            {"tolerations": [{"key": "a", "tolerationSeconds": 3}]},
            "effect must be 'NoExecute' when `tolerationSeconds` is set",
        ),
        (
            {"tolerations": [{"key": "a", "operator": "Exists", "value": "b"}]},
            "value must be empty when `operator` is 'Exists'",
        ),
        ({"volumes": [{"name": "a"}, {"name": "a"}]}, 'spec.volumes[1].name: Duplicate value: "a"'),
        (
            {"volumes": [{"name": "a", "emptyDir": {}, "configMap": {"name": "b"}}]},
            "may not specify more than 1 volume type",
        ),
        ({"volumes": [{"name": "a", "secret": {}}]}, "secret.secretName: Required value"),
        ({"volumes": [{"name": "a", "emptyDir": {"sizeLimit": "big"}}]}, "quantities must match"),
        ({"initContainers": [{"name": "web", "image": "a:1"}]}, 'initContainers[0].name: Duplicate value: "web"'),
        (
            {"initContainers": [{"name": "a", "image": "a:1", "livenessProbe": {"exec": {"command": ["a"]}}}]},
            "may not be set for init containers",
        ),
    ],
)
def test_a_wrong_spec_is_refused(wrong: Body, told: str) -> None:
    (sentence,) = wrongs(POD, pod(wrong))[:1]

    assert told in sentence


def test_two_containers_have_two_names() -> None:
    twice = {"spec": {"containers": [{"name": "web", "image": "nginx:1"}] * 2}}

    assert wrongs(POD, twice) == ['spec.containers[1].name: Duplicate value: "web"']


def test_the_image_of_a_pod_may_change() -> None:
    assert wrongs(POD, pod(image="nginx:1.28"), pod()) == []


def test_hardly_anything_else_of_a_pod_may_change() -> None:
    (sentence,) = wrongs(POD, pod(command=["sh"]), pod())

    assert sentence.startswith(
        "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
        "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
        "`spec.tolerations` (only additions to existing tolerations),"
        "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n"
    )


def test_containers_do_not_come_and_go() -> None:
    (sentence,) = wrongs(
        POD, {"spec": {"containers": [*pod()["spec"]["containers"], {"name": "b", "image": "b:1"}]}}, pod()
    )

    assert sentence == "spec.containers: Forbidden: pod updates may not add or remove containers"


def test_tolerations_may_be_added_and_not_taken_away() -> None:
    one, two = {"key": "a", "operator": "Exists"}, {"key": "b", "operator": "Exists"}

    assert wrongs(POD, pod({"tolerations": [one, two]}), pod({"tolerations": [one]})) == []
    assert wrongs(POD, pod({"tolerations": [two]}), pod({"tolerations": [one]})) == [
        "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
    ]


def test_a_writer_cannot_touch_the_status() -> None:
    old = stored(POD, pod())

    assert POD.protect({**old, "status": {"phase": "Failed"}}, old) == old
