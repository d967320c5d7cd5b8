"""Bytes that travel as text come back as they were."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clusters.kinds.octets import NUL, bytes_of, split, text_of


@given(st.binary())
def test_no_byte_is_lost(data: bytes) -> None:
    text = text_of(data)

    assert bytes_of(text) == data
    assert "\0" not in text
    text.encode("utf-8")  # which JSON writers insist upon


def test_what_is_utf8_reads_as_it_is() -> None:
    assert text_of("grüße".encode()) == "grüße"


def test_characters_of_our_own_are_kept_too() -> None:
    data = (NUL + "a").encode()

    assert bytes_of(text_of(data)) == data


def test_a_character_cut_in_two_waits_for_its_rest() -> None:
    first, rest = split(text_of("naï".encode()[:-1]))

    assert first == "na"
    assert text_of(bytes_of(rest) + "ï".encode()[1:]) == "ï"


def test_what_stands_before_a_line_break_is_not_cut() -> None:
    text = text_of(b"\xf2\n")

    assert split(text) == (text, "")
