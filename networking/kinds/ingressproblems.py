"""What may be wrong with an Ingress (Kubernetes: networking validation)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from clusters.kinds import names
from clusters.kinds.body import Body, annotations_of, dig
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.problem import FieldError
from networking.kinds.addresses import is_address

CLASS = "kubernetes.io/ingress.class"
TYPES = ("Exact", "ImplementationSpecific", "Prefix")
SEQUENCES = ("//", "/./", "/../", "%2f", "%2F")
SUFFIXES = ("/..", "/.")
WILDCARD = re.compile(r"\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
NOT_WILDCARD = (
    "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of "
    "lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', "
    f"regex used for validation is '{WILDCARD.pattern}')"
)


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, names.subdomain)
    spec = new.get("spec") or {}
    if old is None and CLASS in annotations_of(new) and spec.get("ingressClassName") is not None:
        said = "can not be set when the class field is also set"
        yield FieldError.invalid(f"annotations.{CLASS}", annotations_of(new)[CLASS], said)
    if not spec.get("rules") and spec.get("defaultBackend") is None:
        said = "either `defaultBackend` or `rules` must be specified"
        yield FieldError.invalid("spec", spec.get("rules"), said)
    if spec.get("defaultBackend") is not None:
        yield from _backend(spec["defaultBackend"], "spec.defaultBackend")
    for index, rule in enumerate(spec.get("rules") or ()):
        yield from _rule(rule, f"spec.rules[{index}]")
    for index, tls in enumerate(spec.get("tls") or ()):
        yield from _tls(tls, f"spec.tls[{index}]")
    if spec.get("ingressClassName") is not None:
        name = spec["ingressClassName"]
        yield from (FieldError.invalid("spec.ingressClassName", name, wrong) for wrong in names.subdomain(name))


def _rule(rule: Body, at: str) -> Iterator[FieldError]:
    host = rule.get("host") or ""
    if host:
        if is_address(host):
            yield FieldError.invalid(f"{at}.host", host, "must be a DNS name, not an IP address")
        yield from (FieldError.invalid(f"{at}.host", host, wrong) for wrong in _host(host))
    if rule.get("http") is None:
        return
    if not rule["http"].get("paths"):
        yield FieldError.required(f"{at}.http.paths")
    for index, path in enumerate(rule["http"].get("paths") or ()):
        yield from _path(path, f"{at}.http.paths[{index}]")


def _host(host: str) -> Iterator[str]:
    if "*" not in host:
        yield from names.subdomain(host)
    elif not WILDCARD.fullmatch(host):
        yield NOT_WILDCARD


def _path(path: Body, at: str) -> Iterator[FieldError]:
    type_, text = path.get("pathType"), path.get("path") or ""
    if type_ is None:
        yield FieldError.required(f"{at}.pathType", "pathType must be specified")
    elif type_ in ("Exact", "Prefix"):
        if not text.startswith("/"):
            yield FieldError.invalid(f"{at}.path", text, "must be an absolute path")
        for one in SEQUENCES if text else ():
            if one in text:
                yield FieldError.invalid(f"{at}.path", text, f"must not contain '{one}'")
        for one in SUFFIXES if text else ():
            if text.endswith(one):
                yield FieldError.invalid(f"{at}.path", text, f"cannot end with '{one}'")
    elif type_ == "ImplementationSpecific":
        if text and not text.startswith("/"):
            yield FieldError.invalid(f"{at}.path", text, "must be an absolute path")
    else:
        yield FieldError.unsupported(f"{at}.pathType", type_, TYPES)
    yield from _backend(path.get("backend") or {}, f"{at}.backend")


def _backend(backend: Body, at: str) -> Iterator[FieldError]:
    resource, service = backend.get("resource"), backend.get("service")
    if resource is not None and service is not None:
        yield FieldError.invalid(at, "", "cannot set both resource and service backends")
    elif resource is not None:
        for name in ("kind", "name"):
            if not resource.get(name):
                yield FieldError.required(f"{at}.resource.{name}")
    elif service is not None:
        yield from _service(service, at)
    else:
        yield FieldError.invalid(at, "", "resource or service backend is required")


def _service(service: Body, at: str) -> Iterator[FieldError]:
    name, port = service.get("name") or "", service.get("port") or {}
    if not name:
        yield FieldError.required(f"{at}.service.name")
    yield from (FieldError.invalid(f"{at}.service.name", name, one) for one in (names.dns1035(name) if name else ()))
    if port.get("name") and port.get("number"):
        yield FieldError.invalid(at, "", "cannot set both port name & port number")
    elif port.get("name"):
        for wrong in names.port_name(port["name"]):
            yield FieldError.invalid(f"{at}.service.port.name", port["name"], wrong)
    elif port.get("number"):
        for wrong in names.port_number(port["number"]):
            yield FieldError.invalid(f"{at}.service.port.number", port["number"], wrong)
    else:
        yield FieldError.required(at, "port name or number is required")


def _tls(tls: Body, at: str) -> Iterator[FieldError]:
    for index, host in enumerate(tls.get("hosts") or ()):
        yield from (FieldError.invalid(f"{at}.hosts[{index}]", host, wrong) for wrong in _host(host))
    secret = dig(tls, "secretName", "")
    yield from (
        FieldError.invalid(f"{at}.secretName", secret, one) for one in (names.subdomain(secret) if secret else ())
    )
