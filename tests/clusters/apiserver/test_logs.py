from __future__ import annotations

from typing import Any

import pytest

from clusters.apiserver.verbs.logs import Wanted, chosen, run_of, written
from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND

LINES = [(1 * SECOND, "stdout", "one"), (2 * SECOND, "stderr", "two"), (3 * SECOND, "stdout", "three")]


def pod(state: Body, *, restarts: int = 0, last: Body | None = None, node: str = "worker-1") -> Body:
    status: dict[str, Any] = {"name": "c", "state": state, "lastState": last or {}, "restartCount": restarts}
    spec = {"nodeName": node, "containers": [{"name": "c"}]}
    return {"metadata": {"name": "p", "namespace": "default"}, "spec": spec, "status": {"containerStatuses": [status]}}


def refusal(body: Body, wanted: Wanted) -> str:
    with pytest.raises(Status) as refused:
        run_of(body, wanted)
    assert refused.value.code == 400
    return refused.value.message


def test_a_running_container_is_in_its_present_run() -> None:
    assert run_of(pod({"running": {}}, restarts=2, last={"terminated": {}}), Wanted()) == ("c", 2)


def test_before_a_restart_was_the_previous_run() -> None:
    assert run_of(pod({"running": {}}, restarts=2, last={"terminated": {}}), Wanted(previous=True)) == ("c", 1)


def test_while_it_backs_off_the_last_run_is_shown() -> None:
    waits = {"waiting": {"reason": "CrashLoopBackOff"}}

    assert run_of(pod(waits, restarts=2, last={"terminated": {}}), Wanted()) == ("c", 2)


def test_what_waits_is_refused_with_the_kubelets_sentence() -> None:
    assert refusal(pod({"waiting": {"reason": "ContainerCreating"}}), Wanted()) == (
        'container "c" in pod "p" is waiting to start: ContainerCreating'
    )
    assert refusal(pod({"waiting": {"reason": "ErrImagePull"}}), Wanted()) == (
        'container "c" in pod "p" is waiting to start: image can\'t be pulled'
    )


def test_what_never_ran_before_has_no_previous_log() -> None:
    message = refusal(pod({"running": {}}), Wanted(previous=True))

    assert message == 'previous terminated container "c" in pod "p" not found'


def test_a_container_must_be_named_where_there_are_several() -> None:
    two = pod({"running": {}})
    two["spec"]["containers"].append({"name": "d"})

    assert refusal(two, Wanted()) == "a container name must be specified for pod p, choose one of: [c d]"
    assert refusal(two, Wanted("x")) == "container x is not valid for pod p"


def test_a_pod_without_a_node_has_no_log() -> None:
    assert run_of(pod({}, node=""), Wanted()) is None


def test_the_tail_is_taken_of_what_is_young_enough() -> None:
    assert chosen(LINES, Wanted(since=2 * SECOND)) == LINES[1:]
    assert chosen(LINES, Wanted(tail=1)) == LINES[2:]
    assert chosen(LINES, Wanted(tail=0)) == ()


def test_lines_carry_their_time_when_asked() -> None:
    assert written(LINES[:1], Wanted()) == b"one\n"
    assert written(LINES[:1], Wanted(timestamps=True)) == b"1970-01-01T00:00:01.000000000Z one\n"
