from __future__ import annotations

from typing import Any

import pytest

from clusters.apiserver.decoding import check
from clusters.kinds.body import Body
from tests.clusters.apiserver.kinds import CONFIGMAP, DEPLOYMENT, FAULT, POD


def pod(**container: Any) -> Body:
    return {"metadata": {"name": "web"}, "spec": {"containers": [{"name": "c", "image": "nginx", **container}]}}


def test_a_right_object_comes_back_without_its_nulls() -> None:
    body = pod(env=None)
    body["metadata"]["creationTimestamp"] = None

    checked = check(POD, body)

    assert not checked.wrong
    assert not checked.unknown
    assert not checked.errors
    assert checked.body == pod()


def test_what_was_sent_is_not_changed() -> None:
    body = pod(env=None)

    check(POD, body)

    assert body == pod(env=None)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (
            {"spec": {"replicas": "two"}},
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
        ),
        (
            {"spec": {"replicas": 1.5}},
            "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
        ),
        (
            {"spec": {"replicas": 1 << 40}},
            f"json: cannot unmarshal number {1 << 40} into Go struct field DeploymentSpec.spec.replicas of type int32",
        ),
        (
            {"spec": {"template": {"spec": {"containers": {"a": 1}}}}},
            "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type "
            "[]v1.Container",
        ),
        (
            {"metadata": {"labels": {"a": 1}}},
            "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
        ),
        (
            {"spec": "all"},
            "json: cannot unmarshal string into Go struct field Deployment.spec of type v1.DeploymentSpec",
        ),
    ],
)
def test_a_wrong_type_is_told_as_go_tells_it(body: Body, sentence: str) -> None:
    assert check(DEPLOYMENT, body).wrong == sentence


def test_unknown_fields_are_named_with_their_place() -> None:
    checked = check(POD, {**pod(imag="x"), "specc": {}})

    assert checked.unknown == ['unknown field "spec.containers[0].imag"', 'unknown field "specc"']


def test_what_is_required_is_named_even_where_its_parent_is_missing() -> None:
    errors = check(DEPLOYMENT, {"metadata": {"name": "web"}}).errors

    assert [str(error) for error in errors] == [
        "spec.template.spec.containers: Required value",
        "spec.selector: Required value",
    ]


def test_nothing_is_missing_in_a_part_of_an_object() -> None:
    checked = check(DEPLOYMENT, {"spec": {"replicas": 1}}, whole=False)

    assert checked.body == {"spec": {"replicas": 1}}
    assert not checked.errors


def test_amounts_are_written_down_in_one_form() -> None:
    checked = check(POD, pod(resources={"limits": {"cpu": 0.5, "memory": "1024Mi"}}))

    assert checked.body["spec"]["containers"][0]["resources"]["limits"] == {"cpu": "500m", "memory": "1Gi"}
    assert "quantities must match" in check(POD, pod(resources={"limits": {"cpu": "much"}})).wrong


def test_a_port_may_be_a_number_or_a_name_and_nothing_else() -> None:
    def probe(port: Any) -> str:
        return check(POD, pod(livenessProbe={"httpGet": {"port": port}})).wrong

    assert not probe(80)
    assert not probe("http")
    assert probe(True) == "json: cannot unmarshal bool into Go value of type int32"


def test_binary_data_must_be_base64() -> None:
    assert not check(CONFIGMAP, {"binaryData": {"a": "aGk="}}).wrong
    assert check(CONFIGMAP, {"binaryData": {"a": "a b"}}).wrong == "illegal base64 data at input byte 1"


def test_a_kind_with_its_own_schema_reports_types_by_field() -> None:
    errors = check(FAULT, {"metadata": {"name": "f"}, "spec": {"type": 1, "target": {}}}).errors

    assert str(errors[0]) == (
        'spec.type: Invalid value: "integer": spec.type in body must be of type string: "integer"'
    )
    assert check(FAULT, {"spec": {"typ": "x"}}).unknown == ['unknown field "spec.typ"']
