"""The record that says everything about one kind of object (Kubernetes: API concepts, resource strategies)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from clusters.kinds.body import Body
from clusters.kinds.problem import FieldError


@dataclass(frozen=True, slots=True)
class Column:
    """A column of kubectl's table. `value` is a dotted path or a function of the object and the cluster's time."""

    name: str
    value: str | Callable[[Body, int], Any]
    wide: bool = False  # shown with -o wide only
    type: str = "string"


@dataclass(frozen=True, slots=True)
class Version:
    """Another version in which a kind is served beside the one that is stored (its schema is the official one)."""

    api_version: str
    up: Callable[[Body], Body]  # from this version to the stored one, losing nothing
    down: Callable[[Body], Body]


def _nothing(_: Body) -> None: ...


def _fine(_new: Body, _old: Body | None) -> Iterator[FieldError]:
    return iter(())


def _as_it_is(new: Body, _old: Body) -> Body:
    return new


def _no_word(_: Body) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Part:
    """What a subresource may change of an object: `protect` keeps all the rest, `validate` checks the change."""

    protect: Callable[[Body, Body], Body]
    validate: Callable[[Body, Body], Iterator[FieldError]]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind. Functions get plain bodies, `defaults` alone may write into the (fresh) body that it is given."""

    api_version: str
    kind: str
    plural: str
    namespaced: bool = True
    short: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    # subresources through which a part of the spec is written (pods/resize)
    parts: Mapping[str, Part] = field(default_factory=dict)
    columns: tuple[Column, ...] = ()
    defaults: Callable[[Body], None] = _nothing
    # called on every update through the main resource: keeps what a writer may not touch (status, ...)
    protect: Callable[[Body, Body], Body] = _as_it_is
    validate: Callable[[Body, Body | None], Iterator[FieldError]] = _fine
    word: Callable[[Body], str] = _no_word
    # dotted paths that a field selector may name, beside metadata.name and metadata.namespace
    selectable: tuple[str, ...] = ()
    # a write that changes something outside metadata and status counts up metadata.generation
    generation: bool = False
    # seconds that a deletion waits for a kubelet; None or 0: an object that no finalizer holds is removed at once
    grace: Callable[[Body], int | None] = field(default=lambda _: None)
    # what a deletion that has to wait changes beside the timestamp (a Namespace's phase)
    marked: Callable[[Body], Body] = field(default=lambda body: body)
    default_propagation: str = "Background"
    served: bool = True
    name_rule: str = "subdomain"  # "subdomain", "label" or "path" (RFC 1123 and path segment names)
    schema: Mapping[str, Any] | None = None  # for kinds that the official definitions do not know
    versions: tuple[Version, ...] = ()

    @property
    def group(self) -> str:
        group, slash, _ = self.api_version.partition("/")
        return group if slash else ""

    @property
    def version(self) -> str:
        return self.api_version.rpartition("/")[2]

    @property
    def resource(self) -> str:
        """The name that messages use: `pods`, `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def singular(self) -> str:
        return self.kind.lower()
