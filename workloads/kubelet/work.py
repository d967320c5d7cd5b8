"""One pod in the hands of its kubelet for one look: what it sees, and the sandbox as it shall be afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from clusters.kinds.body import Body, Key, key_of
from clusters.reconcile.clock import Time
from clusters.reconcile.view import View
from clusters.reconcile.writes import Emit
from workloads.kubelet.mirror import HASH, is_static

FRESH: Body = {"state": "waiting", "restarts": 0, "run": None}


class Work:
    """A draft: `box` and its `containers` belong to this look, everything inside them is replaced, never mutated."""

    __slots__ = (
        "because", "box", "disks", "due", "files", "machine", "node", "now", "old", "pod", "spec", "view", "why",
    )  # fmt: skip

    def __init__(self, pod: Body, machine: Body, view: View) -> None:
        self.pod, self.machine, self.view = pod, machine, view
        self.spec: Body = pod["spec"]
        self.node: str = pod["spec"]["nodeName"]
        self.now: Time = view.now
        self.due: Time | None = None
        self.because, self.why = pod, ""  # what makes the next status necessary
        self.files: dict[str, Mapping[str, str]] | None = None  # the volumes' files, once they were read in this look
        self.disks: dict[Key, Body] = {}  # what this look has written to disks
        self.old = view.get("sandboxes", box_key(pod))
        self.box = {**self.old, "containers": dict(self.old["containers"])} if self.old else self._new()
        for spec in self.ephemeral_specs:
            self.box["containers"].setdefault(spec["name"], FRESH)

    def _new(self) -> Body:
        key, pod = box_key(self.pod), key_of(self.pod)
        names = [spec["name"] for spec in (*self.init_specs, *self.spec["containers"])]
        return {
            "apiVersion": "machine.podium.dev/v1",
            "kind": "Sandbox",
            "metadata": {"namespace": key.namespace, "name": key.name},
            "pod": {"namespace": pod.namespace, "name": pod.name},
            "uid": self.uid,
            "ip": "",
            "running": [],
            "containers": dict.fromkeys(names, FRESH),
            "since": self.now,
            "boot": self.machine["bootID"],
            "grace": self.spec.get("terminationGracePeriodSeconds", 30),
        }

    @property
    def uid(self) -> str:
        return str(self.pod["metadata"]["uid"])

    @property
    def init_specs(self) -> Sequence[Body]:
        return self.spec.get("initContainers") or ()

    @property
    def ephemeral_specs(self) -> Sequence[Body]:
        return self.spec.get("ephemeralContainers") or ()

    @property
    def is_static(self) -> bool:
        return is_static(self.pod)

    def specs(self) -> Iterator[Body]:
        """The containers' specs: init containers, the main ones, those that were added to look around."""
        yield from self.init_specs
        yield from self.spec["containers"]
        yield from self.ephemeral_specs

    def resources(self, spec: Body) -> Body:
        """What the container has been given: the spec's wish, once the kubelet has agreed to it."""
        found: Body = self.box.get("allocated", {}).get(spec["name"], spec.get("resources") or {})
        return found

    def disk(self, key: Key) -> Body | None:
        """A disk as it is now."""
        return self.disks.get(key) or self.view.get("disks", key)

    def container(self, name: str) -> Body:
        found: Body = self.box["containers"][name]
        return found

    def set(self, name: str, **changes: Any) -> Body:
        """Change fields of one container; None removes a field."""
        made = {**self.container(name), **changes}
        made = {field: value for field, value in made.items() if value is not None or field == "run"}
        self.box["containers"][name] = made
        return made

    def wait(self, name: str, reason: str, message: str) -> None:
        """The container waits, for this reason; how its last run ended is its last state now."""
        last = self.container(name).get("exit") or self.container(name).get("last")
        self.set(name, state="waiting", reason=reason, message=message, last=last, exit=None)

    def later(self, at: Time | None) -> None:
        """Look again at that time, or sooner."""
        if at is not None and (self.due is None or at < self.due):
            self.due = at

    def note(self, why: str, because: Body | None = None) -> None:
        """Why the status will be another; what was noted first began the rest."""
        if not self.why:
            self.because, self.why = because or self.pod, why

    def say(self, type_: str, reason: str, message: str, container: str = "") -> Emit:
        """An Event about the pod or one of its containers."""
        path = f"spec.{self._group(container)}{{{container}}}" if container else ""
        return Emit(self.pod, type_, reason, message, because=self.pod, field_path=path)

    def _group(self, name: str) -> str:
        if any(spec["name"] == name for spec in self.init_specs):
            return "initContainers"
        return "ephemeralContainers" if any(spec["name"] == name for spec in self.ephemeral_specs) else "containers"

    def is_init(self, spec: Body) -> bool:
        """Of `initContainers`, be it a sidecar."""
        return any(spec is other for other in self.init_specs)

    def is_ephemeral(self, spec: Body) -> bool:
        """Nothing restarts it, and nothing waits for it."""
        return any(spec is other for other in self.ephemeral_specs)

    def is_sidecar(self, spec: Body) -> bool:
        """A restartable init container (KEP-753)."""
        return spec.get("restartPolicy") == "Always" and any(spec is other for other in self.init_specs)


def box_key(pod: Body) -> Key:
    """A static pod's sandbox outlives its mirror: it is kept by the manifest's hash."""
    metadata = pod["metadata"]
    name = metadata["annotations"][HASH] if is_static(pod) else metadata["uid"]
    return Key(pod["spec"]["nodeName"], name)
