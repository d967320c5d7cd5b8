"""Kubernetes' binary form of objects, as far as clients send it; answers are always JSON.

`fields.txt` is a table: a message a line, then `number name type`, with `?` where Go has a pointer (so that a zero is
meant), `*` where the message's fields stand in the object itself, `[]` and `{}` before lists and maps.
"""

from __future__ import annotations

from clusters.apiserver.protobuf.decode import decode

__all__ = ["decode"]
