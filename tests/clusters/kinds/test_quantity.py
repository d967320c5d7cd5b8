"""Quantities are exact, and written down as the API server writes them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clusters.kinds import quantity

SUFFIXES = ("n", "u", "m", "", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("0.5", "500m"),
        ("1024Mi", "1Gi"),
        ("1500m", "1500m"),
        ("1.5Gi", "1536Mi"),
        ("1e3", "1e3"),
        ("1000m", "1"),
        ("1000Mi", "1000Mi"),
        ("2000M", "2G"),
        ("0", "0"),
        ("0.5Ki", "512"),
        ("+3", "3"),
        (2, "2"),
        ("-5", "-5"),
        (".5", "500m"),
    ],
)
def test_a_quantity_is_written_down_in_its_canonical_form(written: str, canonical: str) -> None:
    assert quantity.canonical(written) == canonical


@pytest.mark.parametrize("text", ["", "m", "1 Gi", "1gi", "1.2.3", "1e", "ten", "1KiB", "0x1", "1e99999", "١"])
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(quantity.NotAQuantity, match="must match the regular expression"):
        quantity.parse(text)


def test_cpu_is_rounded_up_to_thousandths() -> None:
    assert quantity.cpu_millis("1") == 1000
    assert quantity.cpu_millis("0.1") == 100
    assert quantity.cpu_millis("1u") == 1


def test_memory_is_rounded_up_to_bytes() -> None:
    assert quantity.memory_bytes("64Mi") == 64 * 2**20
    assert quantity.memory_bytes("1.5") == 2
    assert quantity.memory_bytes("1M") == 10**6


@given(st.integers(0, 10**6), st.sampled_from(SUFFIXES))
def test_the_canonical_form_has_the_same_value_and_is_its_own_canonical_form(count: int, suffix: str) -> None:
    written = quantity.canonical(f"{count}{suffix}")

    assert quantity.parse(written) == quantity.parse(f"{count}{suffix}")
    assert quantity.canonical(written) == written


@given(st.decimals(min_value=0, max_value=10**6, places=3))
def test_decimals_are_exact(amount: object) -> None:
    assert quantity.parse(str(amount)) == Fraction(str(amount))


@given(st.integers(0, 10**9))
def test_formatting_loses_nothing(count: int) -> None:
    assert quantity.cpu_millis(quantity.format_millis(count)) == count
    assert quantity.memory_bytes(quantity.format_bytes(count)) == count


@pytest.mark.parametrize("amount", ["1e99", "99999999999Ei", "9" * 30])
def test_what_is_beyond_64_bits_counts_as_the_most_that_they_hold(amount: str) -> None:
    assert quantity.canonical(amount) == "9223372036854775807"
    assert quantity.cpu_millis(amount) == quantity.memory_bytes(amount) == (1 << 63) - 1


@pytest.mark.parametrize("amount", ["1e99999", "9" * 5000])
def test_absurd_numbers_are_no_quantities(amount: str) -> None:
    assert not quantity.is_quantity(amount)


def test_the_largest_exponent_is_read_at_once() -> None:
    assert quantity.canonical("1e9999") == "9223372036854775807"
