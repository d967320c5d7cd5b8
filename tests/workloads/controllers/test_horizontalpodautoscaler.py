"""What the documentation says of horizontal pod autoscaling."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, dig
from clusters.reconcile.conditions import condition_of
from tests.sim import Sim, deployment
from workloads.controllers.horizontalpodautoscaler import behaviour

RESOURCES = {"requests": {"cpu": "200m", "memory": "64Mi"}, "limits": {"cpu": "500m"}}
BUSY: Body = {"image": "polinux/stress", "command": ["stress"], "args": ["--cpu", "1"], "resources": RESOURCES}
IDLE: Body = {"image": "nginx", "resources": RESOURCES}


def hpa(name: str = "web", least: int = 1, most: int = 5, **spec: Any) -> Body:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": name}
    filled = {"scaleTargetRef": target, "minReplicas": least, "maxReplicas": most, **spec}
    return {
        "apiVersion": "autoscaling/v2",
        "kind": "HorizontalPodAutoscaler",
        "metadata": {"name": name},
        "spec": filled,
    }


def by_cpu(percent: int) -> list[Body]:
    target = {"type": "Utilization", "averageUtilization": percent}
    return [{"type": "Resource", "resource": {"name": "cpu", "target": target}}]


def size(sim: Sim, name: str = "web") -> int:
    return int(sim.get("deployments", name)["spec"]["replicas"])


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=3)


def test_a_load_above_the_target_adds_replicas_up_to_the_most(sim: Sim) -> None:
    sim.apply(deployment("web", 1, **BUSY), hpa(most=3, metrics=by_cpu(50)))

    sim.run(60)

    assert size(sim) == 3
    assert len(sim.running("web")) == 3
    limited = condition_of(sim.get("horizontalpodautoscalers", "web"), "ScalingLimited")
    assert limited is not None
    assert limited["reason"] == "TooManyReplicas"


def test_the_status_tells_what_was_measured(sim: Sim) -> None:
    sim.apply(deployment("web", 1, **BUSY), hpa(most=2, metrics=by_cpu(100)))

    sim.run(90)

    status = sim.get("horizontalpodautoscalers", "web")["status"]
    current = status["currentMetrics"][0]["resource"]["current"]
    assert current["averageUtilization"] == pytest.approx(250, abs=10)
    assert current["averageValue"].endswith("m")
    assert (status["currentReplicas"], status["desiredReplicas"]) == (2, 2)


def test_each_new_size_is_told_as_an_event(sim: Sim) -> None:
    sim.apply(deployment("web", 1, **BUSY), hpa(most=4, metrics=by_cpu(140)))

    sim.run(60)

    told = [event["message"] for event in sim.events("SuccessfulRescale")]
    assert "New size: 2; reason: cpu resource utilization (percentage of request) above target" in told


def test_the_load_is_shared_until_the_target_is_met(sim: Sim) -> None:
    """desired = ceil(current * measured / target), and nothing within a tenth of the target."""
    sim.apply(deployment("web", 1, **BUSY), hpa(most=10, metrics=by_cpu(250)))

    sim.run(60)

    assert size(sim) == 1


def test_an_idle_target_shrinks_to_the_least_only_after_the_stabilization_window(sim: Sim) -> None:
    sim.apply(deployment("web", 4, **IDLE), hpa(least=2, metrics=by_cpu(50)))

    sim.run(25)
    before = size(sim)
    sim.run(40)

    assert before == 4
    assert size(sim) == 2
    told = [event["message"] for event in sim.events("SuccessfulRescale")]
    assert told == ["New size: 2; reason: All metrics below target"]


def test_a_stated_window_holds_longer_than_the_controllers_own(sim: Sim) -> None:
    rules = {"scaleDown": {"stabilizationWindowSeconds": 300}}
    sim.apply(deployment("web", 4, **IDLE), hpa(least=1, metrics=by_cpu(50), behavior=rules))

    sim.run(120)

    assert size(sim) == 4
    able = condition_of(sim.get("horizontalpodautoscalers", "web"), "AbleToScale")
    assert able is not None
    assert able["reason"] == "ScaleDownStabilized"


def test_a_policy_limits_how_many_pods_come_at_once(sim: Sim) -> None:
    rules = {"scaleUp": {"policies": [{"type": "Pods", "value": 1, "periodSeconds": 60}]}}
    sim.apply(deployment("web", 1, **BUSY), hpa(most=5, metrics=by_cpu(50), behavior=rules))

    sim.run(50)
    first = size(sim)
    sim.run(60)

    assert (first, size(sim)) == (2, 3)


def test_a_disabled_direction_never_changes_the_size(sim: Sim) -> None:
    rules = {"scaleUp": {"selectPolicy": "Disabled"}}
    sim.apply(deployment("web", 1, **BUSY), hpa(metrics=by_cpu(50), behavior=rules))

    sim.run(60)

    assert size(sim) == 1


def test_one_container_may_be_measured_alone(sim: Sim) -> None:
    target = {"type": "Utilization", "averageUtilization": 50}
    metric = {"type": "ContainerResource", "containerResource": {"name": "cpu", "container": "web", "target": target}}
    sim.apply(deployment("web", 1, **BUSY), hpa(most=2, metrics=[metric]))

    sim.run(60)

    assert size(sim) == 2


def test_a_value_may_be_the_target(sim: Sim) -> None:
    target = {"type": "AverageValue", "averageValue": "250m"}
    metric = {"type": "Resource", "resource": {"name": "cpu", "target": target}}
    sim.apply(deployment("web", 1, **BUSY), hpa(most=2, metrics=[metric]))

    sim.run(60)

    assert size(sim) == 2


def test_pods_without_requests_cannot_be_measured_in_percent(sim: Sim) -> None:
    sim.apply(deployment("web", 1, image="nginx"), hpa(metrics=by_cpu(50)))

    sim.run(40)

    active = condition_of(sim.get("horizontalpodautoscalers", "web"), "ScalingActive")
    assert active is not None
    assert (active["status"], active["reason"]) == ("False", "FailedGetResourceMetric")
    assert "missing request for cpu in container web of Pod web-" in active["message"]
    assert sim.events("FailedComputeMetricsReplicas")


def test_a_target_of_no_replicas_is_left_alone(sim: Sim) -> None:
    sim.apply(deployment("web", 0, **BUSY), hpa(metrics=by_cpu(50)))

    sim.run(40)

    active = condition_of(sim.get("horizontalpodautoscalers", "web"), "ScalingActive")
    assert size(sim) == 0
    assert active is not None
    assert active["reason"] == "ScalingDisabled"


def test_a_target_that_does_not_exist_is_told(sim: Sim) -> None:
    sim.apply(hpa("gone", metrics=by_cpu(50)))

    sim.run(10)

    able = condition_of(sim.get("horizontalpodautoscalers", "gone"), "AbleToScale")
    assert able is not None
    assert able["reason"] == "FailedGetScale"
    assert 'deployments.apps "gone" not found' in able["message"]


def test_metrics_that_no_server_gives_are_refused_openly(sim: Sim) -> None:
    target = {"type": "AverageValue", "averageValue": "10"}
    metric = {"type": "Pods", "pods": {"metric": {"name": "packets"}, "target": target}}
    sim.apply(deployment("web", 1, **IDLE), hpa(metrics=[metric]))

    sim.run(10)

    active = condition_of(sim.get("horizontalpodautoscalers", "web"), "ScalingActive")
    assert active is not None
    assert active["reason"] == "FailedGetPodsMetric"


def test_a_new_worker_remembers_what_was_recommended(sim: Sim) -> None:
    sim.apply(deployment("web", 4, **IDLE), hpa(least=2, metrics=by_cpu(50)))

    sim.run(20).restart().run(40)

    assert size(sim) == 2


def test_without_metrics_of_ones_own_the_cpu_shall_be_used_to_four_fifths(sim: Sim) -> None:
    sim.apply(hpa())

    metric = sim.get("horizontalpodautoscalers", "web")["spec"]["metrics"][0]

    assert dig(metric, "resource.target.averageUtilization") == 80


def test_the_largest_of_several_policies_counts_unless_the_smallest_is_asked_for() -> None:
    policies = [
        {"type": "Pods", "value": 4, "periodSeconds": 15},
        {"type": "Percent", "value": 100, "periodSeconds": 15},
    ]
    rules = {"scaleUp": {"selectPolicy": "Min", "policies": policies}}
    most, least = hpa(most=100), hpa(most=100, behavior=rules)

    assert behaviour.limited(most, 10, 50, [], 0)[0] == 20
    assert behaviour.limited(least, 10, 50, [], 0)[0] == 14
