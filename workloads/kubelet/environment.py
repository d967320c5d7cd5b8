"""A container's environment: env, envFrom, the downward API and the Services' variables (Kubernetes: Define env)."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from decimal import Decimal

import orjson

from clusters.kinds.body import Body, Key, dig
from workloads.kubelet.pressure import EPHEMERAL_STORAGE
from workloads.kubelet.resources import milli, quantity
from workloads.kubelet.work import Work


class Unresolved(Exception):
    """A reference that cannot be followed; the text is the kubelet's message."""


def environment(work: Work, spec: Body) -> dict[str, str]:
    """All variables, each already expanded. Raises Unresolved: the container waits as CreateContainerConfigError."""
    known = services(work)
    own: dict[str, str] = {}
    for source in spec.get("envFrom") or ():
        own |= _all_of(work, source)
    for variable in spec.get("env") or ():
        value = _value(work, spec, variable, {**known, **own})
        if value is not None:
            own[variable["name"]] = value
    return {**known, **own}


def expand(text: str, known: Mapping[str, str]) -> str:
    """$(NAME) becomes the variable's value, $$ a dollar sign; an unknown name stays as it is."""
    if "$" not in text:
        return text
    out, rest = "", text
    while rest:
        before, dollar, rest = rest.partition("$")
        out += before
        if not dollar:
            break
        if rest.startswith("$"):
            out, rest = out + "$", rest[1:]
        elif rest.startswith("(") and ")" in rest:
            name, _, rest = rest[1:].partition(")")
            out += known.get(name, f"$({name})")
        else:
            out += "$"
    return out


def expanded(spec: Body, known: Mapping[str, str]) -> Body:
    """The container's spec with variables in command and args replaced."""
    words = {name: spec[name] for name in ("command", "args") if spec.get(name)}
    if not any("$" in word for list_ in words.values() for word in list_):
        return spec
    return {**spec, **{name: [expand(word, known) for word in list_] for name, list_ in words.items()}}


def services(work: Work) -> dict[str, str]:
    """Docker-link variables of the namespace's Services, and always those of the API's own."""
    namespace, view = work.pod["metadata"]["namespace"], work.view
    found: dict[str, str] = {}
    if work.spec.get("enableServiceLinks", True):
        for service in view.list("services", namespace):
            found |= _links(service)
    if namespace != "default" or not work.spec.get("enableServiceLinks", True):
        own = view.get("services", Key("default", "kubernetes"))
        found |= _links(own) if own else {}
    return found


def _links(service: Body) -> dict[str, str]:
    address, ports = service["spec"].get("clusterIP"), service["spec"].get("ports") or ()
    if not address or address == "None" or not ports:
        return {}
    prefix = service["metadata"]["name"].upper().replace("-", "_")
    found = {f"{prefix}_SERVICE_HOST": address, f"{prefix}_SERVICE_PORT": str(ports[0]["port"])}
    for index, port in enumerate(ports):
        if port.get("name"):
            found[f"{prefix}_SERVICE_PORT_{port['name'].upper().replace('-', '_')}"] = str(port["port"])
        protocol = port.get("protocol", "TCP").lower()
        url, base = f"{protocol}://{address}:{port['port']}", f"{prefix}_PORT_{port['port']}_{protocol.upper()}"
        if index == 0:
            found[f"{prefix}_PORT"] = url
        found |= {base: url, f"{base}_PROTO": protocol, f"{base}_PORT": str(port["port"]), f"{base}_ADDR": address}
    return found


def _all_of(work: Work, source: Body) -> dict[str, str]:
    prefix = source.get("prefix", "")
    for field, resource, noun in (("configMapRef", "configmaps", "configmap"), ("secretRef", "secrets", "secret")):
        reference = source.get(field)
        if reference:
            data = data_of(work, resource, reference["name"])
            if data is None and not reference.get("optional"):
                raise Unresolved(f'{noun} "{reference["name"]}" not found')
            return {f"{prefix}{name}": value for name, value in sorted((data or {}).items())}
    return {}


def data_of(work: Work, resource: str, name: str) -> dict[str, str] | None:
    """What a ConfigMap or Secret holds, as text; None when it is not there."""
    found = work.view.get(resource, Key(work.pod["metadata"]["namespace"], name))
    if found is None:
        return None
    if resource == "secrets":
        return {key: _text(value) for key, value in (found.get("data") or {}).items()}
    binary = {key: _text(value) for key, value in (found.get("binaryData") or {}).items()}
    return {**(found.get("data") or {}), **binary}


def _text(value: str) -> str:
    return b64decode(value).decode(errors="replace")


def _value(work: Work, spec: Body, variable: Body, known: Mapping[str, str]) -> str | None:
    source = variable.get("valueFrom")
    if not source:
        return expand(variable.get("value") or "", known)
    if "fieldRef" in source:
        return field_of(work, source["fieldRef"]["fieldPath"])
    if "resourceFieldRef" in source:
        return resource_of(work, spec, source["resourceFieldRef"])
    if "configMapKeyRef" in source:
        return _key(work, source["configMapKeyRef"], "configmaps", "configmap", "ConfigMap")
    if "secretKeyRef" in source:
        return _key(work, source["secretKeyRef"], "secrets", "secret", "Secret")
    raise Unresolved(f"the source of environment variable {variable['name']} is not simulated")


def _key(work: Work, reference: Body, resource: str, noun: str, kind: str) -> str | None:
    data = data_of(work, resource, reference["name"])
    if data is not None and reference["key"] in data:
        return data[reference["key"]]
    if reference.get("optional"):
        return None
    if data is None:
        raise Unresolved(f'{noun} "{reference["name"]}" not found')
    namespace = work.pod["metadata"]["namespace"]
    raise Unresolved(f"couldn't find key {reference['key']} in {kind} {namespace}/{reference['name']}")


def field_of(work: Work, path: str) -> str:
    """A field of the pod by the downward API's path."""
    metadata = work.pod["metadata"]
    if path.startswith(("metadata.labels[", "metadata.annotations[")):
        return str((metadata.get(path.split(".")[1].split("[", maxsplit=1)[0]) or {}).get(path.split("'")[1], ""))
    if path in ("metadata.labels", "metadata.annotations"):
        held = metadata.get(path.split(".")[1]) or {}
        return "\n".join(f"{name}={orjson.dumps(value).decode()}" for name, value in sorted(held.items()))
    known = {
        "status.podIP": work.box["ip"],
        "status.podIPs": work.box["ip"],
        "status.hostIP": work.machine["ip"],
        "status.hostIPs": work.machine["ip"],
    }
    return str(known[path] if path in known else dig(work.pod, path, ""))


def resource_of(work: Work, spec: Body, reference: Body) -> str:
    """A container's request or limit, in units of the divisor; a missing limit is the node's."""
    name = reference.get("containerName") or spec.get("name")
    container = next((one for one in work.specs() if one["name"] == name), None)
    if container is None:
        raise Unresolved(f'container "{name}" not found')
    side, _, resource = reference["resource"].partition(".")
    text = (work.resources(container).get(side) or {}).get(resource)
    if text is None and side == "limits":
        text = {**work.machine, "ephemeral-storage": EPHEMERAL_STORAGE}.get(resource, "0")
    divisor = quantity(str(reference.get("divisor") or "1")) or Decimal(1)
    value = Decimal(milli(text or "0")) / 1000 / divisor
    return str(int(value.to_integral_value(rounding="ROUND_CEILING")))
