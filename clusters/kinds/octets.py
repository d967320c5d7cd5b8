"""Bytes as text that JSON and Postgres can hold: nothing is lost, and what is UTF-8 reads as it is.

A byte that is no part of valid UTF-8, and NUL, stands as U+F0000 + byte, a character of a private plane.
"""

from __future__ import annotations

import re

PRIVATE = 0xF0000
NUL = chr(PRIVATE)
_RAW = re.compile("[\udc80-\udcff]")
OURS = re.compile(f"[{chr(PRIVATE)}-{chr(PRIVATE + 0xFF)}]")
_CUT = re.compile(
    f"[{chr(PRIVATE + 0xC2)}-{chr(PRIVATE + 0xF4)}][{chr(PRIVATE + 0x80)}-{chr(PRIVATE + 0xBF)}]{{0,2}}\\Z"
)


def text_of(data: bytes) -> str:
    """These bytes as text; `bytes_of` gives exactly them back."""
    if data.isascii() and 0 not in data:
        return data.decode("ascii")
    text = data.decode("utf-8", "surrogateescape")
    text = OURS.sub(lambda found: "".join(chr(PRIVATE + byte) for byte in found[0].encode()), text)
    text = text.replace("\0", NUL)  # at once: whole files are nothing but these
    return _RAW.sub(lambda found: chr(PRIVATE + (ord(found[0]) & 0xFF)), text)


def bytes_of(text: str) -> bytes:
    """The bytes that this text stands for."""
    if text.isascii():
        return text.encode("ascii")
    return OURS.sub(_unescaped, text.replace(NUL, "\0")).encode("utf-8", "surrogateescape")


def split(text: str) -> tuple[str, str]:
    """(what is whole, the beginning of a character whose last bytes are still to come)."""
    found = _CUT.search(text[-3:])
    return (text[: -len(found[0])], found[0]) if found else (text, "")


def _unescaped(found: re.Match[str]) -> str:
    byte = ord(found[0]) - PRIVATE
    return chr(0xDC00 + byte) if byte >= 0x80 else chr(byte)
