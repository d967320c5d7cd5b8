"""Pods apart from each other (Kubernetes: Pod Topology Spread Constraints)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, dig, put
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, deployment, pod, service

PAUSE = "registry.k8s.io/pause:3.10"
HOSTNAME, ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"


@pytest.fixture
def sim() -> Sim:
    """worker-1 and worker-2 in zone a, worker-3 in zone b."""
    made = Sim(nodes=3)
    for number in range(1, 4):
        labels = {**made.get("nodes", f"worker-{number}")["metadata"]["labels"], ZONE: "a" if number < 3 else "b"}
        made.patch("nodes", f"worker-{number}", "metadata.labels", labels)
    return made


def rule(key: str = ZONE, **more: Any) -> Body:
    selector = {"matchLabels": {"app": "web"}}
    return {"maxSkew": 1, "topologyKey": key, "whenUnsatisfiable": "DoNotSchedule", "labelSelector": selector, **more}


def web(replicas: int, *rules: Body, **spec: Any) -> Body:
    made = put(deployment("web", replicas, image=PAUSE), "spec.template.spec.topologySpreadConstraints", list(rules))
    return {**made, "spec": put(made["spec"], "template.spec", {**made["spec"]["template"]["spec"], **spec})}


def seats(sim: Sim, app: str = "web") -> list[str]:
    return sorted(str(dig(one, "spec.nodeName", "")) for one in sim.pods(app))


def test_zones_are_filled_evenly(sim: Sim) -> None:
    sim.apply(web(4, rule())).settle()

    assert seats(sim).count("worker-3") == 2


def test_a_minimum_of_domains_that_is_not_there_keeps_pods_waiting(sim: Sim) -> None:
    sim.apply(web(4, rule(minDomains=3))).settle()

    # with fewer zones than wanted the fewest pods count as none, so that each zone has at most one
    assert seats(sim).count("") == 2


def test_another_version_is_counted_for_itself(sim: Sim) -> None:
    for name, version in (("old-1", "1"), ("old-2", "1")):
        old = pod(name, PAUSE, spec={"nodeName": "worker-3"})
        sim.apply(put(old, "metadata.labels", {"app": "web", "version": version})).settle()
    wanted = pod("new", PAUSE, spec={"topologySpreadConstraints": [rule(matchLabelKeys=["version"])]})
    sim.patch("nodes", "worker-1", "spec.unschedulable", True).patch("nodes", "worker-2", "spec.unschedulable", True)

    sim.apply(put(wanted, "metadata.labels", {"app": "web", "version": "2"})).settle()

    assert dig(sim.get("pods", "new"), "spec.nodeName") == "worker-3"


def test_a_tainted_node_counts_unless_taints_are_to_be_honoured(sim: Sim) -> None:
    sim.patch("nodes", "worker-3", "spec.unschedulable", True).settle()

    sim.apply(web(3, rule(nodeTaintsPolicy="Honor"))).settle()
    assert "" not in seats(sim)

    sim.delete("deployments", "web").settle().apply(web(3, rule())).settle()
    assert seats(sim).count("") == 2


def test_a_node_that_the_pod_does_not_select_counts_only_when_asked_for(sim: Sim) -> None:
    only_a = {"nodeSelector": {ZONE: "a"}}

    sim.apply(web(3, rule(), **only_a)).settle()
    assert "" not in seats(sim)

    sim.delete("deployments", "web").settle().apply(web(3, rule(nodeAffinityPolicy="Ignore"), **only_a)).settle()
    assert seats(sim).count("") == 2


def test_a_node_without_the_key_is_not_for_the_pod_and_this_is_said(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE, spec={"topologySpreadConstraints": [rule("rack")]})).settle()

    said = condition_of(sim.get("pods", "web"), "PodScheduled")
    assert said is not None
    missing = "3 node(s) didn't match pod topology spread constraints (missing required label)"
    assert missing in said["message"]


def test_a_soft_rule_is_a_wish(sim: Sim) -> None:
    sim.patch("nodes", "worker-3", "spec.unschedulable", True).settle()

    sim.apply(web(4, rule(whenUnsatisfiable="ScheduleAnyway"))).settle()

    assert "" not in seats(sim)


def test_pods_that_a_service_selects_spread_by_default(sim: Sim) -> None:
    sim.apply(service("solo")).settle()
    for number in range(3):
        body = put(pod(f"solo-{number}", PAUSE), "metadata.labels", {"app": "solo"})
        sim.apply(body).settle()

    assert seats(sim, "solo") == ["worker-1", "worker-2", "worker-3"]
