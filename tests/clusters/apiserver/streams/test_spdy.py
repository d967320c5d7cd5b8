"""SPDY frames, as kubectl's library makes them."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import pytest

from clusters.apiserver.streams.spdy import DICTIONARY, Broken, Connection, Opened, Received, Reset


class Peer:
    """The client's side."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(zdict=DICTIONARY)

    def open(self, stream: int, headers: Mapping[str, str]) -> bytes:
        block = struct.pack(">I", len(headers))
        for words in headers.items():
            block += b"".join(struct.pack(">I", len(word)) + word.encode() for word in words)
        packed = self._deflate.compress(block) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        payload = struct.pack(">IIBB", stream, 0, 0, 0) + packed
        return struct.pack(">HHI", 0x8003, 1, len(payload)) + payload


def data(stream: int, content: bytes, flags: int = 0) -> bytes:
    return struct.pack(">II", stream, flags << 24 | len(content)) + content


def test_the_dictionary_is_the_one_that_every_client_has() -> None:
    assert zlib.adler32(DICTIONARY) == 0xE3C6A7C2


def test_streams_are_opened_and_carry_data() -> None:
    peer, ours = Peer(), Connection()
    sent = peer.open(1, {"streamtype": "error", "port": "80", "requestid": "0"}) + data(1, b"", 1)
    sent += peer.open(3, {"streamtype": "data", "port": "80", "requestid": "0"}) + data(3, b"GET /")

    events = list(ours.feed(sent))

    assert events == [
        Opened(1, {"streamtype": "error", "port": "80", "requestid": "0"}),
        Received(1, b"", True),
        Opened(3, {"streamtype": "data", "port": "80", "requestid": "0"}),
        Received(3, b"GET /"),
    ]


def test_it_does_not_matter_where_bytes_are_cut() -> None:
    sent = Peer().open(1, {"port": "80"}) + data(1, b"hello") + struct.pack(">HHIII", 0x8003, 3, 8, 1, 5)
    ours = Connection()

    events = [event for at in range(len(sent)) for event in ours.feed(sent[at : at + 1])]

    assert events == [Opened(1, {"port": "80"}), Received(1, b"hello"), Reset(1)]


def test_a_ping_comes_back() -> None:
    ours, ping = Connection(), struct.pack(">HHII", 0x8003, 6, 4, 7)

    list(ours.feed(ping))

    assert ours.taken() == ping


def test_what_goes_out_is_framed() -> None:
    ours = Connection()

    ours.send(3, b"body", is_over=True)

    assert ours.taken() == data(3, b"body", 1)
    assert ours.taken() == b""


@pytest.mark.parametrize(
    "sent",
    [
        struct.pack(">HHI", 0x8002, 1, 10) + bytes(10),
        struct.pack(">HHI", 0x8003, 1, 30) + bytes(30),
        struct.pack(">II", 1, 0xFFFFFF),
        b"GET / HTTP/1.1\r\n\r\n",
    ],
)
def test_what_is_no_spdy_is_refused(sent: bytes) -> None:
    with pytest.raises(Broken):
        list(Connection().feed(sent))


def test_headers_that_unpack_to_too_much_are_refused() -> None:
    with pytest.raises(Broken):
        list(Connection().feed(Peer().open(1, {"x": "a" * 200_000})))
