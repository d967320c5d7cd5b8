"""Bytes as text that JSON and the database can hold, and back, as `clusters.kinds.octets` has it."""

from clusters.kinds.octets import NUL, OURS
from clusters.kinds.octets import bytes_of as to_bytes
from clusters.kinds.octets import text_of as to_text

__all__ = ["readable", "size", "to_bytes", "to_text"]


def size(text: str) -> int:
    """How many bytes it stands for."""
    return len(to_bytes(text))


def readable(text: str) -> str:
    """For a log: NUL is dropped, other bytes become the replacement character."""
    return OURS.sub(lambda found: "" if found.group() == NUL else "\ufffd", text).replace("\0", "")
