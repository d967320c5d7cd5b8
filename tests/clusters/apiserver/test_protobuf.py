from __future__ import annotations

import pytest

from clusters.apiserver.protobuf import decode
from clusters.kinds.body import Body


def field(number: int, content: bytes | str | int) -> bytes:
    if isinstance(content, int):
        return bytes([number << 3, content])
    raw = content.encode() if isinstance(content, str) else content
    return bytes([number << 3 | 2, len(raw)]) + raw


def enveloped(api_version: str, kind: str, message: bytes) -> Body:
    identity = field(1, api_version) + field(2, kind)
    return decode(b"k8s\0" + field(1, identity) + field(2, message) + field(3, "") + field(4, ""))


def test_an_object_is_read_from_its_envelope() -> None:
    metadata = field(1, "settings") + field(2, "") + field(3, "blue") + field(11, field(1, "tier") + field(2, "front"))

    found = enveloped("v1", "ConfigMap", field(1, metadata) + field(2, field(1, "a") + field(2, "b")))

    assert found == {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "settings", "namespace": "blue", "labels": {"tier": "front"}},
        "data": {"a": "b"},
    }


def test_a_zero_that_go_points_to_is_meant() -> None:
    found = enveloped("apps/v1", "Deployment", field(2, field(1, 0) + field(5, 0)))

    assert found["spec"] == {"replicas": 0}


def test_a_required_zero_is_not_on_the_wire_but_in_the_object() -> None:
    found = enveloped("autoscaling/v1", "HorizontalPodAutoscaler", field(3, b""))

    assert found["status"] == {"currentReplicas": 0, "desiredReplicas": 0}


def test_embedded_structs_stand_in_the_object_itself() -> None:
    volume = field(1, "data") + field(2, field(2, b""))

    spec = enveloped("v1", "Pod", field(2, field(1, volume)))["spec"]

    assert spec["volumes"] == [{"name": "data", "emptyDir": {}}]


def test_options_have_no_group() -> None:
    assert enveloped("v1", "DeleteOptions", field(1, 0))["gracePeriodSeconds"] == 0


@pytest.mark.parametrize("data", [b"", b"{}", b"k8s\0", b"k8s\0\xff", b"k8s\0\x0a\x7f"])
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        decode(data)
