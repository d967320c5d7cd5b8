"""Pods near to and away from other pods (Kubernetes: Inter-pod affinity and anti-affinity)."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, dig, put
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, deployment, pod

PAUSE = "registry.k8s.io/pause:3.10"
HOSTNAME, ZONE = "kubernetes.io/hostname", "topology.kubernetes.io/zone"
REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


@pytest.fixture
def sim() -> Sim:
    """Two nodes in zone a, two in zone b."""
    return zoned(Sim(nodes=4))


def zoned(sim: Sim) -> Sim:
    for number in range(1, 5):
        node = sim.get("nodes", f"worker-{number}")
        labels = {**node["metadata"]["labels"], ZONE: "a" if number < 3 else "b"}
        sim.patch("nodes", f"worker-{number}", "metadata.labels", labels)
    return sim


def term(app: str, topology: str = HOSTNAME, **more: Any) -> Body:
    return {"labelSelector": {"matchLabels": {"app": app}}, "topologyKey": topology, **more}


def near(*terms: Body) -> Body:
    return {"affinity": {"podAffinity": {REQUIRED: list(terms)}}}


def apart(*terms: Body) -> Body:
    return {"affinity": {"podAntiAffinity": {REQUIRED: list(terms)}}}


def placed(name: str, node: str, app: str = "", **spec: Any) -> Body:
    made = pod(name, PAUSE, spec={"nodeName": node, **spec})
    return put(made, "metadata.labels", {"app": app or name})


def seat(sim: Sim, name: str, namespace: str = "default") -> str:
    return str(dig(sim.get("pods", name, namespace), "spec.nodeName", ""))


def message(sim: Sim, name: str) -> str:
    return str((condition_of(sim.get("pods", name), "PodScheduled") or {}).get("message"))


def test_a_pod_goes_where_its_companion_is(sim: Sim) -> None:
    sim.apply(placed("cache", "worker-3")).settle()

    sim.apply(pod("web", PAUSE, spec=near(term("cache")))).settle()

    assert seat(sim, "web") == "worker-3"


def test_near_can_mean_the_same_zone(sim: Sim) -> None:
    sim.apply(placed("cache", "worker-3")).settle()
    sim.patch("nodes", "worker-3", "spec.unschedulable", True)

    sim.apply(pod("web", PAUSE, spec=near(term("cache", ZONE)))).settle()

    assert seat(sim, "web") == "worker-4"


def test_without_a_companion_a_pod_waits_and_says_why(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE, spec=near(term("cache")))).settle()

    assert "4 node(s) didn't match pod affinity rules" in message(sim, "web")

    sim.apply(placed("cache", "worker-2")).settle()

    assert seat(sim, "web") == "worker-2"


def test_the_first_of_a_series_that_needs_itself_may_go_anywhere(sim: Sim) -> None:
    wanted = put(deployment("web", 3, image=PAUSE), "spec.template.spec.affinity", near(term("web"))["affinity"])

    sim.apply(wanted).settle()

    assert len({dig(one, "spec.nodeName") for one in sim.running("web")}) == 1
    assert len(sim.running("web")) == 3


def test_pods_that_avoid_each_other_have_a_node_each(sim: Sim) -> None:
    wanted = put(deployment("web", 5, image=PAUSE), "spec.template.spec.affinity", apart(term("web"))["affinity"])

    sim.apply(wanted).settle()

    seats = [dig(one, "spec.nodeName") for one in sim.running("web")]
    assert sorted(seats) == ["worker-1", "worker-2", "worker-3", "worker-4"]
    (left,) = [one for one in sim.pods("web") if not dig(one, "spec.nodeName")]
    assert "4 node(s) didn't match pod anti-affinity rules" in message(sim, left["metadata"]["name"])


def test_anti_affinity_holds_for_those_who_come_later_too(sim: Sim) -> None:
    for number in range(1, 5):
        sim.apply(placed(f"shy-{number}", f"worker-{number}", "shy", **apart(term("loud")))).settle()

    sim.apply(pod("loud", PAUSE)).settle()

    assert "4 node(s) didn't satisfy existing pods anti-affinity rules" in message(sim, "loud")

    sim.delete("pods", "shy-2").settle(quiet=35)

    assert seat(sim, "loud") == "worker-2"


def test_terms_mean_pods_of_the_same_namespace(sim: Sim) -> None:
    sim.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "other"}}).settle()
    sim.apply(put(placed("cache", "worker-3"), "metadata.namespace", "other")).settle()

    sim.apply(pod("web", PAUSE, spec=near(term("cache")))).settle()
    sim.apply(pod("far", PAUSE, spec=near(term("cache", namespaces=["other"])))).settle()

    assert seat(sim, "web") == ""
    assert seat(sim, "far") == "worker-3"


def test_a_selector_may_choose_namespaces_by_their_labels(sim: Sim) -> None:
    sim.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "other"}}).settle()
    sim.apply(put(placed("cache", "worker-3"), "metadata.namespace", "other")).settle()
    chooser: Body = {"namespaceSelector": {"matchLabels": {"team": "blue"}}}
    sim.apply(pod("web", PAUSE, spec=near(term("cache", **chooser)))).settle()
    assert seat(sim, "web") == ""

    sim.patch("namespaces", "other", "metadata.labels.team", "blue").settle(quiet=12)

    assert seat(sim, "web") == "worker-3"


def test_match_label_keys_compare_with_the_pods_own_labels(sim: Sim) -> None:
    old, new = (put(placed(f"v{n}", f"worker-{n}", "web"), "metadata.labels.version", str(n)) for n in (1, 2))
    sim.apply(old, new).settle()
    wanted = pod("web", PAUSE, spec=near(term("web", matchLabelKeys=["version"])))

    sim.apply(put(wanted, "metadata.labels", {"app": "web", "version": "2"})).settle()

    assert seat(sim, "web") == "worker-2"


def test_a_preferred_companion_draws(sim: Sim) -> None:
    sim.apply(placed("cache", "worker-4")).settle()
    wish = {"podAffinity": {PREFERRED: [{"weight": 100, "podAffinityTerm": term("cache")}]}}

    sim.apply(pod("web", PAUSE, spec={"affinity": wish})).settle()

    assert seat(sim, "web") == "worker-4"


def test_a_preferred_distance_is_kept_while_it_can_be(sim: Sim) -> None:
    wish = {"podAntiAffinity": {PREFERRED: [{"weight": 100, "podAffinityTerm": term("web", ZONE)}]}}
    sim.apply(placed("first", "worker-1", "web")).settle()

    sim.apply(put(pod("second", PAUSE, spec={"affinity": wish}), "metadata.labels.app", "web")).settle()

    assert seat(sim, "second") in ("worker-3", "worker-4")
