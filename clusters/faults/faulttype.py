"""What a type of fault is: whom it hits, three sentences about it. No code: an effect stands where it bites."""

from __future__ import annotations

from dataclasses import dataclass

# what a Fault's spec.target may say for each sort of target: (required, optional)
TARGETS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "node": (("node",), ()),
    "container": (("pod",), ("namespace", "container")),
}


@dataclass(frozen=True, slots=True)
class FaultType:
    """One entry of the catalogue. `moment`: it fires once; otherwise it is a state that holds until it is deleted."""

    type: str
    target: str
    happens: str
    look_for: str
    heals: str
    moment: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        return TARGETS[self.target][0]

    @property
    def optional(self) -> tuple[str, ...]:
        return TARGETS[self.target][1]
