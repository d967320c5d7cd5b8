"""A crowd of clients that send requests to a Service, an Ingress or an address, until this object is deleted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from clusters.kinds.age import framed
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError
from clusters.kinds.status import is_new, keep_status
from clusters.reconcile.clock import HOUR, MINUTE, SECOND, Time

DURATION = re.compile(r"([0-9]+(\.[0-9]+)?(h|m|s|ms))+")
PART = re.compile(r"([0-9.]+)(h|ms|m|s)")
UNITS = {"ms": SECOND // 1000, "s": SECOND, "m": MINUTE, "h": HOUR}
OUTSIDE, NODES, PODS = "Outside", "Nodes", "Pods"
CONSTANT, WAVE, SPIKE = "Constant", "Wave", "Spike"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
MOST_RATE, MOST_CLIENTS, MOST_RETRIES = 100_000, 1_000, 10
URL = re.compile(r"(https?)://([^/:?#\s]+)(?::([0-9]{1,5}))?(/[^\s#]*)?")


def _text(told: str, **more: Any) -> Body:
    return {"description": told, "type": "string", **more}


def _number(told: str) -> Body:
    return {"description": told, "type": "integer", "format": "int32"}


def _object(told: str, **fields: Body) -> Body:
    return {"description": told, "type": "object", "properties": fields}


_SPEC = _object(
    "What is sent, to whom, by whom and how often.",
    target=_object(
        "Where the requests go: one of service, ingress and url.",
        service=_text("The name of a Service."),
        namespace=_text("The Service's namespace; the Traffic's own where it is missing."),
        port={
            "description": "The Service's port, by number or name; its first where it is missing.",
            "x-kubernetes-int-or-string": True,
            "oneOf": [{"type": "integer"}, {"type": "string"}],
        },
        ingress=_text("A host name of an Ingress rule: requests go to the address of that Ingress, with this name."),
        url=_text("An address with http:// or https://, as a client in a container would type it."),
    ),
    rate=_number("Requests per second, 10 where it is missing."),
    pattern=_object(
        "How the rate changes with time.",
        type=_text(
            "Constant, Wave (swings up to factor times the rate) or Spike (now and then factor times the rate)."
        ),
        factor=_number("How many times the rate at the top, 5 where it is missing."),
        period=_text("From top to top, 60s where it is missing."),
        length=_text("How long a spike lasts, 10s where it is missing."),
    ),
    ramp=_text("How long the rate grows from nothing at the beginning, e.g. 30s."),
    **{
        "from": _object(
            "Who sends.",
            where=_text("Outside (the world), Nodes (programs on the machines themselves) or Pods."),
            namespace=_text("The pods' namespace; the Traffic's own where it is missing."),
            selector={
                "description": "The labels of the pods that send.",
                "$ref": "#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
            },
        )
    },
    clients=_number("How many clients outside, each with an address of its own, 10 where it is missing."),
    timeout=_text("How long a client waits for an answer, 5s where it is missing."),
    retries=_number("How often a client tries again after a failure, 0 where it is missing."),
    method=_text("The HTTP method, GET where it is missing."),
    path=_text("The path, / where it is missing."),
    duration=_text("After this time it is over, e.g. 5m; without it, it goes on until it is deleted."),
    paused={"description": "Nothing is sent while this is true.", "type": "boolean"},
)
_COUNT = {"type": "integer", "format": "int64"}
_STATUS = _object(
    "What became of the requests, at most once a second.",
    phase=_text("Running, Paused, Waiting (nobody can send) or Finished."),
    message=_text("Why nothing is sent, in a sentence."),
    startedAt=_text("Since when it sends.", format="date-time"),
    finishedAt=_text("When its duration was over.", format="date-time"),
    rate=_number("Requests in the last second."),
    sent={"description": "Requests so far, without retries.", **_COUNT},
    succeeded={"description": "Those with an answer below 400.", **_COUNT},
    failed={"description": "Those without, after the last retry.", **_COUNT},
    retried={"description": "How often a client tried again.", **_COUNT},
    latency=_object(
        "Of the answers of the last second.",
        p50=_text("Half of them were faster."),
        p95=_text("95 of 100 were faster."),
        p99=_text("99 of 100 were faster."),
    ),
    reasons={
        "description": "Why requests failed, the most frequent first.",
        "type": "array",
        "items": _object("A reason.", reason=_text("The true one."), count={"description": "How many.", **_COUNT}),
    },
)
SCHEMA = {
    "description": "Traffic is a crowd of clients that send requests until it is deleted or its duration is over.",
    "type": "object",
    "required": ["spec"],
    "properties": {
        "apiVersion": _text("The version of this representation of an object."),
        "kind": _text("The REST resource that this object represents."),
        "metadata": {"$ref": "#/$defs/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"},
        "spec": {**_SPEC, "required": ["target"]},
        "status": _STATUS,
    },
    "x-kubernetes-group-version-kind": [{"group": "podium.dev", "kind": "Traffic", "version": "v1"}],
}


def fill_in(traffic: Body) -> None:
    spec = traffic["spec"] = traffic.get("spec") or {}
    spec.setdefault("rate", 10)
    sender = spec["from"] = spec.get("from") or {}
    sender.setdefault("where", OUTSIDE if dig(spec, "target.ingress") else NODES)
    pattern = spec["pattern"] = spec.get("pattern") or {}
    pattern.setdefault("type", CONSTANT)
    if pattern["type"] in (WAVE, SPIKE):
        pattern.setdefault("factor", 5)
        pattern.setdefault("period", "60s")
    if pattern["type"] == SPIKE:
        pattern.setdefault("length", "10s")
    for name, value in (("clients", 10), ("timeout", "5s"), ("retries", 0), ("method", "GET"), ("path", "/")):
        spec.setdefault(name, value)
    if is_new(traffic):
        traffic.pop("status", None)


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    spec = new["spec"]
    yield from _target(spec.get("target") or {})
    yield from _bounds(spec)
    yield from _sender(spec.get("from") or {})
    yield from _pattern(spec.get("pattern") or {})
    for name in ("ramp", "timeout", "duration"):
        yield from _duration(spec.get(name), f"spec.{name}")
    if spec.get("method") not in METHODS:
        yield FieldError.unsupported("spec.method", spec.get("method"), METHODS)
    if not str(spec.get("path") or "").startswith("/"):
        yield FieldError.invalid("spec.path", spec.get("path"), "must begin with /")


def _target(target: Body) -> Iterator[FieldError]:
    named = [name for name in ("service", "ingress", "url") if target.get(name)]
    if not named:
        yield FieldError.required("spec.target", "one of service, ingress and url")
    elif len(named) > 1:
        yield FieldError.forbidden(f"spec.target.{named[1]}", f"may not be specified beside {named[0]}")
    for name in ("port", "namespace"):
        if target.get(name) and not target.get("service"):
            yield FieldError.forbidden(f"spec.target.{name}", "only for a service")
    if target.get("url") and address_of(target["url"]) is None:
        yield FieldError.invalid("spec.target.url", target["url"], "must be like http://name:port/path")


def _bounds(spec: Body) -> Iterator[FieldError]:
    bounds = (("rate", 0, MOST_RATE), ("clients", 1, MOST_CLIENTS), ("retries", 0, MOST_RETRIES))
    for name, least, most in bounds:
        if not least <= spec.get(name, least) <= most:
            yield FieldError.invalid(f"spec.{name}", spec[name], f"must be between {least} and {most}, inclusive")


def _sender(sender: Body) -> Iterator[FieldError]:
    if sender.get("where") not in (OUTSIDE, NODES, PODS):
        yield FieldError.unsupported("spec.from.where", sender.get("where"), (OUTSIDE, NODES, PODS))
    elif sender["where"] == PODS and not sender.get("selector"):
        yield FieldError.required("spec.from.selector", "the labels of the pods that send")
    elif sender["where"] != PODS:
        for name in ("selector", "namespace"):
            if sender.get(name):
                yield FieldError.forbidden(f"spec.from.{name}", "only where pods send")


def _pattern(pattern: Body) -> Iterator[FieldError]:
    if pattern.get("type") not in (CONSTANT, WAVE, SPIKE):
        yield FieldError.unsupported("spec.pattern.type", pattern.get("type"), (CONSTANT, WAVE, SPIKE))
    if not 1 <= pattern.get("factor", 1) <= 1_000:
        yield FieldError.invalid("spec.pattern.factor", pattern["factor"], "must be between 1 and 1000, inclusive")
    for name in ("period", "length"):
        yield from _duration(pattern.get(name), f"spec.pattern.{name}", least=SECOND)


def _duration(stated: str | None, path: str, least: Time = 0) -> Iterator[FieldError]:
    if stated is None:
        return
    if not DURATION.fullmatch(stated):
        yield FieldError.invalid(path, stated, "must be a duration, e.g. 30s or 1m30s")
    elif span(stated) < least or (span(stated) <= 0 and path.endswith("timeout")):
        yield FieldError.invalid(path, stated, "is too short")


def span(stated: str | None, default: Time = 0) -> Time:
    """A duration in microseconds: `1m30s`."""
    if not stated:
        return default
    return round(sum(float(number) * UNITS[unit] for number, unit in PART.findall(stated)))


def address_of(url: str) -> tuple[str, str, int, str] | None:
    """Scheme, host, port and path of an address; None for what is none."""
    found = URL.fullmatch(url)
    if found is None or int(found[3] or 80) not in range(1, 65_536):
        return None
    return found[1], found[2], int(found[3] or (443 if found[1] == "https" else 80)), found[4] or "/"


def target(traffic: Body, _: Time = 0) -> str:
    """`service/web:80`, `ingress/shop.example/cart`, `http://web.blue/`."""
    spec = traffic.get("spec") or {}
    aim, path = spec.get("target") or {}, spec.get("path", "/")
    if aim.get("service"):
        port = f":{aim['port']}" if aim.get("port") else ""
        home = f"{aim['namespace']}/" if aim.get("namespace") else ""
        return f"service/{home}{aim['service']}{port}{path if path != '/' else ''}"
    return f"ingress/{aim['ingress']}{path}" if aim.get("ingress") else str(aim.get("url", ""))


def success(traffic: Body, _: Time = 0) -> str:
    """Of all that are over, to a tenth of a per cent; never 100% when one failed."""
    good, bad = dig(traffic, "status.succeeded", 0), dig(traffic, "status.failed", 0)
    if not good + bad:
        return "<none>"
    return f"{min(1000 * good // (good + bad), 1000 if not bad else 999) / 10:g}%"


def word(traffic: Body) -> str:
    """`Running`, `Paused`, `Waiting`, `Finished`; `Pending` before it has begun."""
    return str(dig(traffic, "status.phase") or "Pending")


TRAFFIC = Kind(
    "podium.dev/v1",
    "Traffic",
    "traffic",
    subresources=("status",),
    columns=framed(
        Column("Target", target),
        Column("Rate", lambda traffic, _: f"{dig(traffic, 'status.rate', 0)}/s"),
        Column("Success", success),
        Column("P50", lambda traffic, _: dig(traffic, "status.latency.p50") or "<none>"),
        Column("P99", lambda traffic, _: dig(traffic, "status.latency.p99") or "<none>"),
        Column("Status", lambda traffic, _: word(traffic)),
        Column("Sent", "status.sent", wide=True, type="integer"),
        Column("Failed", "status.failed", wide=True, type="integer"),
        Column("From", "spec.from.where", wide=True),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    word=word,
    schema=SCHEMA,
    generation=True,
)
