"""What the documentation says of PodDisruptionBudgets, statement by statement."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.admission.disruption import spent
from clusters.kinds.body import Body, labels_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import MINUTE
from clusters.reconcile.conditions import condition_of
from clusters.reconcile.writes import SetStatus
from tests.clusters.kinds.desk import cells, wrongs
from tests.sim import Sim, deployment, job, pod
from workloads.kinds.poddisruptionbudget import PODDISRUPTIONBUDGET

PAUSE = "registry.k8s.io/pause:3.10"


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=2)


def budget(app: str = "web", **spec: Any) -> Body:
    wanted = {"selector": {"matchLabels": {"app": app}}, **spec}
    return {"apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": {"name": app}, "spec": wanted}


def counts(sim: Sim, name: str = "web") -> tuple[int, int, int, int]:
    """(allowed, healthy, desired, expected)."""
    status = sim.get("poddisruptionbudgets", name)["status"]
    names = ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")
    found = [status[one] for one in names]
    return found[0], found[1], found[2], found[3]


def evicted(sim: Sim, which: Body) -> Body | Status | None:
    return spent(which, sim.list("poddisruptionbudgets", "default"), sim.now)


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ({"minAvailable": 2}, (1, 3, 2, 3)),
        ({"minAvailable": "50%"}, (1, 3, 2, 3)),  # rounded up
        ({"maxUnavailable": 1}, (1, 3, 2, 3)),
        ({"maxUnavailable": "30%"}, (1, 3, 2, 3)),
        ({"maxUnavailable": 0}, (0, 3, 3, 3)),
        ({"minAvailable": 5}, (0, 3, 5, 3)),
        ({"maxUnavailable": "100%"}, (3, 3, 0, 3)),
        ({}, (3, 3, 0, 3)),
    ],
)
def test_a_budget_says_how_many_may_go(sim: Sim, spec: Body, expected: tuple[int, ...]) -> None:
    sim.apply(deployment("web", 3, image=PAUSE), budget(**spec)).settle()

    assert counts(sim) == expected
    allowed = condition_of(sim.get("poddisruptionbudgets", "web"), "DisruptionAllowed")
    assert allowed is not None
    assert allowed["reason"] == ("SufficientPods" if expected[0] else "InsufficientPods")


def test_a_share_is_of_what_the_controller_wants_not_of_what_runs(sim: Sim) -> None:
    web = deployment("web", 4, spec={"strategy": {"type": "Recreate"}}, image=PAUSE)
    web["spec"]["template"]["spec"]["nodeSelector"] = {"kubernetes.io/hostname": "nowhere"}

    sim.apply(web, budget(maxUnavailable="50%")).settle()

    assert counts(sim) == (0, 0, 2, 4)


def test_an_empty_selector_means_all_pods_of_the_namespace(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE), deployment("shop", 1, image=PAUSE))
    sim.apply(budget(minAvailable=1, selector={})).settle()

    assert counts(sim) == (2, 3, 1, 3)


def test_a_budget_without_pods_allows_nothing_and_says_so(sim: Sim) -> None:
    sim.apply(budget(minAvailable=0)).settle()

    assert counts(sim) == (0, 0, 0, 0)
    (said,) = sim.events("NoPods", "web")
    assert (said["message"], said["source"]["component"]) == ("No matching pods found", "controllermanager")


def test_pods_that_are_not_ready_are_not_healthy(sim: Sim) -> None:
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 1}
    sim.apply(deployment("web", 2, image="busybox", command=["sleep", "600"], readinessProbe=probe))
    sim.apply(budget(minAvailable=1)).settle()

    assert counts(sim) == (0, 0, 1, 2)


def test_a_share_of_pods_whose_controller_has_no_scale_cannot_be_known(sim: Sim) -> None:
    body = job("work", "sleep 600")
    body["spec"]["template"]["metadata"] = {"labels": {"app": "work"}}
    sim.apply(body, budget("work", maxUnavailable=1)).run(5)

    failed = condition_of(sim.get("poddisruptionbudgets", "work"), "DisruptionAllowed")
    assert failed is not None
    assert (failed["reason"], failed["message"]) == (
        "SyncFailed",
        "jobs.batch does not implement the scale subresource",
    )
    assert sim.events("CalculateExpectedPodCountFailed", "work")


def test_bare_pods_are_counted_by_a_number_and_told_of_by_a_share(sim: Sim) -> None:
    sim.apply(pod("web", PAUSE), budget(minAvailable=1)).settle()
    assert counts(sim) == (0, 1, 1, 1)

    sim.delete("poddisruptionbudgets", "web").apply(budget(maxUnavailable=1)).settle()

    assert sim.events("UnmanagedPods", "web")


def test_an_eviction_that_would_violate_the_budget_is_refused(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE), budget(minAvailable=2)).settle()

    refused = evicted(sim, sim.pods("web")[0])

    assert isinstance(refused, Status)
    assert (refused.code, refused.reason) == (429, "TooManyRequests")
    assert refused.message == "Cannot evict pod as it would violate the pod's disruption budget."
    assert refused.details["causes"] == [
        {
            "reason": "DisruptionBudget",
            "message": "The disruption budget web needs 2 healthy pods and has 2 currently",
        }
    ]


def test_an_eviction_that_is_granted_is_taken_from_the_budget_at_once(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE), budget(minAvailable=1)).settle()
    first, second = sim.pods("web")

    granted = evicted(sim, first)
    assert isinstance(granted, dict)
    sim.write(SetStatus("poddisruptionbudgets", granted, granted["status"]))

    assert isinstance(evicted(sim, second), Status)
    assert list(granted["status"]["disruptedPods"]) == [first["metadata"]["name"]]


def test_a_grant_that_nobody_used_is_taken_back_after_two_minutes(sim: Sim) -> None:
    sim.apply(deployment("web", 2, image=PAUSE), budget(minAvailable=1)).settle()
    granted = evicted(sim, sim.pods("web")[0])
    assert isinstance(granted, dict)
    sim.write(SetStatus("poddisruptionbudgets", granted, granted["status"])).run(60)
    assert counts(sim)[0] == 0

    sim.run(2 * MINUTE // 1_000_000)

    assert counts(sim)[0] == 1
    assert "disruptedPods" not in sim.get("poddisruptionbudgets", "web")["status"]
    (told,) = sim.events("NotDeleted")
    assert told["message"] == "Pod was expected by PDB default/web to be deleted but it wasn't"


def test_a_pod_that_is_not_ready_may_go_while_the_others_are_enough(sim: Sim) -> None:
    web = deployment("web", 2, image="busybox", command=["sh", "-c", "sleep 600"])
    probe = {"exec": {"command": ["sh", "-c", "test -f /tmp/ready"]}, "periodSeconds": 1}
    sim.apply(web, budget(minAvailable=2)).settle()
    sick = pod("sick", "busybox", command=["sleep", "600"], readinessProbe=probe)
    sick["metadata"]["labels"] = {"app": "web"}

    sim.apply(sick).settle()

    assert evicted(sim, sim.get("pods", "sick")) is None
    healthy = next(one for one in sim.pods("web") if one["metadata"]["name"] != "sick")
    assert isinstance(evicted(sim, healthy), Status)


@pytest.mark.parametrize(("policy", "refused"), [("IfHealthyBudget", True), ("AlwaysAllow", False)])
def test_of_a_broken_application_unready_pods_go_only_where_the_budget_says_so(
    sim: Sim, policy: str, refused: bool
) -> None:
    probe = {"exec": {"command": ["false"]}, "periodSeconds": 1}
    sim.apply(deployment("web", 2, image="busybox", command=["sleep", "600"], readinessProbe=probe))
    sim.apply(budget(minAvailable=1, unhealthyPodEvictionPolicy=policy)).settle()

    assert isinstance(evicted(sim, sim.pods("web")[0]), Status) is refused


def test_a_pod_in_two_budgets_cannot_be_evicted(sim: Sim) -> None:
    second = budget(minAvailable=1)
    second["metadata"]["name"] = "second"
    sim.apply(deployment("web", 3, image=PAUSE), budget(minAvailable=1), second).settle()

    refused = evicted(sim, sim.pods("web")[0])

    assert isinstance(refused, Status)
    assert refused.code == 500
    assert "more than one PodDisruptionBudget" in refused.message


def test_pods_that_are_over_or_have_no_budget_go_freely(sim: Sim) -> None:
    sim.apply(job("done"), deployment("free", 1, image=PAUSE), budget(minAvailable=1, selector={"matchLabels": {}}))
    sim.delete("poddisruptionbudgets", "web").settle()

    assert evicted(sim, sim.pods("free")[0]) is None
    over = next(one for one in sim.list("pods", "default") if "job-name" in labels_of(one))
    sim.apply(budget(minAvailable=9, selector={})).settle()
    assert evicted(sim, over) is None


def test_one_budget_says_one_thing() -> None:
    (sentence,) = wrongs(PODDISRUPTIONBUDGET, budget(minAvailable=1, maxUnavailable=1))

    assert sentence.endswith("minAvailable and maxUnavailable cannot be both set")
    assert "must not be greater than 100%" in wrongs(PODDISRUPTIONBUDGET, budget(maxUnavailable="101%"))[0]
    assert "a valid percent string" in wrongs(PODDISRUPTIONBUDGET, budget(minAvailable="half"))[0]


def test_a_budgets_row() -> None:
    shown = cells(PODDISRUPTIONBUDGET, {**budget(minAvailable="50%"), "metadata": {
        "name": "web", "creationTimestamp": "2026-01-05T09:00:00Z"}, "status": {"disruptionsAllowed": 2}})  # fmt: skip

    assert shown == {
        "Name": "web",
        "Min Available": "50%",
        "Max Unavailable": "N/A",
        "Allowed Disruptions": 2,
        "Age": "90s",
    }
