"""A body checked against its shape, as the API server decodes it.

A wrong type ends decoding with encoding/json's sentence; unknown fields are collected for strict decoding; what is
required and missing is reported per field, as are wrong types where a kind declares its own schema (custom resources).
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import orjson

from clusters.kinds.body import Body
from clusters.kinds.kind import Kind
from clusters.kinds.problem import FieldError
from clusters.kinds.quantity import WRONG, canonical, is_quantity
from clusters.kinds.schema import Shape, shape_of
from clusters.reconcile.clock import parse

EMPTY: tuple[Any, ...] = ({}, [])
STRUCTS = ("spec", "template")
BOUNDS = {"int32": 1 << 31, "int64": 1 << 63}


@dataclass(slots=True)
class Checked:
    """`body` without nulls and unknown fields; `wrong` is the decoder's sentence, "" when all types are right."""

    body: Body
    wrong: str = ""
    unknown: list[str] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)
    whole: bool = True


class _WrongType(Exception): ...


def check(kind: Kind, body: Any, *, whole: bool = True) -> Checked:
    """The body as the API server would decode it into this kind; not `whole`: part of an object, nothing is missing."""
    return check_shape(shape_of(kind), body, whole=whole)


def check_shape(shape: Shape, body: Any, *, whole: bool = True) -> Checked:
    """The same for any shape."""
    report = Checked({}, whole=whole)
    try:
        cleaned = _clean(shape, body, "", "", report)
    except _WrongType as wrong:
        report.wrong = str(wrong)
        return report
    report.body = cleaned if isinstance(cleaned, dict) else {}
    return report


def _clean(shape: Shape, value: Any, path: str, owner: str, report: Checked) -> Any:
    """The value as decoded; `owner` is the struct whose field it is."""
    if shape.type == "object":
        return _struct(shape, _as(dict, shape, value, path, owner, report), path, report)
    if shape.type == "array":
        found = _as(list, shape, value, path, owner, report)
        return [_element(shape.items, one, f"{path}[{i}]", owner, report) for i, one in enumerate(found)]
    if shape.type == "map":
        found = _as(dict, shape, value, path, owner, report)
        return {key: _element(shape.items, one, f"{path}[{key}]", owner, report) for key, one in found.items()}
    if shape.type == "any":
        return value
    problem = SCALARS[shape.type](shape, value)
    if problem and shape.declared:
        _refuse(shape, value, path, report)
    elif problem:
        raise _WrongType(problem if problem != MISFIT else _misfit(shape, value, path, owner))
    if shape.declared and shape.enum and value not in shape.enum:
        report.errors.append(FieldError.unsupported(path, value, shape.enum))
    return canonical(value) if shape.type == "quantity" else value


def _struct(shape: Shape, value: Body, path: str, report: Checked) -> Body:
    dot, found = f"{path}." if path else "", {}
    for key, inner in value.items():
        known = shape.fields.get(key)
        if known is None:
            report.unknown.append(f'unknown field "{dot}{key}"')
        elif inner is not None and not (inner in EMPTY and _is_omitted(shape, key, known, report)):
            found[key] = _clean(known, inner, dot + key, shape.struct, report)
    if not report.whole:
        return found
    for name in STRUCTS:  # to Go no pointers, so they are always there
        inner_shape = shape.fields.get(name)
        if inner_shape is not None and inner_shape.type == "object" and name not in found:
            found[name] = _struct(inner_shape, {}, dot + name, report)
    report.errors.extend(FieldError.required(dot + key) for key in shape.required if key not in found)
    return found


def _is_omitted(shape: Shape, key: str, inner: Shape, report: Checked) -> bool:
    """To Go an empty map or list is as good as none, and is not written down again."""
    return report.whole and inner.type in ("map", "array") and key not in shape.required and not inner.declared


def _element(shape: Shape | None, value: Any, path: str, owner: str, report: Checked) -> Any:
    """Of a list or map: a null is Go's zero value."""
    assert shape is not None
    if value is None:
        return ZEROS.get(shape.type)
    return _clean(shape, value, path, owner, report)


def _as(wanted: type, shape: Shape, value: Any, path: str, owner: str, report: Checked) -> Any:
    if isinstance(value, wanted):
        return value
    if not shape.declared:
        raise _WrongType(_misfit(shape, value, path, owner))
    _refuse(shape, value, path, report)
    return wanted()


def _refuse(shape: Shape, value: Any, path: str, report: Checked) -> None:
    """As a custom resource's schema puts it."""
    name = "object" if shape.type == "map" else shape.type
    detail = f"{path} in body must be of type {name}: {orjson.dumps(_json_type(value)).decode()}"
    report.errors.append(FieldError.invalid(path, _json_type(value), detail))


def _misfit(shape: Shape, value: Any, path: str, owner: str) -> str:
    """encoding/json's UnmarshalTypeError."""
    what = GO_VALUES.get(type(value), "number")
    if what == "number" and shape.type == "integer":
        what = f"number {value}"
    if not owner:
        return f"json: cannot unmarshal {what} into Go value of type {shape.go}"
    return f"json: cannot unmarshal {what} into Go struct field {owner}.{_bare(path)} of type {shape.go}"


def _bare(path: str) -> str:
    return re.sub(r"\[[^\]]*\]", "", path)


def _json_type(value: Any) -> str:
    names = {dict: "object", list: "array", str: "string", bool: "boolean", int: "integer"}
    return names.get(type(value), "number")


def _integer(shape: Shape, value: Any) -> str:
    bound = BOUNDS.get(shape.format, 1 << 63)
    right = isinstance(value, int) and not isinstance(value, bool) and -bound <= value < bound
    return "" if right else MISFIT


def _int_or_string(_: Shape, value: Any) -> str:
    if isinstance(value, str) or not _integer(Shape(format="int32"), value):
        return ""
    return f"json: cannot unmarshal {GO_VALUES.get(type(value), f'number {value}')} into Go value of type int32"


def _quantity(_: Shape, value: Any) -> str:
    return "" if type(value) in (str, int, float) and is_quantity(value) else WRONG


def _time(_: Shape, value: Any) -> str:
    if not isinstance(value, str):
        return f"json: cannot unmarshal {GO_VALUES.get(type(value), 'number')} into Go value of type string"
    try:
        parse(value)
    except (ValueError, TypeError):
        return f'parsing time "{value}" as "2006-01-02T15:04:05Z07:00": cannot parse "{value}" as "2006"'
    return ""


def _bytes(_: Shape, value: Any) -> str:
    if not isinstance(value, str):
        return MISFIT
    try:
        b64decode(value, validate=True)
    except ValueError:
        good = re.match(r"[A-Za-z0-9+/]*={0,2}", value)
        return f"illegal base64 data at input byte {good.end() if good else 0}"
    return ""


MISFIT = "misfit"
GO_VALUES = {dict: "object", list: "array", str: "string", bool: "bool"}
ZEROS: dict[str, Any] = {"string": "", "object": {}, "integer": 0, "boolean": False, "map": {}, "array": []}
SCALARS: dict[str, Callable[[Shape, Any], str]] = {
    "string": lambda _, value: "" if isinstance(value, str) else MISFIT,
    "boolean": lambda _, value: "" if isinstance(value, bool) else MISFIT,
    "number": lambda _, value: "" if type(value) in (int, float) else MISFIT,
    "integer": _integer,
    "int-or-string": _int_or_string,
    "quantity": _quantity,
    "time": _time,
    "bytes": _bytes,
}
