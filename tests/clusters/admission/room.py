"""A cluster in which nothing runs: writes pass defaults, admission and validation, and are kept."""

from __future__ import annotations

from typing import Any

from clusters.admission.apply import apply
from clusters.engine import assembly
from clusters.kinds.body import Body, Key, key_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import parse
from clusters.reconcile.loop import Loop
from clusters.reconcile.timings import PROFILES
from clusters.reconcile.world import Due, World
from clusters.reconcile.writes import Create, Delete, Update
from tests.sim import UserView

NOW = parse("2026-01-05T09:00:00Z")


class Room:
    """Has the namespace `default` and its account. Verbs give the object as it was admitted, or raise the Status."""

    def __init__(self, timings: str = "classroom", **limits: int) -> None:
        profile, kernel = PROFILES[timings], assembly.kernel()
        self.loop = Loop(World(assembly.kinds(), (), assembly.steps(), profile, "room", kernel, limits))
        self.create("namespaces", {"metadata": {"name": "default"}})
        self.create("serviceaccounts", {"metadata": {"name": "default"}})

    def create(self, resource: str, body: Body) -> Body:
        kind = self.loop.world.kinds[resource]
        home = {"namespace": "default"} if kind.namespaced else {}
        typed = {**body, "apiVersion": kind.api_version, "kind": kind.kind}
        return self._write(Create(resource, {**typed, "metadata": {**home, **body["metadata"]}}))

    def update(self, resource: str, body: Body, **spec: Any) -> Body:
        """The object with these fields of its spec changed; None takes a field away."""
        changed = {name: value for name, value in {**body["spec"], **spec}.items() if value is not None}
        metadata = {name: value for name, value in body["metadata"].items() if name != "resourceVersion"}
        return self._write(Update(resource, {**body, "metadata": metadata, "spec": changed}))

    def delete(self, resource: str, body: Body) -> Body:
        return self._write(Delete(resource, body))

    def view(self) -> UserView:
        return UserView(self.loop, Due(NOW, 0, 0))

    def _write(self, write: Create | Update | Delete) -> Body:
        change = apply(write, self.view(), self.loop.world.steps)
        if isinstance(change, Status):
            raise change
        if change is None:
            known = self.loop.objects.get(write.resource, key_of(write.body))
            assert known is not None
            return known
        return self.loop.commit(change, "test", 0, "", Due(NOW, 0, 0))

    def get(self, resource: str, name: str, namespace: str = "default") -> Body | None:
        return self.loop.objects.get(resource, Key(namespace, name))
