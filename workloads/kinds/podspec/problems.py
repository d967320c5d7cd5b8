"""What may be wrong with a PodSpec beyond its shape (Kubernetes: core validation)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds import names
from clusters.kinds.body import Body
from clusters.kinds.metadata import label_problems
from clusters.kinds.problem import FieldError
from clusters.kinds.taints import toleration_problems
from workloads.kinds.podspec.containers import container_problems
from workloads.kinds.podspec.podresources import pod_resource_problems
from workloads.kinds.podspec.volumes import volume_problems

RESTART = ("Always", "Never", "OnFailure")
DNS = ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None")
INT32 = 2**31 - 1


def spec_problems(spec: Body, path: str) -> Iterator[FieldError]:
    """Everything wrong under `path`, in the order in which the API server looks."""
    volumes = spec.get("volumes") or ()
    if volumes:
        yield from volume_problems(volumes, f"{path}.volumes")
    yield from _containers(spec, path, tuple(volume.get("name") or "" for volume in volumes))
    if spec.get("resources"):
        yield from pod_resource_problems(spec, f"{path}.resources")
    if spec.get("restartPolicy") not in RESTART:
        yield FieldError.unsupported(f"{path}.restartPolicy", spec.get("restartPolicy") or "", RESTART)
    if spec.get("dnsPolicy") not in DNS:
        yield FieldError.unsupported(f"{path}.dnsPolicy", spec.get("dnsPolicy") or "", DNS)
    if spec.get("nodeSelector"):
        yield from label_problems(spec["nodeSelector"], f"{path}.nodeSelector")
    for name in ("serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName", "schedulerName"):
        yield from _named(spec.get(name), names.subdomain, f"{path}.{name}")
    for name in ("hostname", "subdomain"):
        yield from _named(spec.get(name), names.label, f"{path}.{name}")
    yield from _deadline(spec, path)
    if spec.get("tolerations"):
        yield from toleration_problems(spec["tolerations"], f"{path}.tolerations")


def _containers(spec: Body, path: str, volumes: Sequence[str]) -> Iterator[FieldError]:
    seen: list[str] = []
    if not spec.get("containers"):
        yield FieldError.required(f"{path}.containers")
    ports: list[tuple[str, str, int]] = []  # of the host, which the pod's containers share
    for index, container in enumerate(spec.get("containers") or ()):
        at = f"{path}.containers[{index}]"
        yield from _container_name(container.get("name") or "", seen, at)
        yield from container_problems(container, at, volumes)
        yield from _host_ports(container, ports, at)
        if container.get("restartPolicy"):
            yield FieldError.forbidden(f"{at}.restartPolicy", "may not be set for non-init containers")
    for index, container in enumerate(spec.get("initContainers") or ()):
        at = f"{path}.initContainers[{index}]"
        yield from _container_name(container.get("name") or "", seen, at)
        yield from container_problems(container, at, volumes)
        if container.get("restartPolicy") != "Always":
            yield from _no_probes(container, at)


def _container_name(name: str, seen: list[str], path: str) -> Iterator[FieldError]:
    if not name:
        yield FieldError.required(f"{path}.name")
        return
    for wrong in names.label(name):
        yield FieldError.invalid(f"{path}.name", name, wrong)
    if name in seen:
        yield FieldError.duplicate(f"{path}.name", name)
    seen.append(name)


def _host_ports(container: Body, seen: list[tuple[str, str, int]], path: str) -> Iterator[FieldError]:
    for index, port in enumerate(container.get("ports") or ()):
        if port.get("hostPort"):
            place = (port.get("protocol") or "TCP", port.get("hostIP") or "", port["hostPort"])
            if place in seen:
                shown = f"{place[0]}/{place[1]}/{place[2]}"
                yield FieldError.duplicate(f"{path}.ports[{index}].hostPort", shown)
            seen.append(place)


def _no_probes(container: Body, path: str) -> Iterator[FieldError]:
    """An init container that ends is neither watched nor hooked."""
    for name in ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe"):
        if container.get(name):
            yield FieldError.forbidden(
                f"{path}.{name}", "may not be set for init containers without restartPolicy=Always"
            )


def _named(name: str | None, rule: names.Rule, path: str) -> Iterator[FieldError]:
    for wrong in rule(name) if name else ():
        yield FieldError.invalid(path, name, wrong)


def _deadline(spec: Body, path: str) -> Iterator[FieldError]:
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and not 1 <= deadline <= INT32:
        yield FieldError.invalid(f"{path}.activeDeadlineSeconds", deadline, f"must be between 1 and {INT32}, inclusive")
