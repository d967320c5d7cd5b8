"""What a client sends, read and judged as the API server does before anything else happens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from clusters.apiserver.accept import JSON, PROTOBUF, YAML
from clusters.apiserver.call import Call
from clusters.apiserver.decoding import Checked, check, check_shape
from clusters.apiserver.parsing import LARGEST, Parsed, parse, too_large
from clusters.apiserver.protobuf import decode
from clusters.kinds.body import Body
from clusters.kinds.kind import Kind
from clusters.kinds.problem import FieldError, Status
from clusters.kinds.schema import META, shape_named

DIRECTIVES = ("Ignore", "Strict", "Warn")
UNKNOWN_FORMAT = "the body of the request was in an unknown format - accepted media types include: "


def read_object(call: Call, kind: Kind) -> Body:
    """The object in the body, fit for this kind, its name and namespace those of the path.

    Raises BadRequest, UnsupportedMediaType, Invalid.
    """
    body = identified(*read_data(call), kind)
    body["metadata"] = _placed(body["metadata"], call)
    return body


def identified(parsed: Parsed, call: Call, kind: Kind, *, whole: bool = True) -> Body:
    """The data as an object of the kind: right apiVersion and kind, right types, nothing unknown.

    Nothing is missing where it is the `whole` object; of a question the answer is.
    """
    value = parsed.value
    if not isinstance(value, dict):
        raise Status.bad_request(f"{_cannot(kind)}: json: cannot unmarshal {_what(value)} into Go value")
    expect(value, kind)
    return accepted(check(kind, value, whole=whole), parsed.duplicates, call, kind)


def accepted(checked: Checked, duplicates: Sequence[str], call: Call, kind: Kind) -> Body:
    """The checked body. Raises BadRequest or Invalid, or warns, as `fieldValidation` says."""
    if checked.wrong:
        raise Status.bad_request(f"{_cannot(kind)}: {checked.wrong}")
    problems = strict_problems(checked, duplicates, call)
    if problems:
        raise Status.bad_request(f"{_cannot(kind)}: strict decoding error: {problems}")
    body: Body = {**checked.body, "apiVersion": kind.api_version, "kind": kind.kind}
    body.setdefault("metadata", {})
    if checked.errors:
        raise Status.invalid(kind.kind, kind.group, body["metadata"].get("name") or "", checked.errors)
    return body


def strict_problems(checked: Checked, duplicates: Sequence[str], call: Call) -> str:
    """What strict decoding refuses, in one line; "" where it is asked only to warn, or to say nothing."""
    directive = call.query.get("fieldValidation") or "Warn"
    if directive not in DIRECTIVES:
        wrong = FieldError.unsupported("fieldValidation", directive, DIRECTIVES)
        raise Status.invalid("CreateOptions", "meta.k8s.io", "", [wrong])
    found = [*duplicates, *checked.unknown]
    if directive == "Warn":
        call.warnings.extend(found)
    return ", ".join(found) if directive == "Strict" else ""


def expect(value: Body, kind: Kind) -> None:
    """Raises BadRequest where the data says that it is something else."""
    api_version, told = value.get("apiVersion"), value.get("kind")
    if api_version not in (None, "", kind.api_version):
        message = f"the API version in the data ({api_version}) does not match the expected API version"
        raise Status.bad_request(f"{message} ({kind.api_version})")
    if told not in (None, "", kind.kind):
        raise Status.bad_request(f'{told} in version "{kind.version}" cannot be handled as a {kind.kind}')


def read_data(call: Call) -> tuple[Parsed, Call]:
    """The body as data, by its media type."""
    if call.content_type == PROTOBUF:
        return Parsed(_binary(call.body)), call
    if call.content_type not in (JSON, YAML):
        raise Status(415, "UnsupportedMediaType", UNKNOWN_FORMAT + f"{JSON}, {YAML}, {PROTOBUF}")
    strict = call.query.get("fieldValidation") != "Ignore"
    return parse(call.body, call.content_type, strict=strict), call


def _binary(body: bytes) -> Body:
    if len(body) > LARGEST:
        raise too_large()
    try:
        return decode(body)
    except ValueError as error:
        raise Status.bad_request(str(error)) from None


def options(call: Call, name: str, fields: Sequence[str]) -> Body:
    """An options object (DeleteOptions) from the body, or its fields from the query where there is no body."""
    shape = shape_named(META + name)
    value: Any = None
    if call.body.strip():
        parsed, _ = read_data(call)
        value = parsed.value
    if not value:
        value = {field: _typed(call.query[field]) for field in fields if call.query.get(field)}
    checked = check_shape(shape, value)
    if checked.wrong or not isinstance(value, dict):
        raise Status.bad_request(f'{name} in version "v1" cannot be handled as a {name}: {checked.wrong}')
    return checked.body


def _placed(metadata: Body, call: Call) -> Body:
    aim = call.aim
    namespace, name = metadata.get("namespace"), metadata.get("name")
    if namespace and aim.kind.namespaced and namespace != aim.namespace:
        message = "the namespace of the provided object does not match the namespace sent on the request"
        raise Status.bad_request(message)
    if aim.name and name and name != aim.name:
        raise Status.bad_request(f"the name of the object ({name}) does not match the name on the URL ({aim.name})")
    place = {"namespace": aim.namespace} if aim.kind.namespaced else {}
    rest = {field: value for field, value in metadata.items() if field not in ("name", "namespace")}
    named = {"name": aim.name or name} if aim.name or name else {}
    return {**named, **place, **rest}


def _cannot(kind: Kind) -> str:
    return f'{kind.kind} in version "{kind.version}" cannot be handled as a {kind.kind}'


def _what(value: Any) -> str:
    return {list: "array", str: "string", bool: "bool", type(None): "null"}.get(type(value), "number")


def _typed(text: str) -> Any:
    """A query's value: a number or truth value where it reads as one."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
    return found if isinstance(found, int | bool) else text
