"""Files held by name in ConfigMaps and Secrets: keys, sizes, base64, `immutable`."""

from __future__ import annotations

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence

from clusters.kinds.body import Body
from clusters.kinds.names import config_key
from clusters.kinds.problem import FieldError

MOST = 1024 * 1024


def held(body: Body) -> int:
    """How many files: the DATA column."""
    return len(body.get("data") or {}) + len(body.get("binaryData") or {})


def decoded(text: str | None) -> bytes | None:
    """What base64 stands for, or None where it is none."""
    try:
        return b64decode(text or "", validate=True)
    except binascii.Error:
        return None


def data_problems(data: Mapping[str, str], path: str, *, encoded: bool) -> Iterator[FieldError]:
    """Keys that are file names, values that can be decoded, and a megabyte in all."""
    size = 0
    for name, text in data.items():
        for wrong in config_key(name):
            yield FieldError.invalid(f"{path}[{name}]", name, wrong)
        content = decoded(text) if encoded else (text or "").encode()
        if content is None:
            yield FieldError.invalid(f"{path}[{name}]", text, "illegal base64 data")
        size += len(content or b"")
    if size > MOST:
        yield FieldError.too_long(path, MOST)


def frozen_problems(new: Body, old: Body, fields: Sequence[str]) -> Iterator[FieldError]:
    """Once `immutable: true`, nothing of it changes."""
    if not old.get("immutable"):
        return
    for name in ("immutable", *fields):
        if (new.get(name) or {}) != (old.get(name) or {}):
            yield FieldError.forbidden(name, "field is immutable when `immutable` is set")
