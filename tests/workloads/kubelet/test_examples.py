"""The examples about a pod's life do what their headings say."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from clusters.kinds.body import Body
from tests.sim import Sim
from tests.workloads.kubelet.reading import condition, container, messages

MANIFESTS = Path(__file__).parents[3] / "playground" / "examples" / "manifests"


def documents(name: str) -> list[Body]:
    return list(yaml.safe_load_all((MANIFESTS / f"{name}.yaml").read_text()))


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def shown(sim: Sim, name: str, pod: str, seconds: float) -> Sim:
    return sim.apply(*documents(name)).run(seconds) if pod else sim


def test_an_init_container_prepares_the_page(sim: Sim) -> None:
    shown(sim, "init-container", "prepared", 12)

    assert sim.word(sim.get("pods", "prepared")) == "Running"
    assert "Prepared by an init container" in str(
        sim.list("sandboxes", sim.get("pods", "prepared")["spec"]["nodeName"])
    )


def test_a_sidecar_passes_the_log_on_and_ends_last(sim: Sim) -> None:
    shown(sim, "sidecar", "talkative", 12)
    body = sim.get("pods", "talkative")
    sim.delete("pods", "talkative").run(10)

    said = sim.logs(body, "log-shipper")
    assert said.count("all is well") >= 2
    assert said.endswith("the last line is out\n")


def test_a_startup_probe_gives_time(sim: Sim) -> None:
    shown(sim, "startup-probe", "late-riser", 15)
    early = container(sim, "late-riser")["started"]
    sim.run(20)

    assert early is False
    assert (container(sim, "late-riser")["started"], container(sim, "late-riser")["restartCount"]) == (True, 0)


def test_hooks_run_at_start_and_stop(sim: Sim) -> None:
    shown(sim, "hooks", "polite", 6)
    sandboxes = str(sim.list("sandboxes", sim.get("pods", "polite")["spec"]["nodeName"]))
    began = sim.now
    sim.delete("pods", "polite").run(10)

    assert "Hello from postStart" in sandboxes
    assert 5 <= (sim.log.last("pods", "DELETED").at - began) / 1e6 < 7


def test_a_pod_knows_itself(sim: Sim) -> None:
    shown(sim, "downward-api", "self-aware", 6)

    body = sim.get("pods", "self-aware")
    where = f"{body['spec']['nodeName']} at {body['status']['podIP']}"
    assert sim.logs(body) == f'I am self-aware on {where} with 250m of CPU\ntier="demo"\n'


def test_variables_come_from_everywhere(sim: Sim) -> None:
    shown(sim, "environment", "shop", 6)

    said = sim.logs(sim.get("pods", "shop"))
    for line in ("SHOP_COLOUR=teal", "PASSWORD=open-sesame", "URL=postgres://shop:open-sesame@db/shop"):
        assert f"{line}\n" in said


def test_the_hungry_are_ended_by_the_kernel(sim: Sim) -> None:
    shown(sim, "out-of-memory", "hungry", 6)

    ended = container(sim, "hungry")["lastState"].get("terminated") or container(sim, "hungry")["state"]["terminated"]
    assert ended["reason"] == "OOMKilled"


def test_who_hoards_is_evicted(sim: Sim) -> None:
    shown(sim, "evicted", "hoarder", 30)

    assert sim.get("pods", "hoarder")["status"]["reason"] == "Evicted"
    assert messages(sim, "Evicted", "hoarder") == ['Usage of EmptyDir volume "cache" exceeds the limit "10Ki". ']


def test_there_are_three_classes_of_service(sim: Sim) -> None:
    shown(sim, "quality-of-service", "all", 6)

    classes = [sim.get("pods", name)["status"]["qosClass"] for name in ("guaranteed", "burstable", "best-effort")]
    assert classes == ["Guaranteed", "Burstable", "BestEffort"]
    assert len(sim.running()) >= 3


def test_who_is_not_root_writes_to_its_volume_alone(sim: Sim) -> None:
    shown(sim, "security-context", "humble", 6)

    said = sim.logs(sim.get("pods", "humble"))
    assert said == (
        "uid=1000 gid=3000 groups=3000\nthe volume can be written\nsh: can't create /etc/file: Read-only file system\n"
    )


def test_last_words_stand_in_the_status(sim: Sim) -> None:
    shown(sim, "last-words", "dramatic", 10)

    assert container(sim, "dramatic")["state"]["terminated"]["message"] == "the database would not talk to me\n"
    assert condition(sim, "dramatic", "Ready")["reason"] == "PodFailed"


def test_a_pod_that_can_grow_runs(sim: Sim) -> None:
    shown(sim, "resize", "growing", 6)

    assert container(sim, "growing")["allocatedResources"] == {"cpu": "200m", "memory": "64Mi"}
