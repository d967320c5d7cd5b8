"""What the API server fills into a PodSpec (Kubernetes: core/v1 defaults)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from clusters.kinds.body import Body
from clusters.kinds.persistentvolumeclaim import fill_in_spec as fill_in_claim
from clusters.kinds.quantity import NotAQuantity, canonical, parse

MODE = 0o644
TOKEN_SECONDS = 3600
SPEC = {"restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler"}
CONTAINER = {"terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File"}
PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
FLAGS = ("hostNetwork", "hostPID", "hostIPC")  # what is off is not written down


def fill_in_spec(spec: Body) -> None:
    """Everything that templates and pods have in common. Filling in twice changes nothing."""
    for name, usual in SPEC.items():
        spec[name] = spec.get(name) or usual
    spec.setdefault("terminationGracePeriodSeconds", 30)
    spec.setdefault("securityContext", {})
    for flag in FLAGS:
        if spec.get(flag) is False:
            del spec[flag]
    _join_account_names(spec)
    for container in containers(spec):
        _fill_in_container(container)
        if spec.get("hostNetwork"):
            for port in container.get("ports") or ():
                port.setdefault("hostPort", port.get("containerPort"))
    for container in spec.get("ephemeralContainers") or ():
        _fill_in_container(container)
    for volume in spec.get("volumes") or ():
        _fill_in_volume(volume)


def fill_in_pod_only(spec: Body) -> None:
    """What a Pod gets and a template does not."""
    spec.setdefault("enableServiceLinks", True)
    for container in containers(spec):
        resources = container["resources"]
        limits = resources.get("limits")
        if limits:
            requests = resources.get("requests") or {}
            resources["requests"] = {**{n: v for n, v in limits.items() if n not in requests}, **requests}
    if spec.get("resources"):
        _fill_in_pod_resources(spec)


def _fill_in_pod_resources(spec: Body) -> None:
    """A request that the pod does not state is what its containers ask for, or else its limit."""
    own = spec["resources"]
    for side in ("limits", "requests"):
        tidy_amounts(own.get(side))
    for name in ("cpu", "memory"):
        if name in (own.get("requests") or {}):
            continue
        try:
            total = sum(parse(asked[name]) for asked in _requests(spec) if name in asked)
        except NotAQuantity:  # validation refuses it
            continue
        wanted = canonical(_text(name, total)) if total else (own.get("limits") or {}).get(name)
        if wanted is not None:
            own["requests"] = {**(own.get("requests") or {}), name: wanted}


def _requests(spec: Body) -> Iterator[Body]:
    """Of what runs side by side."""
    for container in spec.get("containers") or ():
        yield container["resources"].get("requests") or {}
    for container in spec.get("initContainers") or ():
        if container.get("restartPolicy") == "Always":
            yield container["resources"].get("requests") or {}


def _text(name: str, total: Any) -> str:
    return f"{int(total * 1000)}m" if name == "cpu" else str(int(total))


def containers(spec: Body) -> Iterator[Body]:
    """Init containers first, then the others."""
    yield from spec.get("initContainers") or ()
    yield from spec.get("containers") or ()


def tidy_amounts(amounts: Any) -> None:
    """Quantities as the API server writes them down; what is none is left for validation to refuse."""
    for name, amount in (amounts or {}).items():
        try:
            amounts[name] = canonical(amount)
        except NotAQuantity:
            continue


def _join_account_names(spec: Body) -> None:
    """`serviceAccount` is the older name of `serviceAccountName`: both always say the same."""
    name = spec.get("serviceAccountName") or spec.get("serviceAccount")
    if name:
        spec["serviceAccountName"] = spec["serviceAccount"] = name


def _fill_in_container(container: Body) -> None:
    for name, usual in CONTAINER.items():
        container[name] = container.get(name) or usual
    container["imagePullPolicy"] = container.get("imagePullPolicy") or _pull_policy(container.get("image") or "")
    resources = container.setdefault("resources", {})
    if resources:
        tidy_amounts(resources.get("limits"))
        tidy_amounts(resources.get("requests"))
    for port in container.get("ports") or ():
        port["protocol"] = port.get("protocol") or "TCP"
    for variable in container.get("env") or ():
        _fill_in_source(variable.get("valueFrom") or {})
    for name in ("livenessProbe", "readinessProbe", "startupProbe"):
        if container.get(name):
            _fill_in_probe(container[name])
    for hook in ("postStart", "preStop"):
        _fill_in_handler((container.get("lifecycle") or {}).get(hook))


@lru_cache(1024)
def _pull_policy(image: str) -> str:
    """`Always` for what may change behind its name: no tag, or `latest`."""
    if "@" in image:
        return "IfNotPresent"
    tag = image.rpartition("/")[2].partition(":")[2]
    return "Always" if tag in ("", "latest") else "IfNotPresent"


def _fill_in_probe(probe: Body) -> None:
    for name, usual in PROBE.items():
        probe[name] = probe.get(name) or usual
    if "grpc" in probe:
        probe["grpc"].setdefault("service", "")
    _fill_in_handler(probe)


def _fill_in_handler(handler: Body | None) -> None:
    get = (handler or {}).get("httpGet")
    if get is not None:
        get["path"] = get.get("path") or "/"
        get["scheme"] = get.get("scheme") or "HTTP"


def _fill_in_source(source: Body) -> None:
    if "fieldRef" in source:
        source["fieldRef"].setdefault("apiVersion", "v1")
    if "resourceFieldRef" in source:
        source["resourceFieldRef"].setdefault("divisor", "0")


def _fill_in_volume(volume: Body) -> None:
    if not any(name != "name" and source is not None for name, source in volume.items()):
        volume["emptyDir"] = {}
    for name in ("configMap", "secret", "downwardAPI", "projected"):
        if volume.get(name) is not None:
            volume[name].setdefault("defaultMode", MODE)
    if volume.get("hostPath") is not None:
        volume["hostPath"].setdefault("type", "")
    template = (volume.get("ephemeral") or {}).get("volumeClaimTemplate")
    if template:
        fill_in_claim(template.setdefault("spec", {}))
    if volume.get("emptyDir"):
        _tidy_size(volume["emptyDir"])
    for source in _sources(volume):
        for item in (source.get("downwardAPI") or {}).get("items") or ():
            _fill_in_source(item)
        if source.get("serviceAccountToken") is not None:
            source["serviceAccountToken"].setdefault("expirationSeconds", TOKEN_SECONDS)


def _tidy_size(directory: Body) -> None:
    if "sizeLimit" in directory:
        size = {"sizeLimit": directory["sizeLimit"]}
        tidy_amounts(size)
        directory.update(size)


def _sources(volume: Body) -> Iterator[Body]:
    yield volume
    yield from (volume.get("projected") or {}).get("sources") or ()
