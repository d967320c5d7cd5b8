"""Which pods go first when there are too many."""

from __future__ import annotations

from collections import Counter
from typing import Any

from clusters.kinds.body import Body
from clusters.reconcile.clock import parse
from workloads.replicas.ranking import ranked

NOW = parse("2026-01-05T12:00:00Z")


def pod(name: str, *, ready: str = "", born: str = "10:00:00", restarts: int = 0, **spec: Any) -> Body:
    stamp = f"2026-01-05T{ready}Z"
    conditions = [{"type": "Ready", "status": "True", "lastTransitionTime": stamp}] if ready else []
    status = {"phase": "Running", "conditions": conditions, "containerStatuses": [{"restartCount": restarts}]}
    metadata = {"name": name, "uid": name, "creationTimestamp": f"2026-01-05T{born}Z"}
    return {"metadata": metadata, "spec": {"nodeName": "a", **spec}, "status": status}


def order(*pods: Body, related: Counter[str] | None = None) -> list[str]:
    return [one["metadata"]["name"] for one in ranked(pods, related or Counter(), NOW)]


def test_what_is_not_ready_goes_before_what_is() -> None:
    assert order(pod("ready", ready="11:00:00"), pod("not")) == ["not", "ready"]


def test_what_became_ready_lately_goes_before_what_is_long() -> None:
    assert order(pod("long", ready="08:00:00"), pod("lately", ready="11:59:50")) == ["lately", "long"]


def test_of_pods_of_the_same_age_class_the_uid_decides() -> None:
    assert order(pod("b", ready="10:50:00"), pod("a", ready="10:55:00")) == ["a", "b"]


def test_what_restarted_more_goes_first() -> None:
    often, never = pod("often", ready="11:00:00", restarts=3), pod("never", ready="11:00:00")

    assert order(never, often) == ["often", "never"]


def test_the_younger_goes_first() -> None:
    old, young = pod("old", ready="11:00:00", born="06:00:00"), pod("young", ready="11:00:00", born="10:59:00")

    assert order(old, young) == ["young", "old"]


def test_a_crowded_node_gives_first() -> None:
    crowded, lonely = pod("crowded", ready="11:00:00", nodeName="a"), pod("lonely", ready="11:00:00", nodeName="b")

    assert order(lonely, crowded, related=Counter(a=2, b=1)) == ["crowded", "lonely"]
