"""Which controller looks after an Ingress (Kubernetes: IngressClass)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, annotations_of, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import path_segment, qualified, subdomain
from clusters.kinds.problem import FieldError

DEFAULT = "ingressclass.kubernetes.io/is-default-class"
LONGEST = 250
SCOPES = ("Cluster", "Namespace")


def fill_in(class_: Body) -> None:
    parameters = dig(class_, "spec.parameters")
    if parameters and not parameters.get("scope"):
        parameters["scope"] = "Cluster"


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain, namespaced=False)
    controller = dig(new, "spec.controller", "")
    if old is not None and controller != dig(old, "spec.controller", ""):
        yield FieldError.immutable("spec.controller", controller)
    if len(controller) > LONGEST:
        yield FieldError.too_long("spec.controller", LONGEST)
    yield from _controller(controller)
    if dig(new, "spec.parameters"):
        yield from _parameters(new["spec"]["parameters"], "spec.parameters")


def _controller(name: str) -> Iterator[FieldError]:
    at, (domain, slash, path) = "spec.controller", name.partition("/")
    if not name:
        yield FieldError.required(at)
    elif not slash or not path:
        yield FieldError.invalid(at, name, 'must be a domain-prefixed path (such as "acme.io/foo")')
    else:
        yield from (FieldError.invalid(at, domain, wrong) for wrong in subdomain(domain))
        yield from (FieldError.invalid(at, path, wrong) for wrong in qualified(path.replace("/", "-")))


def _parameters(parameters: Body, at: str) -> Iterator[FieldError]:
    for name in ("kind", "name"):
        if not parameters.get(name):
            yield FieldError.required(f"{at}.{name}", f"{name} is required")
        else:
            yield from (
                FieldError.invalid(f"{at}.{name}", parameters[name], one) for one in path_segment(parameters[name])
            )
    scope = parameters.get("scope")
    if scope not in SCOPES:
        yield FieldError.unsupported(f"{at}.scope", scope, SCOPES)
    if scope == "Namespace" and not parameters.get("namespace"):
        yield FieldError.required(f"{at}.namespace", "`parameters.scope` is set to 'Namespace'")
    if scope == "Cluster" and parameters.get("namespace") is not None:
        yield FieldError.forbidden(f"{at}.namespace", "`parameters.scope` is set to 'Cluster'")


def is_default(class_: Body) -> bool:
    return annotations_of(class_).get(DEFAULT) == "true"


def default_of(classes: Iterable[Body]) -> Body | None:
    """What an Ingress without a class gets: of several defaults the newest, then the first by name."""
    found = sorted((one for one in classes if is_default(one)), key=lambda one: str(one["metadata"]["name"]))
    found.sort(key=lambda one: str(one["metadata"].get("creationTimestamp")), reverse=True)
    return found[0] if found else None


def shown_parameters(class_: Body, _: int) -> str:
    parameters = dig(class_, "spec.parameters")
    if not parameters:
        return "<none>"
    group = f".{parameters['apiGroup']}" if parameters.get("apiGroup") else ""
    return f"{parameters['kind']}{group}/{parameters['name']}"


INGRESSCLASS = Kind(
    "networking.k8s.io/v1",
    "IngressClass",
    "ingressclasses",
    namespaced=False,
    columns=framed(Column("Controller", "spec.controller"), Column("Parameters", shown_parameters)),
    defaults=fill_in,
    validate=problems,
    generation=True,
    word=lambda one: "default" if is_default(one) else "",
)
