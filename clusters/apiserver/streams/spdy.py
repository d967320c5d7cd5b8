"""SPDY/3.1 frames, the server's side, as bytes in and events out: what port-forward speaks inside its websocket.

Only what streams of one connection need: no push, no priorities, no flow control (kubectl keeps none either).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

VERSION = 0x8003
SYN_STREAM, SYN_REPLY, RST_STREAM, PING, GOAWAY, HEADERS = 1, 2, 3, 6, 7, 8
FIN = 1
LARGEST = 1 << 20  # bytes of a frame
MOST_HEADERS = 64 * 1024
# the compressor's dictionary: names and values that are usual in headers (SPDY/3, 2.6.10.1)
_NAMES = [
    "options",
    "head",
    "post",
    "put",
    "delete",
    "trace",
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "connection",
    "content-base",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-md5",
    "content-range",
    "content-type",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "retry-after",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "warning",
    "www-authenticate",
    "method",
    "get",
    "status",
]
_MORE = ("200 OK", "version", "HTTP/1.1", "url", "public", "set-cookie", "keep-alive", "origin")
_CODES = "100 101 201 202 205 206 300 302 303 304 305 306 307 402 405 406 407 408 409 410 411 412 413 414 415 416 417"
_WORDS = (
    "502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized"
    "403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May "
    "Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,"
    "image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,"
    "sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)
DICTIONARY = (
    b"".join(struct.pack(">I", len(name)) + name.encode() for name in (*_NAMES, *_MORE))
    + _CODES.replace(" ", "").encode()
    + _WORDS.encode()
)


class Broken(Exception):
    """The client does not speak SPDY."""


@dataclass(frozen=True, slots=True)
class Opened:
    stream: int
    headers: Mapping[str, str]
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    stream: int
    data: bytes
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    stream: int


@dataclass(frozen=True, slots=True)
class Left:
    """The client wants to end the connection."""


Event = Opened | Received | Reset | Left


@dataclass
class Connection:
    """`feed` takes what comes, cut anywhere; `to_send` gathers what has to go out."""

    to_send: bytearray = field(default_factory=bytearray)
    _buffer: bytearray = field(default_factory=bytearray)

    def __post_init__(self) -> None:
        self._inflate = zlib.decompressobj(zdict=DICTIONARY)
        self._deflate = zlib.compressobj(zdict=DICTIONARY)

    def feed(self, data: bytes) -> Iterator[Event]:
        """What happened. Raises Broken."""
        self._buffer += data
        while len(self._buffer) >= 8:
            flags_length = struct.unpack_from(">I", self._buffer, 4)[0]
            flags, length = flags_length >> 24, flags_length & 0xFFFFFF
            if length > LARGEST:
                raise Broken("a frame is too large")
            if len(self._buffer) < 8 + length:
                return
            first = struct.unpack_from(">I", self._buffer)[0]
            payload = bytes(self._buffer[8 : 8 + length])
            del self._buffer[: 8 + length]
            if first >> 31:
                yield from self._control(first >> 16, first & 0xFFFF, flags, payload)
            else:
                yield Received(first, payload, bool(flags & FIN))

    def reply(self, stream: int) -> None:
        """Accept a stream."""
        self._frame(SYN_REPLY, 0, struct.pack(">I", stream) + self._packed({}))

    def send(self, stream: int, data: bytes, *, is_over: bool = False) -> None:
        self.to_send += struct.pack(">II", stream, (FIN if is_over else 0) << 24 | len(data)) + data

    def reset(self, stream: int, status: int = 5) -> None:
        """5: cancelled."""
        self._frame(RST_STREAM, 0, struct.pack(">II", stream, status))

    def taken(self) -> bytes:
        """What has to go out now."""
        found = bytes(self.to_send)
        self.to_send.clear()
        return found

    def _control(self, version: int, kind: int, flags: int, payload: bytes) -> Iterator[Event]:
        if version != VERSION:
            raise Broken("another version of SPDY")
        try:
            if kind == SYN_STREAM:
                stream = struct.unpack_from(">I", payload)[0] & 0x7FFFFFFF
                yield Opened(stream, self._unpacked(payload[10:]), bool(flags & FIN))
            elif kind == HEADERS:
                self._unpacked(payload[4:])
            elif kind == RST_STREAM:
                yield Reset(struct.unpack_from(">I", payload)[0] & 0x7FFFFFFF)
            elif kind == PING:
                self._frame(PING, 0, payload)
            elif kind == GOAWAY:
                yield Left()
        except (struct.error, zlib.error, UnicodeDecodeError) as error:
            raise Broken(str(error)) from None

    def _frame(self, kind: int, flags: int, payload: bytes) -> None:
        self.to_send += struct.pack(">HHI", VERSION, kind, flags << 24 | len(payload)) + payload

    def _packed(self, headers: Mapping[str, str]) -> bytes:
        parts = [struct.pack(">I", len(headers))]
        for name, value in headers.items():
            for word in (name.encode(), value.encode()):
                parts.append(struct.pack(">I", len(word)) + word)
        return self._deflate.compress(b"".join(parts)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)

    def _unpacked(self, block: bytes) -> Mapping[str, str]:
        plain = self._inflate.decompress(block, MOST_HEADERS)
        if self._inflate.unconsumed_tail:
            raise Broken("too many headers")
        words, at = [], 4
        for _ in range(2 * struct.unpack_from(">I", plain)[0]):
            length = struct.unpack_from(">I", plain, at)[0]
            words.append(plain[at + 4 : at + 4 + length].decode())
            at += 4 + length
        return dict(zip(words[::2], words[1::2], strict=True))
