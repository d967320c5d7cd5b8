"""Mounted ConfigMaps and Secrets follow what the API has."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from tests.sim import Sim, pod
from tests.workloads.kubelet.reading import configmap, container

LOOP = ["sh", "-c", "while true; do cat /etc/conf/key; echo; sleep 5; done"]


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1).apply(configmap("settings", key="old"))


def reader(volume: Body, **mount: str) -> Body:
    mounts = [{"name": "conf", "mountPath": "/etc/conf", **mount}]
    spec = {"volumes": [{"name": "conf", **volume}]}
    return pod("web", "busybox:1.37", command=LOOP, volumeMounts=mounts, spec=spec)


@pytest.mark.parametrize(
    "volume",
    [{"configMap": {"name": "settings"}}, {"projected": {"sources": [{"configMap": {"name": "settings"}}]}}],
)
def test_a_changed_configmap_is_seen_within_a_minute(sim: Sim, volume: Body) -> None:
    sim.apply(reader(volume)).run(30)

    sim.apply(configmap("settings", key="new")).run(65)

    log = sim.logs(sim.get("pods", "web"))
    assert log.startswith("old\n")
    assert log.endswith("new\n")
    assert container(sim, "web")["restartCount"] == 0


def test_a_sub_path_keeps_what_it_was_mounted_with(sim: Sim) -> None:
    sim.apply(reader({"configMap": {"name": "settings"}}, mountPath="/etc/conf/key", subPath="key")).run(30)

    sim.apply(configmap("settings", key="new")).run(65)

    assert "new" not in sim.logs(sim.get("pods", "web"))


def test_a_deleted_configmap_stays_mounted(sim: Sim) -> None:
    sim.apply(reader({"configMap": {"name": "settings"}})).run(30)

    sim.delete("configmaps", "settings").run(65)

    assert sim.logs(sim.get("pods", "web")).endswith("old\n")
