"""What has an address and is no object: discovery, schemas, version, health."""

from __future__ import annotations

from dataclasses import replace

from clusters.apiserver import discovery, openapi
from clusters.apiserver.answer import Answer, ok, text
from clusters.apiserver.call import Call
from clusters.apiserver.target import MISSING, NOT_ALLOWED
from clusters.apiserver.version import version
from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.kinds.schema import MINOR

HEALTH = ("healthz", "livez", "readyz")
OPEN = (*HEALTH, "version")  # what anybody may ask
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"  # clients decide by this
# version 2 is asked for only when version 3 does not know a kind: a document that knows none either
PROTO_V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
OPENAPI_V2 = b"\x0a\x032.0\x12\x13\x0a\x0aKubernetes\x12\x05v" + MINOR.encode() + b"\x42\x00"
CHECKS = ("ping", "log", "etcd", "poststarthook/start-apiextensions-informers")


def is_open(path: str) -> bool:
    """Whether it is answered without a token."""
    return path.strip("/").partition("/")[0] in OPEN


def elsewhere(call: Call) -> Answer:
    """Raises NotFound, MethodNotAllowed."""
    if call.method not in ("GET", "HEAD"):
        raise Status.method_not_allowed(NOT_ALLOWED)
    parts = [part for part in call.path.split("/") if part]
    if parts[:1] == ["openapi"]:
        return _openapi(call, parts[1:])
    if parts and parts[0] in HEALTH:
        return _health(call, parts[0])
    found = _document(call, parts)
    if found is None:
        raise Status(404, "NotFound", MISSING)
    answer = ok(found)
    return replace(answer, content_type=AGGREGATED) if found.get("kind") == "APIGroupDiscoveryList" else answer


def _document(call: Call, parts: list[str]) -> Body | None:
    whole = call.form.transform == "APIGroupDiscoveryList"
    if not parts:
        return {"paths": _paths(call)}
    if parts == ["version"]:
        return version()
    if parts == ["api"]:
        return discovery.aggregated(call.kinds, core=True) if whole else discovery.core_versions(call.address)
    if parts == ["apis"]:
        return discovery.aggregated(call.kinds, core=False) if whole else discovery.group_list(call.kinds)
    if parts[0] == "api" and len(parts) == 2:
        return discovery.resource_list(call.kinds, parts[1])
    if parts[0] == "apis" and len(parts) == 2:
        return discovery.group(call.kinds, parts[1])
    if parts[0] == "apis" and len(parts) == 3:
        return discovery.resource_list(call.kinds, "/".join(parts[1:]))
    return None


def _openapi(call: Call, parts: list[str]) -> Answer:
    if parts == ["v3"]:
        return ok(openapi.root(call.kinds))
    if parts == ["v2"]:
        return Answer(200, OPENAPI_V2, PROTO_V2)
    api_version = "/".join(parts[2:])
    known = api_version in discovery.group_versions(call.kinds)
    if parts[:1] == ["v3"] and known and "/".join(parts[1:]) == openapi.place_of(api_version):
        return Answer(200, openapi.document(call.kinds, api_version))
    raise Status(404, "NotFound", MISSING)


def _health(call: Call, name: str) -> Answer:
    if "verbose" not in call.query:
        return text("ok")
    lines = [f"[+]{check} ok" for check in CHECKS]
    return text("\n".join([*lines, f"{name} check passed"]) + "\n")


def _paths(call: Call) -> list[str]:
    found = ["/api", "/apis"]
    for api_version in discovery.group_versions(call.kinds):
        place = openapi.place_of(api_version)
        if place.startswith("apis/"):
            found.append("/" + place.rpartition("/")[0])
        found += [f"/{place}", f"/openapi/v3/{place}"]
    return sorted({*found, *(f"/{name}" for name in HEALTH), "/openapi/v3", "/version"})
