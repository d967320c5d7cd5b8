"""Several schedulers in one (Kubernetes: Scheduler Configuration, multiple profiles)."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body, dig
from tests.sim import Sim, pod
from workloads.scheduler.configuration import profiles_of

PAUSE = "registry.k8s.io/pause:3.10"
HEAD = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n"
TWO = f"""{HEAD}profiles:
- schedulerName: default-scheduler
- schedulerName: packer
  pluginConfig:
  - name: NodeResourcesFit
    args:
      scoringStrategy: {{type: MostAllocated}}
  plugins:
    score:
      disabled: [{{name: NodeResourcesBalancedAllocation}}, {{name: PodTopologySpread}}, {{name: ImageLocality}}]
"""


def config(text: str) -> Body:
    metadata = {"name": "kube-scheduler", "namespace": "kube-system"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"config.yaml": text}}


def asking(name: str, scheduler: str, **spec: str) -> Body:
    return pod(name, PAUSE, resources={"requests": {"cpu": "500m"}}, spec={"schedulerName": scheduler, **spec})


def seat(sim: Sim, name: str) -> str:
    return str(dig(sim.get("pods", name), "spec.nodeName", ""))


def test_another_profile_decides_differently() -> None:
    sim = Sim(nodes=3).apply(config(TWO), asking("first", "default-scheduler", nodeName="worker-2")).settle()

    sim.apply(asking("packed", "packer")).settle().apply(asking("spread", "default-scheduler")).settle()

    assert seat(sim, "packed") == "worker-2"
    assert seat(sim, "spread") != "worker-2"
    assert sim.events("Scheduled", "packed")[0]["source"] == {"component": "packer"}


def test_a_pod_of_an_unknown_scheduler_gets_its_node_when_the_profile_comes() -> None:
    sim = Sim(nodes=2).apply(asking("early", "packer")).settle()
    assert (seat(sim, "early"), sim.events(about="early")) == ("", [])

    sim.apply(config(TWO)).settle()

    assert seat(sim, "early") != ""


def test_a_filter_can_be_disabled() -> None:
    sim = Sim(nodes=1).apply(
        config(f"{HEAD}profiles:\n- plugins:\n    filter:\n      disabled: [{{name: TaintToleration}}]\n")
    )
    sim.patch("nodes", "worker-1", "spec.unschedulable", True).settle()

    sim.apply(asking("web", "default-scheduler")).settle()

    assert seat(sim, "web") == "control-plane"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("kind: Other", "it is not a KubeSchedulerConfiguration of kubescheduler.config.k8s.io/v1"),
        (f"{HEAD}profiles: [{{plugins: {{score: {{enabled: [{{name: Mine}}]}}}}}}]", "there is no plugin Mine"),
        (f"{HEAD}profiles: [{{plugins: {{permit: {{}}}}}}]", "plugins.permit is not honoured here"),
        (f"{HEAD}profiles: [{{}}, {{}}]", "two profiles have one schedulerName"),
        (f"{HEAD}profiles: [{{plugins: 3}}]", "it has not the shape of a KubeSchedulerConfiguration"),
    ],
)
def test_a_configuration_that_is_wrong_is_not_taken_and_this_is_said(text: str, told: str) -> None:
    assert profiles_of(config(text))[1] == told


def test_what_is_wrong_with_a_configuration_is_told_in_an_event() -> None:
    sim = Sim(nodes=1).apply(config("kind: Other")).settle()

    (event,) = sim.events("InvalidConfiguration")
    assert event["message"].startswith("The default profile holds: it is not a KubeSchedulerConfiguration")
    assert seat(sim.apply(asking("web", "default-scheduler")).settle(), "web") == "worker-1"


def test_the_share_of_nodes_to_score_can_be_set() -> None:
    profiles, _ = profiles_of(config(f"{HEAD}percentageOfNodesToScore: 30\n"))

    assert profiles["default-scheduler"].percentage == 30


def test_pods_that_wait_are_tried_again_when_the_rules_are_others() -> None:
    sim = Sim(nodes=1).apply(pod("web", PAUSE, spec={"nodeSelector": {"disk": "ssd"}})).settle()
    assert seat(sim, "web") == ""

    sim.apply(config(f"{HEAD}profiles: [{{plugins: {{filter: {{disabled: [{{name: NodeAffinity}}]}}}}}}]"))
    sim.settle(quiet=12)

    assert seat(sim, "web") == "worker-1"
