"""Nodes as the API server keeps them and kubectl shows them."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.kinds.node import NODE
from tests.clusters.kinds.desk import cells, filled, stored, wrongs


def node(ready: str | None, **spec: object) -> Body:
    conditions = [{"type": "Ready", "status": ready}] if ready else []
    return filled(NODE, {"spec": spec, "status": {"conditions": conditions}})


def test_the_status_is_what_the_cluster_believes() -> None:
    assert NODE.word(node("True")) == "Ready"
    assert NODE.word(node("False")) == "NotReady"
    assert NODE.word(node("Unknown")) == "NotReady"
    assert NODE.word(node(None)) == "Unknown"
    assert NODE.word(node("True", unschedulable=True)) == "Ready,SchedulingDisabled"


def test_a_wide_row_tells_everything_about_the_machine() -> None:
    told = {
        "addresses": [{"type": "InternalIP", "address": "192.168.49.3"}, {"type": "Hostname", "address": "it"}],
        "nodeInfo": {"kubeletVersion": "v1.34.3", "osImage": "Podium", "kernelVersion": "6.8"},
    }
    labels = {"node-role.kubernetes.io/control-plane": "", "kubernetes.io/role": "boss"}

    assert cells(NODE, filled(NODE, {"metadata": {"labels": labels}, "status": told}), wide=True) == {
        "Name": "it",
        "Status": "Unknown",
        "Roles": "boss,control-plane",
        "Age": "90s",
        "Version": "v1.34.3",
        "Internal-IP": "192.168.49.3",
        "External-IP": "<none>",
        "OS-Image": "Podium",
        "Kernel-Version": "6.8",
        "Container-Runtime": "<unknown>",
    }


def test_what_a_kubelet_says_when_it_registers_is_kept() -> None:
    made = filled(NODE, {"status": {"capacity": {"cpu": "4.0", "memory": "8192Mi"}}})

    assert made["status"]["capacity"] == {"cpu": "4", "memory": "8Gi"}
    assert made["status"]["allocatable"] == {"cpu": "4", "memory": "8Gi"}


def test_a_later_write_cannot_touch_the_status() -> None:
    old = stored(NODE, {"status": {"phase": "x"}})

    assert NODE.protect({**old, "status": {}}, old)["status"] == {"phase": "x"}


def test_a_taint_has_a_known_effect_and_stands_once() -> None:
    taint = {"key": "a", "effect": "NoSchedule"}

    assert wrongs(NODE, {"spec": {"taints": [taint, taint, {"key": "b", "effect": "Later"}, {"key": "c"}]}}) == [
        'spec.taints[1]: Duplicate value: {"key":"a","effect":"NoSchedule"}',
        'spec.taints[2].effect: Unsupported value: "Later": '
        'supported values: "NoExecute", "NoSchedule", "PreferNoSchedule"',
        "spec.taints[3].effect: Required value",
    ]


def test_the_pod_network_of_a_node_never_changes() -> None:
    old, new = {"spec": {"podCIDR": "10.244.1.0/24"}}, {"spec": {"podCIDR": "10.244.2.0/24"}}

    assert wrongs(NODE, new, old) == [
        'spec.podCIDR: Forbidden: node updates may not change podCIDR except from "" to valid',
    ]


def test_a_node_that_may_be_used_does_not_say_so() -> None:
    assert "unschedulable" not in node("True", unschedulable=False)["spec"]


def test_a_range_of_pod_addresses_is_one() -> None:
    assert not wrongs(NODE, {"spec": {"podCIDR": "10.244.1.0/24", "podCIDRs": ["10.244.1.0/24"]}})
    assert "must be a valid CIDR value" in str(wrongs(NODE, {"spec": {"podCIDR": "app"}}))
