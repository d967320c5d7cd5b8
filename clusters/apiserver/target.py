"""What a request is about: its path and method taken apart (apiserver: RequestInfo)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusters.kinds.body import Key
from clusters.kinds.kind import Kind
from clusters.kinds.problem import Status

READS = ("get", "list", "watch")
VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}
# what can be asked of a subresource, and the kind that it speaks (None: the object's own)
SUBRESOURCES: Mapping[str, tuple[tuple[str, ...], tuple[str, str] | None]] = {
    "status": (("get", "patch", "update"), None),
    "scale": (("get", "patch", "update"), ("autoscaling/v1", "Scale")),
    "log": (("get",), None),
    "eviction": (("create",), ("policy/v1", "Eviction")),
    "binding": (("create",), ("v1", "Binding")),
    "finalize": (("update",), None),
    "ephemeralcontainers": (("get", "patch", "update"), None),
    "token": (("create",), ("authentication.k8s.io/v1", "TokenRequest")),
    "resize": (("get", "patch", "update"), None),
    "exec": (("create", "get"), ("v1", "PodExecOptions")),
    "attach": (("create", "get"), ("v1", "PodAttachOptions")),
    "portforward": (("create", "get"), ("v1", "PodPortForwardOptions")),
    "proxy": (("create", "delete", "get", "patch", "update"), ("v1", "ProxyOptions")),
}
STREAMS = ("exec", "attach", "portforward")  # to look is not enough for these, by whatever method they are asked
MISSING = "the server could not find the requested resource"
NOT_ALLOWED = "the server does not allow this method on the requested resource"


@dataclass(frozen=True, slots=True)
class Target:
    """An object, a collection or a subresource, and the verb as authorization names it."""

    verb: str
    kind: Kind
    namespace: str
    name: str
    subresource: str

    @property
    def key(self) -> Key:
        return Key(self.namespace, self.name)

    @property
    def resource(self) -> str:
        """As rules name it: `pods`, `pods/log`."""
        return f"{self.kind.plural}/{self.subresource}" if self.subresource else self.kind.plural


def target(method: str, path: str, query: Mapping[str, str], kinds: Mapping[str, Kind]) -> Target | None:
    """None where the path is none of an object's. Raises NotFound and MethodNotAllowed.

    `path` begins below the cluster; its parts are not quoted any more.
    """
    if "\0" in path:
        raise Status(404, "NotFound", MISSING)
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["api"] and len(parts) > 2:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[:1] == ["apis"] and len(parts) > 3:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return None
    namespace, plural, name, subresource = _place(rest)
    kind = kinds.get(f"{plural}.{group}/{version}") or kinds.get(plural)
    if kind is None or not kind.served or (kind.group, kind.version) != (group, version):
        raise Status(404, "NotFound", MISSING)
    if namespace and not kind.namespaced:
        raise Status(404, "NotFound", MISSING)
    verb = _verb(method, kind, name, subresource, query)
    if kind.namespaced and not namespace and verb not in ("list", "watch"):
        raise Status.method_not_allowed(NOT_ALLOWED)
    return Target(verb, kind, namespace, name, subresource)


def _place(rest: list[str]) -> tuple[str, str, str, str]:
    """(namespace, plural, name, subresource)."""
    if rest[0] == "namespaces" and len(rest) > 2 and rest[2] not in ("status", "finalize"):
        return rest[1], rest[2], "".join(rest[3:4]), "/".join(rest[4:])
    return "", rest[0], "".join(rest[1:2]), "/".join(rest[2:])


def _verb(method: str, kind: Kind, name: str, subresource: str, query: Mapping[str, str]) -> str:
    verb = VERBS.get(method)
    if verb is None:
        raise Status.method_not_allowed(NOT_ALLOWED)
    watched = query.get("watch", "") in ("true", "1", "True")
    if subresource:
        return _on_subresource(verb, kind, subresource)
    if verb == "get":
        return "watch" if watched else "get" if name else "list"
    if verb == "delete":
        return "delete" if name else "deletecollection"
    if (verb == "create") == bool(name):
        raise Status.method_not_allowed(NOT_ALLOWED)
    return verb


def _on_subresource(verb: str, kind: Kind, subresource: str) -> str:
    first = subresource.partition("/")[0]
    if first == "proxy" and kind.plural == "nodes":
        raise Status(501, "NotImplemented", f"Podium does not serve {kind.plural}/{first} yet")
    subresource = first if first == "proxy" else subresource  # the rest is a path of the pod's own
    if subresource not in kind.subresources or subresource not in SUBRESOURCES:
        raise Status(404, "NotFound", MISSING)
    if verb not in SUBRESOURCES[subresource][0]:
        raise Status.method_not_allowed(NOT_ALLOWED)
    return verb
