"""What a component can see: objects at one moment, the cluster's time, seeded chance (client-go: listers)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from clusters.kinds.body import Body, Key
from clusters.kinds.kind import Kind
from clusters.reconcile.chance import Chance
from clusters.reconcile.clock import Time
from clusters.reconcile.timings import Timings

if TYPE_CHECKING:
    from clusters.kernel import Kernel


class View(Protocol):
    """Objects are read-only: change a copy (`put`). Lists come in the order of their keys."""

    @property
    def now(self) -> Time: ...
    @property
    def random(self) -> Chance: ...
    @property
    def timings(self) -> Timings: ...
    @property
    def limits(self) -> Mapping[str, int]:
        """What a visitor's cluster may hold (objects, pods, nodes, bytes); empty: no limits."""

    @property
    def kinds(self) -> Mapping[str, Kind]:
        """Every kind by its plural."""

    @property
    def kernel(self) -> Kernel:
        """What the machines do beneath all objects: processes that answer, packets that travel, what is used."""

    @property
    def cache(self) -> Any:
        """What the component's own `cache` made of all changes; None where it has none."""

    def get(self, resource: str, key: Key) -> Body | None: ...
    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]: ...
    def count(self, resource: str, namespace: str | None = None) -> int: ...
    def owned(self, owner: Body, resource: str) -> Sequence[Body]:
        """Objects whose controller reference names this owner's uid."""

    def dependents(self, uid: str) -> Sequence[tuple[str, Body]]:
        """(resource, object) for everything with an owner reference to this uid."""

    def on_node(self, node: str) -> Sequence[Body]:
        """Pods bound to this node."""

    def derived(self, make: Callable[[], Any]) -> Any:
        """An index over all objects that whoever asks may share: `make` gives a Cache, kept as long as the view's."""

    def hit_by(self, fault: str, **target: str) -> Body | None:
        """The active Fault of this type whose target has all these fields, e.g. hit_by("NodeCrash", node=name)."""
