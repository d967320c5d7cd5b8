"""How Kubernetes rounds maxSurge and maxUnavailable."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from workloads.controllers.deployment.limits import max_surge, max_unavailable
from workloads.controllers.deployment.revision import HISTORY, annotated


def deployment(replicas: int, **rolling: Any) -> Body:
    strategy = {"type": "RollingUpdate", "rollingUpdate": rolling}
    return {"metadata": {}, "spec": {"replicas": replicas, "strategy": strategy}}


@pytest.mark.parametrize(
    ("replicas", "surge", "unavailable", "most", "lacking"),
    [
        (1, "25%", "25%", 1, 0),
        (3, "25%", "25%", 1, 0),
        (4, "25%", "25%", 1, 1),
        (10, "25%", "25%", 3, 2),
        (10, 0, "5%", 0, 1),  # both nothing after rounding: one may lack
        (2, 0, 5, 0, 2),
        (0, "25%", "25%", 0, 0),
        (100, "100%", 0, 100, 0),
    ],
)
def test_surge_is_rounded_up_and_unavailable_down(
    replicas: int, surge: int | str, unavailable: int | str, most: int, lacking: int
) -> None:
    wanted = deployment(replicas, maxSurge=surge, maxUnavailable=unavailable)

    assert (max_surge(wanted), max_unavailable(wanted)) == (most, lacking)


def test_recreate_knows_neither() -> None:
    wanted = {"spec": {"replicas": 4, "strategy": {"type": "Recreate"}}}

    assert (max_surge(wanted), max_unavailable(wanted)) == (0, 0)


def test_a_revision_remembers_the_numbers_that_it_had() -> None:
    rs: Body = {"metadata": {}}
    for number in (1, 3, 7):
        rs = annotated(rs, {"metadata": {}}, number)

    assert rs["metadata"]["annotations"] == {"deployment.kubernetes.io/revision": "7", HISTORY: "1,3"}


def test_a_revision_never_counts_down() -> None:
    rs = annotated({"metadata": {}}, {"metadata": {}}, 5)

    assert annotated(rs, {"metadata": {}}, 4) is rs
