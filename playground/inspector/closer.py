"""What the picture shows of one pod only when somebody looks closer: each node's refusal, and a crash's last words."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body, dig
from clusters.models import Cluster
from playground.inspector.logs import logs_of
from playground.reasons.decision import weighed
from playground.topology.podcolumns import worst_container

LONGEST = 160  # letters of a log line


def closer(cluster: Cluster, pod: Body) -> dict[str, Any]:
    """`refused`: node -> reasons, while it waits for one. `last`: the last line that the run before wrote."""
    found: dict[str, Any] = {}
    if not dig(pod, "spec.nodeName"):
        found["refused"] = _refusals(cluster, pod)
    ended = _last_words(cluster, pod)
    return found | ({"last": ended} if ended else {})


def _refusals(cluster: Cluster, pod: Body) -> dict[str, list[str]]:
    made = weighed(cluster, pod).explanation
    if made is None:
        return {}
    return {row.node: [reason for said in row.refused.values() for reason in said] for row in made.rows}


def _last_words(cluster: Cluster, pod: Body) -> str:
    """Of the container that has fallen; while it runs again, of its run before."""
    fallen = worst_container(pod)
    if "terminated" not in (fallen.get("lastState") or {}) and "terminated" not in (fallen.get("state") or {}):
        return ""
    again = "terminated" in (fallen.get("lastState") or {}) and not dig(fallen, "state.terminated")
    form = {"container": str(fallen["name"]), **({"previous": "1"} if again else {})}
    written = [line for line in logs_of(cluster, pod, form).lines if line.strip()]
    return written[-1][:LONGEST] if written else ""
