"""What the page can break and mend."""

from __future__ import annotations

import yaml

from playground.faults.actions import crash_container, node_actions
from tests.playground.things import crash, node, pod


def test_a_node_with_power_can_be_killed() -> None:
    (kill,) = node_actions(node("worker-2"), [])

    assert kill.name == "kill"
    assert kill.asks
    assert kill.calls[0].body["spec"] == {"type": "NodeCrash", "target": {"node": "worker-2"}}


def test_a_killed_node_can_be_brought_back_by_deleting_its_fault() -> None:
    (revive,) = node_actions(node("worker-2"), [crash("worker-2"), crash("worker-1")])

    assert revive.line == "kubectl delete faults crash-worker-2"
    assert [(call.method, call.path) for call in revive.calls] == [
        ("DELETE", "/apis/podium.dev/v1/faults/crash-worker-2")
    ]


def test_the_line_that_is_shown_holds_the_object_that_is_sent() -> None:
    (kill,) = node_actions(node("worker-2"), [])

    shown = kill.line.removeprefix("kubectl apply -f - <<EOF\n").removesuffix("EOF")

    assert yaml.safe_load(shown) == kill.calls[0].body


def test_only_a_container_that_the_pod_has_can_be_crashed() -> None:
    chosen = crash_container(pod("web-1"), "no-such")

    assert chosen is not None
    assert chosen.calls[0].body["spec"]["target"] == {"namespace": "default", "pod": "web-1", "container": "nginx"}


def test_a_pod_that_has_ended_has_no_container_left_to_crash() -> None:
    assert crash_container(pod("done", status={"phase": "Succeeded"}), "nginx") is None
