"""Python that runs as one of Podium's own commands would: with its settings, its database, its queue."""

from __future__ import annotations

from tests.podium import Podium


def run_inside(podium: Podium, script: str) -> str:
    """What the script prints."""
    done = podium.manage("shell", "--no-imports", "-c", script)
    assert done.returncode == 0, done.stderr
    return done.stdout


def new_client_cluster(podium: Podium, name: str, nodes: int, timings: str = "classroom") -> None:
    """A cluster of so many nodes, Ready."""
    made = podium.manage("cluster", "create", name, "--nodes", str(nodes), "--timings", timings)
    assert made.returncode == 0, made.stderr
