"""How long a Job waits after a failure before it makes another pod (Kubernetes: Pod backoff failure policy)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body
from clusters.reconcile.clock import MINUTE, SECOND, Time
from workloads.controllers.job.facts import Facts, finished_at, is_failed, phase
from workloads.controllers.job.failurepolicy import all_failures

FIRST, MOST = 10 * SECOND, 10 * MINUTE


def ready_at(facts: Facts) -> Time:
    """When the next pod may be made: ten seconds after the first failure in a row, then twice as long each time."""
    row = _failures_in_a_row(facts)
    return row[-1] + _wait(len(row)) if row else 0


def index_ready_at(pod: Body, now: Time) -> Time:
    """The same for one index, whose last failed pod knows how many came before."""
    return finished_at(pod, now) + _wait(all_failures(pod) + 1)


def _failures_in_a_row(facts: Facts) -> Sequence[Time]:
    """The moments, ascending, of those after the last success."""
    ends = [(finished_at(pod, facts.now), phase(pod) == "Succeeded") for pod in facts.pods if _is_over(pod, facts.job)]
    last = max((time for time, good in ends if good), default=-1)
    return sorted(time for time, good in ends if not good and time > last)


def _is_over(pod: Body, job: Body) -> bool:
    return phase(pod) == "Succeeded" or is_failed(pod, job)


def _wait(failures: int) -> Time:
    return min(FIRST << min(failures - 1, 16), MOST)
