from __future__ import annotations

import orjson
import pytest

from clusters.apiserver import discovery, openapi
from clusters.apiserver.accept import form
from clusters.apiserver.target import target
from clusters.kinds.problem import Status
from tests.clusters.apiserver.kinds import KINDS

V2 = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


def test_the_machine_room_is_not_served() -> None:
    assert "machine.podium.dev/v1" not in discovery.group_versions(KINDS)
    assert discovery.resource_list(KINDS, "machine.podium.dev/v1") is None


def test_a_resource_list_names_subresources() -> None:
    listed = discovery.resource_list(KINDS, "apps/v1")

    assert listed is not None
    found = {entry["name"]: entry for entry in listed["resources"]}
    assert found["deployments"]["shortNames"] == ["deploy"]
    assert found["deployments/scale"]["kind"] == "Scale"
    assert found["deployments/scale"]["group"] == "autoscaling"


def test_drain_finds_evictions() -> None:
    listed = discovery.resource_list(KINDS, "v1")

    assert listed is not None
    entry = next(entry for entry in listed["resources"] if entry["name"] == "pods/eviction")
    assert (entry["group"], entry["version"], entry["kind"]) == ("policy", "v1", "Eviction")


def test_all_groups_are_discovered_at_once() -> None:
    groups = [item["metadata"].get("name", "") for item in discovery.aggregated(KINDS, core=False)["items"]]

    assert "apps" in groups
    assert discovery.aggregated(KINDS, core=True)["items"][0]["versions"][0]["version"] == "v1"
    assert form(V2).transform == "APIGroupDiscoveryList"


def test_every_group_version_has_a_document() -> None:
    paths = openapi.root(KINDS)["paths"]

    assert paths["apis/apps/v1"]["serverRelativeURL"].startswith("/openapi/v3/apis/apps/v1?hash=")
    for api_version in discovery.group_versions(KINDS):
        document = orjson.loads(openapi.document(KINDS, api_version))
        text = orjson.dumps(document["paths"]).decode() + orjson.dumps(document["components"]).decode()
        schemas = document["components"]["schemas"]
        for reference in {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}:
            assert reference in schemas, (api_version, reference)


def test_kubectl_finds_strict_validation() -> None:
    document = orjson.loads(openapi.document(KINDS, "apps/v1"))

    patch = document["paths"]["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"]["patch"]
    assert patch["x-kubernetes-group-version-kind"] == {"group": "apps", "version": "v1", "kind": "Deployment"}
    assert "fieldValidation" in [parameter["name"] for parameter in patch["parameters"]]


def test_definitions_are_what_a_real_server_publishes() -> None:
    schemas = orjson.loads(openapi.document(KINDS, "v1"))["components"]["schemas"]

    replicas = schemas["io.k8s.api.core.v1.PodSpec"]["properties"]["hostNetwork"]
    assert replicas["type"] == "boolean"
    containers = schemas["io.k8s.api.core.v1.PodSpec"]["properties"]["containers"]
    assert containers["x-kubernetes-patch-merge-key"] == "name"
    assert schemas["io.k8s.apimachinery.pkg.util.intstr.IntOrString"]["format"] == "int-or-string"


@pytest.mark.parametrize(
    ("method", "path", "query", "verb", "resource", "key"),
    [
        ("GET", "/api/v1/pods", {}, "list", "pods", "/"),
        ("GET", "/api/v1/namespaces/blue/pods", {}, "list", "pods", "blue/"),
        ("GET", "/api/v1/namespaces/blue/pods", {"watch": "true"}, "watch", "pods", "blue/"),
        ("GET", "/api/v1/namespaces/blue/pods/web", {}, "get", "pods", "blue/web"),
        ("GET", "/api/v1/namespaces/blue/pods/web/log", {}, "get", "pods/log", "blue/web"),
        ("POST", "/api/v1/namespaces/blue/pods/web/eviction", {}, "create", "pods/eviction", "blue/web"),
        ("GET", "/api/v1/namespaces/blue", {}, "get", "namespaces", "/blue"),
        ("PUT", "/api/v1/namespaces/blue/finalize", {}, "update", "namespaces/finalize", "/blue"),
        ("PATCH", "/apis/apps/v1/namespaces/blue/deployments/web/scale", {}, "patch", "deployments/scale", "blue/web"),
        ("DELETE", "/apis/podium.dev/v1/faults", {}, "deletecollection", "faults", "/"),
        ("DELETE", "/apis/podium.dev/v1/faults/a", {}, "delete", "faults", "/a"),
    ],
)
def test_paths_are_taken_apart(
    method: str, path: str, query: dict[str, str], verb: str, resource: str, key: str
) -> None:
    found = target(method, path, query, KINDS)

    assert found is not None
    assert (found.verb, found.resource, f"{found.namespace}/{found.name}") == (verb, resource, key)


def test_what_is_no_object_has_no_target() -> None:
    for path in ("/", "/api", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/version", "/openapi/v3"):
        assert target("GET", path, {}, KINDS) is None


def test_unknown_subresources_are_not_found() -> None:
    with pytest.raises(Status) as refused:
        target("GET", "/api/v1/namespaces/blue/configmaps/a/scale", {}, KINDS)

    assert refused.value.code == 404
