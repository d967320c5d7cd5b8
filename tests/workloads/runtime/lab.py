"""A container on the bench: it runs through cluster time, and its run goes through JSON between any two steps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from clusters.kernel import Outcome, Request, Wire
from clusters.reconcile.clock import SECOND, Time
from workloads.images import Image, find
from workloads.runtime import container
from workloads.runtime.machine import Line

START: Time = 1_790_000_000 * SECOND  # Mon Sep 21 14:13:20 UTC 2026


class Lab:
    def __init__(
        self,
        *command: str,
        image: str = "busybox",
        args: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        mounts: Mapping[str, Mapping[str, str]] | None = None,
        spec: Mapping[str, Any] | None = None,
        seed: int = 7,
        wire: Wire | None = None,
        ip: str = "10.244.1.5",
    ) -> None:
        found = find(image)
        assert isinstance(found, Image)
        full = {
            "name": "main",
            **({"command": list(command)} if command else {}),
            **({"args": list(args)} if args else {}),
        }
        self.now, self.lines, self.steps, self.wire = START, list[Line](), 0, wire
        self.run = container.create(
            found,
            {**full, **(spec or {})},
            env=env or {},
            mounts=mounts or {},
            hostname="web-0",
            now=START,
            seed=seed,
            ip=ip,
        )
        self.forget_python()

    def forget_python(self) -> None:
        """What another process would read from the database."""
        self.run = json.loads(json.dumps(self.run))

    def for_(self, seconds: float) -> Lab:
        """Lets cluster time pass."""
        end = self.now + round(seconds * SECOND)
        while (due := container.due(self.run)) is not None and due <= end and self.steps < 10_000:
            before = json.dumps(self.run)
            step = container.advance(self.run, max(due, self.now), self.wire)
            assert json.dumps(self.run) == before, "a run was mutated"
            self.now = max(due, self.now)
            self.run, self.steps = step.run, self.steps + 1
            self.lines.extend(step.output)
            self.forget_python()
        self.now = end
        return self

    def signal(self, name: str) -> Lab:
        self.run = container.signal(self.run, name, self.now)
        return self.for_(0)

    def exec(self, *argv: str, stdin: bytes = b"", seconds: float = 0) -> int:
        execution = container.execute(self.run, argv, self.now, stdin=stdin)
        self.run = execution.run
        self.for_(seconds)
        return execution.pid

    def finished(self, pid: int) -> container.Finished | None:
        return container.execution(self.run, pid)

    def get(self, path: str = "/", port: int = 80, **more: Any) -> Outcome:
        return container.answer(self.run, Request("http", port, path=path, **more), self.now)

    @property
    def out(self) -> str:
        return "".join(line.data for line in self.lines if line.stream == "stdout")

    @property
    def err(self) -> str:
        return "".join(line.data for line in self.lines if line.stream == "stderr")

    @property
    def code(self) -> int | None:
        found = container.exit_of(self.run)
        return found["code"] if found else None

    @property
    def is_running(self) -> bool:
        return container.is_running(self.run)


def sh(script: str, seconds: float = 20, **more: Any) -> Lab:
    return Lab("sh", "-c", script, **more).for_(seconds)
