"""Chance that can be repeated: every draw follows from a seed, so a replay draws the same (DESIGN: pure core)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
# what the API server makes name suffixes of: no vowels, nothing that is mistaken for something else
SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789"


class Chance:
    """A stream of draws from one seed. Two streams of the same seed are the same."""

    __slots__ = ("_drawn", "_seed")

    def __init__(self, seed: str) -> None:
        self._seed = seed.encode()
        self._drawn = 0

    def bits(self) -> int:
        """128 random bits."""
        self._drawn += 1
        digest = blake2b(self._seed, digest_size=16, salt=self._drawn.to_bytes(8, "big"))
        return int.from_bytes(digest.digest(), "big")

    def fraction(self) -> float:
        """A number from 0 up to, not including, 1."""
        return (self.bits() >> 75) / (1 << 53)

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[self.bits() % len(choices)]

    def suffix(self, length: int = 5) -> str:
        """The end of a generated name: `x7k2p`."""
        value, letters = self.bits(), []
        for _ in range(length):
            value, index = divmod(value, len(SUFFIX_LETTERS))
            letters.append(SUFFIX_LETTERS[index])
        return "".join(letters)

    def uid(self) -> str:
        """A version 4 UUID."""
        text = f"{self.bits():032x}"
        variant = "89ab"[int(text[16], 16) & 3]
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-{variant}{text[17:20]}-{text[20:]}"
