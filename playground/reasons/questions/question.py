"""What a question is: about which kinds it is asked, and who answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from clusters.kinds.body import Body
from playground.reasons.answer import Answer
from playground.reasons.evidence import Evidence

EVERYTHING = ("*",)


@dataclass(frozen=True, slots=True)
class Question:
    """`ask` answers None where the question does not arise."""

    slug: str
    resources: tuple[str, ...]
    ask: Callable[[str, Body, Evidence], Answer | None]

    def concerns(self, resource: str) -> bool:
        return self.resources == EVERYTHING or resource in self.resources
