"""Bytes as text that JSON and the database can hold, and back: what is UTF-8 stays readable, nothing is lost.

A byte that is no UTF-8, and NUL, stand as characters of a private plane (U+F0000 + byte).
"""

import re

PLANE = 0xF0000
OURS = re.compile("[\U000f0000-\U000f00ff]")
ESCAPED = re.compile("[\0\udc80-\udcff]")


def to_text(data: bytes) -> str:
    """Any bytes as text without NUL and without surrogates."""
    text = data.decode("utf-8", "surrogateescape")
    if OURS.search(text):  # a genuine character of that plane is told byte by byte
        text = OURS.sub(lambda found: "".join(chr(0xDC00 + byte) for byte in found.group().encode()), text)
    return ESCAPED.sub(lambda found: chr(PLANE + (ord(found.group()) & 0xFF)), text)


def to_bytes(text: str) -> bytes:
    """What `to_text` was given."""
    if not OURS.search(text):
        return text.encode("utf-8", "replace")
    return OURS.sub(lambda found: chr(0xDC00 + ord(found.group()) - PLANE) if ord(found.group()) - PLANE > 127
                    else chr(ord(found.group()) - PLANE), text).encode("utf-8", "surrogateescape")  # fmt: skip


def size(text: str) -> int:
    """How many bytes it stands for."""
    return len(to_bytes(text))


def readable(text: str) -> str:
    """For a log: NUL is dropped, other bytes become the replacement character."""
    return OURS.sub(lambda found: "" if ord(found.group()) == PLANE else "\ufffd", text).replace("\0", "")
