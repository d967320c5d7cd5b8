"""The third ink: what truly runs, joined into the rows; the way of a change through the log."""

from __future__ import annotations

from typing import Any

from playground.topology.storage import claim_row, volume_row
from playground.topology.truth import Box, look, periods_of, truth
from playground.topology.way import latest, station, way


def box(**probe: Any) -> Box:
    return look({"running": ["web"], "containers": {"web": {"probes": {"readiness": probe}}}})


def test_a_probe_is_told_only_while_its_verdict_is_not_the_good_one() -> None:
    periods = {"readiness": [5000, 3]}

    failing = truth(box(origin=2_000_000, last=0, ok=False, same=False, count=3), periods)
    fine = truth(box(origin=2_000_000, last=0, ok=True, same=True, count=1), periods)

    assert failing["probe"] == ["readiness", 2000, 5000, 3, 3, 0]
    assert "probe" not in fine


def test_a_probe_has_its_period_and_its_threshold() -> None:
    spec = {"containers": [{"name": "web", "readinessProbe": {"periodSeconds": 5}}]}

    assert periods_of(spec) == {"readiness": [5000, 3]}


def test_a_claim_and_its_volume_name_one_another() -> None:
    claim = {
        "metadata": {},
        "spec": {"volumeName": "pv", "accessModes": ["ReadWriteOnce"]},
        "status": {"phase": "Bound"},
    }
    volume = {"metadata": {}, "spec": {"claimRef": {"namespace": "default", "name": "data"}}}

    assert (claim_row(claim)["volume"], claim_row(claim)["modes"]) == ("pv", "RWO")
    assert volume_row(volume)["claim"] == "default/data"


def line(revision: int, actor: str, cause: int | None, resource: str = "pods") -> dict[str, Any]:
    return {"revision": revision, "actor": actor, "cause": cause, "resource": resource}


def test_the_way_of_a_change_is_all_that_it_made_necessary() -> None:
    lines = [
        line(1, "alice", None, "deployments"),
        line(2, "deployment-controller", 1, "replicasets"),
        line(3, "kubelet/worker-1", None, "leases"),
        line(4, "replicaset-controller", 2),
        line(5, "default-scheduler", 4),
        line(6, "default-scheduler", 5, "events"),
        line(7, "kubelet/worker-1", 5),
    ]

    first = latest(lines)

    assert first == 1
    assert [step["station"] for step in way(lines, 1)] == ["you", "controllers", "controllers", "scheduler", "kubelet"]
    assert station("kube-proxy/worker-1") == "proxy"
