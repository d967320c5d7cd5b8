"""Applying documents one by one, as `kubectl apply --server-side` does, and saying what became of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from clusters.apiserver.answer import Answer
from clusters.kinds.body import Body, dig
from clusters.kinds.kind import Kind
from playground.editor.documents import Document, Problem, line_of
from playground.home.action import APPLY, Call, object_path

MANAGER = "kubectl"
UNKNOWN = re.compile(r'(?:unknown|duplicate) field "([^"]+)"')
UNDECLARED = re.compile(r"(\.[\w.\[\]-]+): field not declared in schema")
WRONG_TYPE = re.compile(r"Go struct field \w+\.([\w.\[\]]+) of type")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one document. `verdict`: created, configured, unchanged, replaced, or refused."""

    line: int
    what: str
    verdict: str
    problems: tuple[Problem, ...] = ()
    ref: str = ""  # below the cluster's address, of what is there now
    conflict: bool = False

    @property
    def ok(self) -> bool:
        return not self.problems


def apply_all(
    found: list[Document], kinds: Mapping[str, Kind], send: Callable[[Call], Answer], *, force: bool, replace: bool
) -> Iterator[Result]:
    """Each document by itself: one that is refused does not keep the next from being applied."""
    for document in found:
        yield apply_one(document, kinds, send, force=force, replace=replace)


def apply_one(
    document: Document, kinds: Mapping[str, Kind], send: Callable[[Call], Answer], *, force: bool, replace: bool
) -> Result:
    problem = misshapen(document)
    if problem:
        return Result(document.line, "?", "refused", (problem,))
    body: Body = document.value
    kind = kind_of(kinds, body)
    if kind is None:
        message = f'no matches for kind "{body["kind"]}" in version "{body["apiVersion"]}"'
        return Result(document.line, str(body["kind"]), "refused", (Problem(line_of(document, "kind"), message),))
    namespace = str(dig(body, "metadata.namespace", "default")) if kind.namespaced else ""
    name = str(dig(body, "metadata.name", ""))
    what = f"{kind.singular}{'.' + kind.group if kind.group else ''}/{name or dig(body, 'metadata.generateName')}"
    before = send(Call("GET", object_path(kind.api_version, kind.plural, namespace, name))) if name else None
    answer = send(request(kind, namespace, name, body, force=force, replace=replace))
    if answer.code >= 400:
        conflict = answer.code == 409 and not replace
        return Result(document.line, what, "refused", tuple(problems(document, answer.body)), conflict=conflict)
    made = str(answer.body["metadata"]["name"])
    ref = f"inspect/{kind.plural}/{namespace or '_'}/{made}/"
    return Result(document.line, what, verdict(before, answer, replace=replace), ref=ref)


def misshapen(document: Document) -> Problem | None:
    """What has to be right before anybody can be asked about it."""
    body = document.value
    if not isinstance(body, dict):
        return Problem(document.line, "This is not an object: a manifest has apiVersion, kind and metadata.")
    for field in ("apiVersion", "kind"):
        if not isinstance(body.get(field), str):
            return Problem(line_of(document, field), f"{field} is not set: it must say what this object is.")
    metadata = body.get("metadata")
    if not isinstance(metadata, dict) or not (metadata.get("name") or metadata.get("generateName")):
        return Problem(line_of(document, "metadata"), "metadata.name is not set: resource name may not be empty.")
    if not isinstance(metadata.get("name", ""), str):
        return Problem(line_of(document, "metadata.name"), "metadata.name must be text; put it in quotes.")
    return None


def kind_of(kinds: Mapping[str, Kind], body: Body) -> Kind | None:
    wanted = body["apiVersion"], body["kind"]
    return next((kind for kind in kinds.values() if kind.served and (kind.api_version, kind.kind) == wanted), None)


def request(kind: Kind, namespace: str, name: str, body: Body, *, force: bool, replace: bool) -> Call:
    path = object_path(kind.api_version, kind.plural, namespace, name)
    if not name:
        return Call("POST", path, body, query={"fieldManager": MANAGER, "fieldValidation": "Strict"})
    query = {"fieldManager": MANAGER, "fieldValidation": "Strict"}
    if replace:
        return Call("PUT", path, body, query=query)
    return Call("PATCH", path, body, APPLY, {**query, "force": "true"} if force else query)


def verdict(before: Answer | None, answer: Answer, *, replace: bool) -> str:
    if before is None or before.code == 404 or answer.code == 201:
        return "created"
    same = dig(before.body, "metadata.resourceVersion") == dig(answer.body, "metadata.resourceVersion")
    return "unchanged" if same else "replaced" if replace else "configured"


def problems(document: Document, status: Body) -> Iterator[Problem]:
    """The Status's causes, each at the line of its field; without causes the message at the fields that it names."""
    message = str(status.get("message", "refused"))
    causes = [cause for cause in dig(status, "details.causes", ()) if cause.get("field")]
    if causes:
        for cause in causes:
            yield Problem(
                line_of(document, relative(cause["field"])), f"{relative(cause['field'])}: {cause['message']}"
            )
        return
    paths = [path.lstrip(".") for path in named_fields(message)]
    yield Problem(line_of(document, paths[0]) if paths else document.line, message)
    for path in paths[1:]:
        yield Problem(line_of(document, path), f"unknown field {path}")


def named_fields(message: str) -> list[str]:
    found: list[Any] = []
    for pattern in (UNKNOWN, UNDECLARED, WRONG_TYPE):
        found += pattern.findall(message)
    return found


def relative(field: str) -> str:
    """Conflicts name a field with a dot before it: `.spec.replicas`."""
    return field.lstrip(".")
