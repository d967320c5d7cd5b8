"""A real kubectl against a real Podium, as a student runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MISSING = "these tests need a kubectl: put one on PATH"
PATIENCE = 150.0  # seconds: a slow machine shall only take longer


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    out: str
    err: str
    code: int

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def row(self, name: str) -> list[str]:
        """The cells of the row that begins with this name."""
        return next(line.split() for line in self.lines if line.split()[:1] == [name])


def find() -> str | None:
    """The newest kubectl.1.NN beside the one on PATH (which may be a dispatcher), or that one itself."""
    found = shutil.which("kubectl")
    if found is None:
        return None
    fixed = [one for one in Path(found).resolve().parent.glob("kubectl.1.*") if one.name[10:].isdigit()]
    return str(max(fixed, key=lambda one: int(one.name[10:]))) if fixed else found


class Kubectl:
    """Commands in one namespace of one cluster."""

    def __init__(self, path: str, kubeconfig: Path, cache: Path, namespace: str = "default") -> None:
        self._path, self._kubeconfig, self._cache, self.namespace = path, kubeconfig, cache, namespace

    def within(self, namespace: str) -> Kubectl:
        return Kubectl(self._path, self._kubeconfig, self._cache, namespace)

    def command(self, *arguments: str) -> list[str]:
        places = ["--kubeconfig", str(self._kubeconfig), "--cache-dir", str(self._cache), "-n", self.namespace]
        return [self._path, *places, *arguments]

    def run(self, *arguments: str, stdin: str | None = None, seconds: float = PATIENCE) -> Said:
        """Whatever comes of it."""
        done = subprocess.run(
            self.command(*arguments),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            env={**os.environ, "HOME": str(self._cache), "KUBE_EDITOR": os.environ.get("KUBE_EDITOR", "true")},
        )
        return Said(done.stdout, done.stderr, done.returncode)

    def __call__(self, *arguments: str, stdin: str | None = None, seconds: float = PATIENCE) -> Said:
        """It has to succeed."""
        said = self.run(*arguments, stdin=stdin, seconds=seconds)
        assert said.code == 0, f"kubectl {' '.join(arguments)}: {said.err or said.out}"
        return said

    def refused(self, *arguments: str, stdin: str | None = None) -> str:
        """It has to fail; what it said."""
        said = self.run(*arguments, stdin=stdin)
        assert said.code != 0, f"kubectl {' '.join(arguments)} succeeded: {said.out}"
        return said.err

    def get(self, *arguments: str) -> Any:
        """The object or list as data."""
        return self("get", *arguments, "-o", "json").json

    def eventually(self, wanted: str, *arguments: str, seconds: float = PATIENCE) -> Said:
        """Ask until the answer contains this."""
        deadline = time.monotonic() + seconds
        while True:
            said = self.run(*arguments)
            if wanted in said.out:
                return said
            assert time.monotonic() < deadline, f"no {wanted!r} in what {arguments} says: {said.out}{said.err}"
            time.sleep(0.2)
