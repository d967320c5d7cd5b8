"""Probes and lifecycle hooks: exactly one way to ask, and numbers that make sense (Kubernetes: Probe)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from clusters.kinds import names
from clusters.kinds.body import Body
from clusters.kinds.metadata import number_problem
from clusters.kinds.problem import FieldError

PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
PROBE_WAYS = ("exec", "httpGet", "tcpSocket", "grpc")
HOOK_WAYS = ("exec", "httpGet", "tcpSocket", "sleep")
NUMBERS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
SCHEMES = ("HTTP", "HTTPS")


def probe_problems(container: Body, path: str) -> Iterator[FieldError]:
    """All three probes of a container."""
    for name in PROBES:
        if container.get(name) is not None:
            yield from _probe(container[name], name, f"{path}.{name}")


def hook_problems(lifecycle: Body, path: str) -> Iterator[FieldError]:
    """What runs after a container's start and before its stop."""
    for name in ("postStart", "preStop"):
        if lifecycle.get(name) is not None:
            yield from _handler(lifecycle[name], HOOK_WAYS, f"{path}.{name}")


def _probe(probe: Body, name: str, path: str) -> Iterator[FieldError]:
    yield from _handler(probe, PROBE_WAYS, path)
    for number in NUMBERS:
        yield from number_problem(probe.get(number), f"{path}.{number}")
    grace = probe.get("terminationGracePeriodSeconds")
    if name == "readinessProbe":
        if grace is not None:
            field = f"{path}.terminationGracePeriodSeconds"
            yield FieldError.invalid(field, grace, "must not be set for readinessProbes")
        return
    if grace is not None and grace <= 0:
        yield FieldError.invalid(f"{path}.terminationGracePeriodSeconds", grace, "must be greater than 0")
    if probe.get("successThreshold") != 1:
        yield FieldError.invalid(f"{path}.successThreshold", probe.get("successThreshold"), "must be 1")


def _handler(handler: Body, ways: Sequence[str], path: str) -> Iterator[FieldError]:
    given = [way for way in ways if handler.get(way) is not None]
    if not given:
        yield FieldError.required(path, "must specify a handler type")
        return
    for way in given[1:]:
        yield FieldError.forbidden(f"{path}.{way}", "may not specify more than 1 handler type")
    asked, at = handler[given[0]], f"{path}.{given[0]}"
    if given[0] == "exec" and not asked.get("command"):
        yield FieldError.required(f"{at}.command")
    if given[0] in ("httpGet", "tcpSocket", "grpc"):
        yield from _port(asked.get("port"), f"{at}.port")
    if given[0] == "httpGet" and asked.get("scheme") not in SCHEMES:
        yield FieldError.unsupported(f"{at}.scheme", asked.get("scheme") or "", SCHEMES)
    if given[0] == "sleep" and asked.get("seconds", 0) < 0:
        yield FieldError.invalid(f"{at}.seconds", asked["seconds"], "must be greater than or equal to 0")


def _port(port: Any, path: str) -> Iterator[FieldError]:
    wrongs = names.port_name(port) if isinstance(port, str) else names.port_number(port or 0)
    for wrong in wrongs:
        yield FieldError.invalid(path, port, wrong)
