"""What a type of fault is: whom it hits, three sentences about it. No code: an effect stands where it bites."""

from __future__ import annotations

from dataclasses import dataclass

MANY = ("selector", "chance", "count")
# what a Fault's spec.target may say for each sort of target: (required, optional)
TARGETS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "node": (("node",), ("zone", *MANY)),
    "zone": (("zone",), ()),
    "container": (("pod",), ("namespace", "container", *MANY)),
    "nodes": ((), ("node", "zone", *MANY)),  # without a target: every node
    "network": ((), ("node", "zone", "pod", "namespace", *MANY)),  # without a target: every packet
    "deployment": (("deployment",), ("namespace",)),
    "cluster": ((), ()),
}
# what stands for a name that is required: one of these says whom it hits as well
INSTEAD = ("selector", "zone", "chance", "count")
GROUPS = ("Machines", "Containers", "Network", "Images and rollouts", "Control plane")
LATER = (
    "APIServerDown",
    "APIServerSlow",
    "EtcdDown",
    "EtcdSlow",
    "EtcdQuorumLoss",
    "VolumeDown",
    "VolumeFull",
    "VolumeSlow",
)
COME_LATER = "faults of the API server, etcd and volumes come with their own issue"


@dataclass(frozen=True, slots=True)
class FaultType:
    """One entry of the catalogue. `moment`: it fires once; otherwise it is a state that holds until it is deleted.

    `options`: fields of spec beside type, target and duration. `part`: the static pod that it is about.
    """

    type: str
    target: str
    happens: str
    look_for: str
    heals: str
    moment: bool = False
    group: str = "Machines"
    title: str = ""  # a few words for people; the type where there are none
    options: tuple[str, ...] = ()
    part: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", self.title or self.type)

    @property
    def required(self) -> tuple[str, ...]:
        return TARGETS[self.target][0]

    @property
    def optional(self) -> tuple[str, ...]:
        return TARGETS[self.target][1]

    @property
    def hits(self) -> str:
        """What a label selector picks: "nodes" or "pods"; "" where nothing is picked."""
        if self.target in ("node", "nodes", "zone"):
            return "nodes"
        return "pods" if self.target in ("container", "network") else ""
