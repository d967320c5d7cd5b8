"""The Kubernetes that Podium is, named in one place."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.kinds.schema import MINOR

GIT_VERSION = f"v{MINOR}.3"


def version() -> Body:
    """`/version`."""
    major, _, minor = MINOR.partition(".")
    return {
        "major": major,
        "minor": minor,
        "emulationMajor": major,
        "emulationMinor": minor,
        "minCompatibilityMajor": major,
        "minCompatibilityMinor": str(int(minor) - 1),
        "gitVersion": GIT_VERSION,
        "gitCommit": "unknown",
        "gitTreeState": "clean",
        "buildDate": "2025-12-09T14:59:13Z",
        "goVersion": "go1.24.6",
        "compiler": "gc",
        "platform": "linux/amd64",
    }
