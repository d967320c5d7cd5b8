"""From protobuf's wire format into plain data (apimachinery: runtime/serializer/protobuf)."""

from __future__ import annotations

import struct
from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from clusters.kinds.body import Body
from clusters.kinds.schema import META, definition_names, definitions
from clusters.reconcile.clock import MILLISECOND, SECOND, rfc3339, rfc3339_micro

MAGIC = b"k8s\x00"
SHORT = {"@": "io.k8s.api.", "~": "io.k8s.apimachinery.pkg."}
UTIL = "io.k8s.apimachinery.pkg."
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
DEEPEST = 60
ZERO: Mapping[str, Any] = {"integer": 0, "boolean": False}


class Malformed(ValueError):
    """The bytes are no such message."""


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: str
    is_list: bool
    is_map: bool
    is_pointer: bool
    is_inline: bool


def decode(data: bytes) -> Body:
    """The object in its envelope, with apiVersion and kind. Raises Malformed."""
    try:
        return _decoded(data)
    except (TypeError, AttributeError, LookupError, struct.error) as error:  # a number where text stands, and the like
        raise Malformed(f"the message does not fit its kind: {error}") from None


def _decoded(data: bytes) -> Body:
    if not data.startswith(MAGIC):
        raise Malformed("provided data does not appear to be a protobuf message, expected prefix k8s")
    envelope = {number: value for number, _, value in _wire(data[len(MAGIC) :])}
    identity = {number: value.decode() for number, _, value in _wire(envelope.get(1, b""))}
    api_version, kind = identity.get(1, ""), identity.get(2, "")
    name = definition_names().get((api_version, kind)) or META + kind
    if name not in _table():
        raise Malformed(f'no kind "{kind}" is registered for version "{api_version}"')
    return {"apiVersion": api_version, "kind": kind, **_message(name, envelope.get(2, b""), 0)}


@cache
def _table() -> Mapping[str, Mapping[int, Field]]:
    lines = (files(__package__) / "fields.txt").read_text().splitlines()
    found = {}
    for line in lines:
        name, _, fields = line.partition(": ")
        entries = [entry.split(" ") for entry in fields.split(", ") if entry]
        found[_long(name)] = {int(number): _field(label, type_) for number, label, type_ in entries}
    return found


def _field(name: str, told: str) -> Field:
    bare = told.removeprefix("[]").removeprefix("{}").rstrip("?*")
    return Field(name, _long(bare), told[:2] == "[]", told[:2] == "{}", told[-1] == "?", told[-1] == "*")


def _long(name: str) -> str:
    return SHORT[name[0]] + name[1:] if name[:1] in SHORT else name


def _wire(data: bytes) -> Iterator[tuple[int, int, Any]]:
    """(field's number, wire type, value)."""
    at, end = 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == VARINT:
            value, at = _varint(data, at)
            yield number, wire, value
            continue
        size, at = _varint(data, at) if wire == BYTES else ({FIXED64: 8, FIXED32: 4}.get(wire, -1), at)
        if size < 0 or at + size > end:
            raise Malformed("unexpected EOF")
        yield number, wire, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise Malformed("unexpected EOF")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _message(name: str, data: bytes, depth: int) -> Body:
    if depth > DEEPEST:
        raise Malformed("exceeded max depth")
    fields = _table()[name]
    found: Body = {**_zeros(name)}
    for number, wire, raw in _wire(data):
        field = fields.get(number)
        if field is None:
            continue
        if field.is_map:
            key, value = _entry(field, raw, depth)
            found.setdefault(field.name, {})[key] = value
            continue
        value = _value(field.type, wire, raw, depth)
        if field.is_inline:
            found.update(value)
        elif field.is_list:
            found.setdefault(field.name, []).append(value)
        elif field.is_pointer or value not in ("", 0, False, None):
            found[field.name] = value
    return found


@cache
def _zeros(name: str) -> Mapping[str, Any]:
    """Required fields that the wire leaves out where they are zero."""
    definition = definitions().get(name) or {}
    types = {field: one.get("type") for field, one in (definition.get("properties") or {}).items()}
    return {field: ZERO[types[field]] for field in definition.get("required") or () if types.get(field) in ZERO}


def _entry(field: Field, raw: Any, depth: int) -> tuple[str, Any]:
    parts = {number: (wire, value) for number, wire, value in _wire(raw)}
    key = parts.get(1, (BYTES, b""))[1].decode()
    return key, _value(field.type, *parts.get(2, (BYTES, b"")), depth)


def _value(type_: str, wire: int, raw: Any, depth: int) -> Any:
    if type_ in ("string", "bytes") or "." in type_:
        if wire != BYTES:
            raise Malformed(f"wrong wireType = {wire}")
        if type_ == "string":
            return raw.decode()
        if type_ == "bytes":
            return b64encode(raw).decode()
        special = SPECIAL.get(type_)
        return special(raw) if special else _message(type_, raw, depth + 1)
    if type_ == "double":
        return struct.unpack("<d", raw)[0]
    if type_ == "bool":
        return bool(raw)
    return raw - (1 << 64) if raw >= 1 << 63 else raw


def _parts(raw: bytes) -> dict[int, Any]:
    return {number: value for number, _, value in _wire(raw)}


def _signed(value: int) -> int:
    return value - (1 << 64) if value >= 1 << 63 else value


def _time(raw: bytes) -> str | None:
    parts = _parts(raw)
    return rfc3339(_signed(parts[1]) * SECOND) if parts.get(1) else None


def _micro_time(raw: bytes) -> str | None:
    parts = _parts(raw)
    whole = _signed(parts.get(1, 0)) * SECOND + parts.get(2, 0) // MILLISECOND
    return rfc3339_micro(whole) if whole else None


def _int_or_string(raw: bytes) -> int | str:
    parts = _parts(raw)
    return str(parts.get(3, b"").decode()) if parts.get(1) == 1 else _signed(parts.get(2, 0))


def _json(raw: bytes) -> Any:
    inner = _parts(raw).get(1)
    return orjson.loads(inner) if inner else None


SPECIAL = {
    UTIL + "api.resource.Quantity": lambda raw: _parts(raw).get(1, b"0").decode(),
    UTIL + "util.intstr.IntOrString": _int_or_string,
    META + "Time": _time,
    META + "MicroTime": _micro_time,
    META + "FieldsV1": _json,
    UTIL + "runtime.RawExtension": _json,
}
