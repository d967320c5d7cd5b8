"""Invalid manifests are refused in the API's own words, and nothing is written."""

from __future__ import annotations

import pytest

from tests.conformance.kubectl import Kubectl
from tests.conformance.manifests import SETTINGS, WEB

NOT_WRITTEN = 'Error from server (NotFound): deployments.apps "web" not found\n'


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("replicas: 2", "replica: 2", 'strict decoding error: unknown field "spec.replica"'),
        (
            "image: nginx:1.27",
            "imag: nginx:1.27",
            'strict decoding error: unknown field "spec.template.spec.containers[0].imag"',
        ),
        (
            "replicas: 2",
            "replicas: two",
            "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32",
        ),
        ("selector: {matchLabels: {app: web}}", "paused: false", "spec.selector: Required value"),
        ("name: nginx", "name: Nginx_1", "spec.template.spec.containers[0].name: Invalid value"),
        ("replicas: 2", "replicas: -1", "spec.replicas: Invalid value: -1: must be greater than or equal to 0"),
        ("name: web", "name: Web", 'metadata.name: Invalid value: "Web": a lowercase RFC 1123 subdomain'),
        ("labels: {app: web}}\n    spec", "labels: {app: other}}\n    spec", "`selector` does not match template"),
    ],
)
def test_a_wrong_deployment_is_refused(kubectl: Kubectl, old: str, new: str, sentence: str) -> None:
    assert old in WEB

    refused = kubectl.refused("create", "-f", "-", stdin=WEB.replace(old, new, 1))

    assert sentence in refused
    assert kubectl.refused("get", "deployment", "web") == NOT_WRITTEN


def test_apply_refuses_an_unknown_field(kubectl: Kubectl) -> None:
    refused = kubectl.refused("apply", "-f", "-", stdin=WEB.replace("replicas", "replica"))

    assert 'strict decoding error: unknown field "spec.replica"' in refused
    assert kubectl.refused("get", "deployment", "web") == NOT_WRITTEN


def test_server_side_apply_refuses_an_undeclared_field(kubectl: Kubectl) -> None:
    refused = kubectl.refused("apply", "--server-side", "-f", "-", stdin=WEB.replace("replicas", "replica"))

    assert ".spec.replica: field not declared in schema" in refused


def test_validation_may_only_warn(kubectl: Kubectl) -> None:
    said = kubectl("create", "--validate=warn", "-f", "-", stdin=WEB.replace("replicas", "replica"))

    assert 'Warning: unknown field "spec.replica"' in said.err
    assert kubectl.get("deployment", "web")["spec"]["replicas"] == 1


def test_an_immutable_field_stays(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)

    refused = kubectl.refused("apply", "-f", "-", stdin=WEB.replace("{app: web}", "{app: other}"))

    assert "spec.selector: Invalid value" in refused
    assert "field is immutable" in refused


def test_an_unknown_kind_is_named(kubectl: Kubectl) -> None:
    refused = kubectl.refused("create", "-f", "-", stdin=SETTINGS.replace("ConfigMap", "ConfigMop"))

    assert 'no matches for kind "ConfigMop" in version "v1"' in refused


def test_a_patch_with_an_unknown_field_is_refused(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=WEB)

    wrong = kubectl.refused("patch", "deployment", "web", "-p", '{"spec":{"replicas":"many"}}')

    assert "replicas" in wrong
    assert kubectl.get("deployment", "web")["spec"]["replicas"] == 2


def test_a_namespace_that_is_not_there_holds_nothing(admin: Kubectl) -> None:
    refused = admin.within("nowhere").refused("create", "-f", "-", stdin=SETTINGS)

    assert 'namespaces "nowhere" not found' in refused


def test_a_fault_of_no_known_type_is_refused(admin: Kubectl) -> None:
    fault = "{apiVersion: podium.dev/v1, kind: Fault, metadata: {name: f}, spec: {type: Meteor, target: {node: a}}}"

    refused = admin.refused("create", "-f", "-", stdin=fault)

    assert 'spec.type: Unsupported value: "Meteor"' in refused
