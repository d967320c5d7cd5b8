"""One container of a pod: image, ports, environment, mounts, resources, probes (Kubernetes: Container)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clusters.kinds import names
from clusters.kinds.body import Body
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import WRONG, is_quantity, parse
from workloads.kinds.podspec.downward import field_problems, resource_problems
from workloads.kinds.podspec.probes import hook_problems, probe_problems

PULL = ("Always", "IfNotPresent", "Never")
PROTOCOLS = ("SCTP", "TCP", "UDP")
MESSAGE_POLICIES = ("FallbackToLogsOnError", "File")
STANDARD = ("cpu", "memory", "ephemeral-storage")
SOURCES = ("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef")


def container_problems(container: Body, path: str, volumes: Sequence[str]) -> Iterator[FieldError]:
    """All but the container's name, which is unique among its neighbours."""
    image = container.get("image") or ""
    if not image:
        yield FieldError.required(f"{path}.image")
    elif image != image.strip():
        yield FieldError.invalid(f"{path}.image", image, "must not have leading or trailing whitespace")
    if container.get("ports"):
        yield from _ports(container["ports"], f"{path}.ports")
    for index, variable in enumerate(container.get("env") or ()):
        yield from _variable(variable, f"{path}.env[{index}]")
    for index, source in enumerate(container.get("envFrom") or ()):
        yield from _env_from(source, f"{path}.envFrom[{index}]")
    if container.get("volumeMounts"):
        yield from _mounts(container["volumeMounts"], volumes, f"{path}.volumeMounts")
    yield from probe_problems(container, path)
    yield from hook_problems(container.get("lifecycle") or {}, f"{path}.lifecycle")
    if container.get("imagePullPolicy") not in PULL:
        yield FieldError.unsupported(f"{path}.imagePullPolicy", container.get("imagePullPolicy") or "", PULL)
    if container.get("terminationMessagePolicy") not in MESSAGE_POLICIES:
        policy = container.get("terminationMessagePolicy") or ""
        yield FieldError.unsupported(f"{path}.terminationMessagePolicy", policy, MESSAGE_POLICIES)
    if container.get("resources"):
        yield from _resources(container["resources"], f"{path}.resources")


def _ports(ports: Sequence[Body], path: str) -> Iterator[FieldError]:
    seen: list[str] = []
    for index, port in enumerate(ports):
        at, name = f"{path}[{index}]", port.get("name")
        if name:
            for wrong in names.port_name(name):
                yield FieldError.invalid(f"{at}.name", name, wrong)
            if name in seen:
                yield FieldError.duplicate(f"{at}.name", name)
            seen.append(name)
        if not port.get("containerPort"):
            yield FieldError.required(f"{at}.containerPort")
        for field in ("containerPort", "hostPort"):
            for wrong in names.port_number(port[field]) if port.get(field) else ():
                yield FieldError.invalid(f"{at}.{field}", port[field], wrong)
        if port.get("protocol") not in PROTOCOLS:
            yield FieldError.unsupported(f"{at}.protocol", port.get("protocol") or "", PROTOCOLS)


def _variable(variable: Body, path: str) -> Iterator[FieldError]:
    name = variable.get("name")
    if not name:
        yield FieldError.required(f"{path}.name")
    for wrong in names.environment(name) if name else ():
        yield FieldError.invalid(f"{path}.name", name, wrong)
    source = variable.get("valueFrom")
    if source is None:
        return
    if variable.get("value"):
        yield FieldError.invalid(f"{path}.valueFrom", "", "may not be specified when `value` is not empty")
    given = [field for field in SOURCES if source.get(field) is not None]
    if len(given) != 1:
        listed = ", ".join(f"`{field}`" for field in SOURCES[:-1])
        one = f"must specify one of: {listed} or `{SOURCES[-1]}`"
        detail = "may not have more than one field specified at a time" if given else one
        yield FieldError.invalid(f"{path}.valueFrom", source if given else "", detail)
        return
    yield from _reference(source[given[0]], given[0], f"{path}.valueFrom.{given[0]}")


def _reference(source: Body, kind: str, path: str) -> Iterator[FieldError]:
    if kind in ("configMapKeyRef", "secretKeyRef"):
        if not source.get("name"):
            yield FieldError.required(f"{path}.name")
        if not source.get("key"):
            yield FieldError.required(f"{path}.key")
        for wrong in names.config_key(source["key"]) if source.get("key") else ():
            yield FieldError.invalid(f"{path}.key", source["key"], wrong)
    elif kind == "fieldRef":
        yield from field_problems(source, path)
    elif kind == "resourceFieldRef":
        yield from resource_problems(source, path)


def _env_from(source: Body, path: str) -> Iterator[FieldError]:
    given = [field for field in ("configMapRef", "secretRef") if source.get(field) is not None]
    if not given:
        yield FieldError.invalid(path, "", "must specify one of: `configMapRef` or `secretRef`")
    elif len(given) > 1:
        yield FieldError.invalid(path, "", "may not have more than one field specified at a time")
    elif not source[given[0]].get("name"):
        yield FieldError.required(f"{path}.{given[0]}.name")


def _mounts(mounts: Sequence[Body], volumes: Sequence[str], path: str) -> Iterator[FieldError]:
    seen: list[str] = []
    for index, mount in enumerate(mounts):
        at, name, place = f"{path}[{index}]", mount.get("name") or "", mount.get("mountPath") or ""
        if not name:
            yield FieldError.required(f"{at}.name")
        elif name not in volumes:
            yield FieldError.not_found(f"{at}.name", name)
        if not place:
            yield FieldError.required(f"{at}.mountPath")
        elif place in seen:
            yield FieldError.invalid(f"{at}.mountPath", place, "must be unique")
        seen.append(place)
        if mount.get("subPath"):
            yield from inside(mount["subPath"], f"{at}.subPath")


def inside(place: str, path: str) -> Iterator[FieldError]:
    """A relative path that does not lead out of its volume."""
    if place.startswith("/"):
        yield FieldError.invalid(path, place, "must be a relative path")
    if ".." in place.split("/"):
        yield FieldError.invalid(path, place, "must not contain '..'")


def _resources(resources: Body, path: str) -> Iterator[FieldError]:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    yield from _amounts(limits, f"{path}.limits")
    yield from _amounts(requests, f"{path}.requests")
    for name, amount in requests.items():
        limit = limits.get(name)
        if limit is not None and is_quantity(amount) and is_quantity(limit) and parse(amount) > parse(limit):
            detail = f"must be less than or equal to {name} limit of {limit}"
            yield FieldError.invalid(f"{path}.requests", amount, detail)


def _amounts(amounts: Mapping[str, Any], path: str) -> Iterator[FieldError]:
    for name, amount in amounts.items():
        at = f"{path}[{name}]"
        for wrong in names.qualified(name):
            yield FieldError.invalid(at, name, wrong)
        if "/" not in name and name not in STANDARD and not name.startswith("hugepages-"):
            yield FieldError.invalid(at, name, "must be a standard resource type or fully qualified")
            yield FieldError.invalid(at, name, "must be a standard resource for containers")
        if not is_quantity(amount):
            yield FieldError.invalid(at, amount, WRONG)
        elif parse(amount) < 0:
            yield FieldError.invalid(at, amount, "must be greater than or equal to 0")
