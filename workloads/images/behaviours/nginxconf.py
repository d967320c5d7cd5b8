"""nginx's configuration: directives and blocks of the files below /etc/nginx, as far as a server of files needs."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from workloads.images.regular import safe

DEEPEST = 10  # files that include one another
MAIN = "/etc/nginx/nginx.conf"
TOKEN = re.compile(
    r"""\s*(?:\#[^\n]*\n?|([;{}])|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|"""
    r"""((?:[^\s;{}"'#\\]|\\.|\$\{\w+\}|(?<=\S)\#)+))"""
)
ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(slots=True)
class Block:
    """A directive with its words and, when it has braces, what stands in them."""

    words: tuple[str, ...]
    inner: list["Block"] | None = None


@dataclass(frozen=True, slots=True)
class Location:
    modifier: str  # "", "=", "^~", "~" or "~*"
    path: str
    directives: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Site:
    """One `server` block."""

    ports: tuple[int, ...]
    names: tuple[str, ...]
    directives: dict[str, tuple[str, ...]] = field(default_factory=dict)
    locations: tuple[Location, ...] = ()
    secure: tuple[int, ...] = ()  # those of its ports that speak TLS


class Emergency(Exception):
    """nginx will not start with this; the text is what it says."""


@lru_cache(maxsize=256)
def blocks(text: str, name: str) -> tuple[Block, ...]:
    """A file's directives. Raises Emergency."""
    stack: list[list[Block]] = [[]]
    words: list[str] = []
    for line, sign, word in _tokens(text):
        if sign == "":
            words.append(word)
        elif sign == "}":
            if words or len(stack) == 1:
                raise Emergency(f'unexpected "}}" in {name}:{line}')
            stack.pop()
        elif not words:
            raise Emergency(f'unexpected "{sign}" in {name}:{line}')
        else:
            block = Block(tuple(words), [] if sign == "{" else None)
            stack[-1].append(block)
            words = []
            if block.inner is not None:
                stack.append(block.inner)
    if words or len(stack) > 1:
        expected = '";" or "}"' if words else '"}"'
        raise Emergency(f"unexpected end of file, expecting {expected} in {name}:{text.count(chr(10)) + 1}")
    return tuple(stack[0])


def _tokens(text: str) -> Iterator[tuple[int, str, str]]:
    at = 0
    while match := TOKEN.match(text, at):
        if match.end() == at:
            break
        at = match.end()
        sign, *words = match.groups()
        line = text.count("\n", 0, at) + 1
        if sign:
            yield line, sign, ""
        elif (word := next((word for word in words if word is not None), None)) is not None:
            yield (
                line,
                "",
                re.sub(r"\\([\"'\\ntr])", lambda escape: ESCAPES.get(escape.group(1), escape.group(1)), word),
            )


Files = tuple[tuple[str, str], ...]  # (path, text), sorted by path


@lru_cache(maxsize=256)
def sites(files: Files, main: str = MAIN) -> tuple[Site, ...]:
    """The servers of a configuration. Raises Emergency."""
    top = list(_included(blocks(_text(files, main), main), files))
    if not any(block.words[0] == "events" for block in top):
        raise Emergency('no "events" section in configuration')
    found: list[Site] = []
    for block in top:
        if block.words[0] == "http":
            inner = list(_included(block.inner or (), files))
            shared = _directives(inner)
            found.extend(_site(one, shared, files) for one in inner if one.words[0] == "server")
    return tuple(found)


def stays_in_foreground(files: Files, main: str = MAIN) -> bool:
    """Whether the configuration itself says `daemon off`."""
    return any(block.words == ("daemon", "off") for block in blocks(_text(files, main), main))


def _text(files: Files, path: str) -> str:
    text = dict(files).get(path)
    if text is None:
        raise Emergency(f'open() "{path}" failed (2: No such file or directory)')
    return text


def _included(found: Iterable[Block], files: Files, depth: int = 0) -> Iterator[Block]:
    if depth > DEEPEST:
        raise Emergency("too many levels of include")
    for block in found:
        if block.words[0] != "include" or len(block.words) < 2:
            yield block
            continue
        path = block.words[1] if block.words[1].startswith("/") else f"/etc/nginx/{block.words[1]}"
        wanted = re.compile(re.escape(path).replace(r"\*", "[^/]*"))
        for name, text in files:
            if wanted.fullmatch(name):
                yield from _included(blocks(text, name), files, depth + 1)


def _site(block: Block, shared: dict[str, tuple[str, ...]], files: Files) -> Site:
    inner = list(_included(block.inner or (), files))
    listens = [one.words[1:] for one in inner if one.words[0] == "listen" and len(one.words) > 1]
    ports = tuple(_port(words[0]) for words in listens) or (80,)
    secure = tuple(_port(words[0]) for words in listens if "ssl" in words)
    server_names = tuple(name for one in inner if one.words[0] == "server_name" for name in one.words[1:])
    own = {**shared, **_directives(inner)}
    locations = tuple(_location(one, own) for one in inner if one.words[0] == "location" and len(one.words) > 1)
    if secure and not own.get("ssl_certificate"):
        raise Emergency('no "ssl_certificate" is defined for the "listen ... ssl" directive')
    return Site(ports, server_names, own, locations, secure)


def _location(block: Block, own: dict[str, tuple[str, ...]]) -> Location:
    modifier, path = "" if len(block.words) == 2 else block.words[1], block.words[-1]
    if modifier in ("~", "~*"):
        try:
            re.compile(safe(path))
        except re.error as problem:
            raise Emergency(f'pcre2_compile() failed: {problem.msg} in "{path}"') from None
    return Location(modifier, path, {**own, **_directives(block.inner or ())})


def _directives(found: Iterable[Block]) -> dict[str, tuple[str, ...]]:
    kept = ("root", "alias", "index", "return", "autoindex", "default_type", "proxy_pass", "try_files",
            "ssl_certificate", "ssl_certificate_key")  # fmt: skip
    chosen = {block.words[0]: block.words[1:] for block in found if block.words[0] in kept}
    for name, words in chosen.items():
        if not words:
            raise Emergency(f'invalid number of arguments in "{name}" directive')
    return chosen


def _port(text: str) -> int:
    port = text.rpartition(":")[2]
    if not port.isascii() or not port.isdigit() or not 0 < int(port[:6]) < 65536:
        if text.startswith("[") or "." in text:
            return 80
        raise Emergency(f'host not found in "{text}" of the "listen" directive')
    return int(port)
