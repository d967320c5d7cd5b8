"""Where in a pod a terminal can be opened, and kubectl's line for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, dig
from clusters.models import Cluster
from playground.home.action import namespace_flag

LISTS = ("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")


@dataclass(frozen=True, slots=True)
class Terminal:
    """`address` is the socket's, but for the container."""

    containers: Sequence[str]
    address: str
    line: str


def terminal_of(cluster: Cluster, pod: Body) -> Terminal:
    """The pod's running containers, the main ones first."""
    statuses = [status for field in LISTS for status in dig(pod, f"status.{field}") or ()]
    running = [one["name"] for one in statuses if dig(one, "state.running") is not None]
    namespace, name = pod["metadata"]["namespace"], pod["metadata"]["name"]
    which = f" -c {running[0]}" if len(running) > 1 else ""
    line = f"kubectl exec -it {name}{which}{namespace_flag(namespace)} -- sh"
    return Terminal(running, f"/c/{cluster.slug}/terminal/{namespace}/{name}/", line)
