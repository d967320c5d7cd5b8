"""RESP, the protocol of Redis: commands and replies as bytes."""

from collections.abc import Iterator
from typing import Any

LONGEST = 64 * 1024


class Failed(Exception):
    """A command is answered with an error; the text is Redis' own."""


class Simple(str):
    """A status reply: OK, PONG, QUEUED."""


def commands(data: bytes) -> Iterator[list[str]]:
    """Commands as arrays, or inline as somebody types them. What is no command ends it."""
    at = 0
    while at < len(data):
        end = data.find(b"\n", at)
        line = data[at : end if end >= 0 else len(data)].strip().decode(errors="replace")
        at = end + 1 if end >= 0 else len(data)
        if not line.startswith("*"):
            if line:
                yield words(line)
            continue
        found: list[str] = []
        for _ in range(int(line[1:]) if line[1:].isdigit() and len(line) < 6 else 0):
            end = data.find(b"\n", at)
            size = data[at + 1 : end].strip()
            if end < 0 or data[at : at + 1] != b"$" or not size.isdigit():
                return
            at = end + 1
            found.append(data[at : at + int(size)].decode(errors="replace"))
            at += int(size) + 2
        if found:
            yield found


def words(line: str) -> list[str]:
    """A line's words; quotes hold several together."""
    found: list[str] = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        word, quote = "", ""
        while at < len(line) and (quote or not line[at].isspace()):
            char = line[at]
            if quote and char == "\\" and quote == '"' and at + 1 < len(line):
                at += 1
                word += {"n": "\n", "t": "\t", "r": "\r"}.get(line[at], line[at])
            elif quote and char == quote:
                quote = ""
            elif not quote and char in "'\"":
                quote = char
            else:
                word += char
            at += 1
        found.append(word)
    return found


def request(command: list[str]) -> bytes:
    parts = [part.encode() for part in command]
    return b"*%d\r\n" % len(parts) + b"".join(b"$%d\r\n%s\r\n" % (len(part), part) for part in parts)


def reply(value: Any) -> bytes:
    if isinstance(value, Failed):
        return f"-{value}\r\n".encode()
    if isinstance(value, Simple):
        return f"+{value}\r\n".encode()
    if isinstance(value, bool | int):
        return b":%d\r\n" % int(value)
    if value is None:
        return b"$-1\r\n"
    if isinstance(value, list | tuple):
        return b"*%d\r\n" % len(value) + b"".join(reply(inner) for inner in value)
    data = str(value).encode()
    return b"$%d\r\n%s\r\n" % (len(data), data)


def parse(data: bytes, at: int = 0) -> tuple[Any, int]:
    """One reply and where the next begins. Raises ValueError for what is none."""
    end = data.index(b"\r\n", at)
    kind, text = data[at : at + 1], data[at + 1 : end].decode(errors="replace")
    at = end + 2
    if kind == b"+":
        return Simple(text), at
    if kind == b"-":
        return Failed(text), at
    if kind == b":":
        return int(text), at
    if kind == b"$":
        size = int(text)
        return (None, at) if size < 0 else (data[at : at + size].decode(errors="replace"), at + size + 2)
    if kind != b"*":
        raise ValueError(kind)
    found = []
    for _ in range(int(text)):
        value, at = parse(data, at)
        found.append(value)
    return found, at
