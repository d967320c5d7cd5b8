"""What the server serves: group lists, resource lists, and all of it at once (aggregated discovery v2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from clusters.apiserver.measured import MEASURED
from clusters.apiserver.target import SUBRESOURCES
from clusters.kinds.body import Body
from clusters.kinds.kind import Kind

ALL = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
# resources without objects: a question is created, the answer comes back in its status
REVIEWS = (
    Kind("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", namespaced=False),
    Kind("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", namespaced=False),
    Kind("authorization.k8s.io/v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", namespaced=False),
)
Kinds = Mapping[str, Kind]


def served(kinds: Kinds) -> Sequence[Kind]:
    """Everything with an address, reviews and metrics among them, in order of group version and plural."""
    found = [kind for kind in kinds.values() if kind.served]
    others = [other for kind in found for other in other_versions(kind)]
    return sorted([*found, *others, *REVIEWS, *MEASURED], key=lambda kind: (kind.api_version, kind.plural))


def group_versions(kinds: Kinds) -> Sequence[str]:
    """`v1`, `apps/v1`, ... in the order in which clients should prefer them."""
    return sorted({kind.api_version for kind in served(kinds)}, key=_preference)


def _preference(api_version: str) -> tuple[bool, str, bool, int]:
    """Within a group stable versions first, and of these the newest (version priority)."""
    name, _, version = api_version.rpartition("/")
    return bool(name), name, not version[1:].isdigit(), -int(version[1:]) if version[1:].isdigit() else 0


def other_versions(kind: Kind) -> Sequence[Kind]:
    """The kind as each of its other versions serves it."""
    return [replace(kind, api_version=version.api_version) for version in kind.versions]


def verbs_of(kind: Kind) -> Sequence[str]:
    if kind in REVIEWS:
        return ("create",)
    if kind in MEASURED:
        return ("get", "list")
    if any(version.api_version == kind.api_version for version in kind.versions):
        return tuple(verb for verb in ALL if verb != "watch")
    return tuple(verb for verb in ALL if verb != "deletecollection") if kind.plural == "namespaces" else ALL


def core_versions(address: str) -> Body:
    """`/api`."""
    addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": address}]
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses}


def group_list(kinds: Kinds) -> Body:
    """`/apis`."""
    groups = [_group(name, versions) for name, versions in _by_group(kinds).items() if name]
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": groups}


def group(kinds: Kinds, name: str) -> Body | None:
    """`/apis/apps`."""
    versions = _by_group(kinds).get(name)
    return {"kind": "APIGroup", "apiVersion": "v1", **_group(name, versions)} if versions and name else None


def resource_list(kinds: Kinds, api_version: str) -> Body | None:
    """`/api/v1`, `/apis/apps/v1`."""
    found = [kind for kind in served(kinds) if kind.api_version == api_version]
    resources = [entry for kind in found for entry in _entries(kind)]
    head = {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": api_version}
    return {**head, "resources": resources} if found else None


def aggregated(kinds: Kinds, *, core: bool) -> Body:
    """`/api` and `/apis` for clients that ask for everything at once."""
    items = []
    for name, versions in _by_group(kinds).items():
        if (not name) == core:
            metadata = {"name": name, "creationTimestamp": None} if name else {}
            items.append({"metadata": metadata, "versions": [_aggregated(kinds, version) for version in versions]})
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def _aggregated(kinds: Kinds, api_version: str) -> Body:
    resources = [_discovered(kind) for kind in served(kinds) if kind.api_version == api_version]
    return {"version": api_version.rpartition("/")[2], "resources": resources, "freshness": "Current"}


def _by_group(kinds: Kinds) -> Mapping[str, Sequence[str]]:
    """The versions of each group, the preferred one first."""
    found: dict[str, list[str]] = {}
    for api_version in group_versions(kinds):
        found.setdefault(api_version.rpartition("/")[0], []).append(api_version)
    return found


def _group(name: str, versions: Sequence[str]) -> Body:
    entries = [{"groupVersion": one, "version": one.rpartition("/")[2]} for one in versions]
    return {"name": name, "versions": entries, "preferredVersion": entries[0]}


def _entries(kind: Kind) -> Sequence[Body]:
    main = {
        "name": kind.plural,
        "singularName": kind.singular,
        "namespaced": kind.namespaced,
        "kind": kind.kind,
        "verbs": list(verbs_of(kind)),
        **({"shortNames": list(kind.short)} if kind.short else {}),
        **({"categories": list(kind.categories)} if kind.categories else {}),
    }
    return [main, *(_subresource(kind, name) for name in sorted(kind.subresources) if name in SUBRESOURCES)]


def _subresource(kind: Kind, name: str) -> Body:
    verbs, spoken = SUBRESOURCES[name]
    head = {"name": f"{kind.plural}/{name}", "singularName": "", "namespaced": kind.namespaced}
    if spoken is None:
        return {**head, "kind": kind.kind, "verbs": list(verbs)}
    prefix, _, version = spoken[0].rpartition("/")
    own = {"group": prefix, "version": version} if prefix else {}
    return {**head, **own, "kind": spoken[1], "verbs": list(verbs)}


def _discovered(kind: Kind) -> Body:
    found = {
        "resource": kind.plural,
        "responseKind": {"group": kind.group, "version": kind.version, "kind": kind.kind},
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": kind.singular,
        "verbs": list(verbs_of(kind)),
        **({"shortNames": list(kind.short)} if kind.short else {}),
        **({"categories": list(kind.categories)} if kind.categories else {}),
    }
    below = [_discovered_below(kind, name) for name in sorted(kind.subresources) if name in SUBRESOURCES]
    return {**found, "subresources": below} if below else found


def _discovered_below(kind: Kind, name: str) -> Body:
    verbs, spoken = SUBRESOURCES[name]
    api_version, told = spoken or (kind.api_version, kind.kind)
    prefix, _, version = api_version.rpartition("/")
    return {
        "subresource": name,
        "responseKind": {"group": prefix, "version": version, "kind": told},
        "verbs": list(verbs),
    }
