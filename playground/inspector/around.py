"""What an object's page may look at beside the object itself: the store, or in a test a dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from clusters.kinds.body import Body
from clusters.reconcile.clock import Time


class Around(Protocol):
    """Objects of the same cluster at one moment, in the order of their keys."""

    @property
    def now(self) -> Time: ...

    def get(self, resource: str, namespace: str, name: str) -> Body | None: ...
    def events(self, word: str) -> Sequence[Body]:
        """Of all Events at least those that are about the object with this uid or name."""

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]: ...
