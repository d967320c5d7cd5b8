"""What a container wrote, as `kubectl logs` shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from clusters.kinds.body import Body, dig, uid_of
from clusters.models import Cluster
from clusters.store import read
from playground.home.action import namespace_flag
from playground.inspector.summaries.container import statuses_of

TAIL = 500


@dataclass(frozen=True, slots=True)
class Logs:
    """The last lines of one run of one container, and kubectl's line for them."""

    containers: Sequence[str]
    container: str
    restart: int
    restarts: int
    lines: Sequence[str]
    cut: bool
    line: str

    @property
    def previous(self) -> bool:
        return self.restart < self.restarts


def logs_of(cluster: Cluster, pod: Body, form: Mapping[str, str]) -> Logs:
    """`container` and `previous` come from the form; what makes no sense there counts as not said."""
    groups = ("initContainers", "containers", "ephemeralContainers")
    containers = [one["name"] for group in groups for one in dig(pod, f"spec.{group}", ())]
    main = [one["name"] for one in dig(pod, "spec.containers", ())]
    container = form.get("container", "") if form.get("container") in containers else main[0]
    restarts = restarts_of(pod, container)
    restart = restarts - 1 if form.get("previous") and restarts else restarts
    found = read.output(cluster.pk, uid_of(pod), container, restart)
    lines = "".join(text if text.endswith("\n") else f"{text}\n" for _, _, text in found).splitlines()
    shown = lines[-TAIL:]
    line = command(pod, container if len(containers) > 1 else "", previous=restart < restarts)
    return Logs(containers, container, restart, restarts, shown, len(shown) < len(lines), line)


def restarts_of(pod: Body, container: str) -> int:
    return next((int(one.get("restartCount", 0)) for one in statuses_of(pod) if one["name"] == container), 0)


def command(pod: Body, container: str, *, previous: bool) -> str:
    which = f" -c {container}" if container else ""
    namespace = namespace_flag(pod["metadata"]["namespace"])
    return f"kubectl logs {pod['metadata']['name']}{which}{namespace}{' --previous' if previous else ''}"
