"""DefaultBinder: writes the chosen node into the pod (v1: Binding)."""

from __future__ import annotations

from clusters.kinds.body import put
from clusters.kinds.problem import Status
from clusters.reconcile.conditions import conditions_of, with_condition
from clusters.reconcile.writes import Update
from workloads.scheduler.conditions import scheduled
from workloads.scheduler.framework import Bind, Cycle, Step
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo


class DefaultBinder(Bind):
    name = "DefaultBinder"

    def bind(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> Step:
        assert cycle.view is not None
        conditions = with_condition(conditions_of(pod.body), scheduled(pod.body, "True"), cycle.view.now)
        bound = put(put(pod.body, "spec.nodeName", node.name), "status.conditions", conditions)
        because = cycle.facts.get("because")
        answer = yield Update("pods", bound, because, cycle.facts.get("why", ""), "binding")
        return not isinstance(answer, Status)
