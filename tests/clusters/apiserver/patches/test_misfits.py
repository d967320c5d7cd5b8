"""A strategic merge patch is refused in the converter's words."""

from __future__ import annotations

import pytest

from clusters.apiserver.patches.misfits import printed, restoring

INTO = "into Go struct field DeploymentSpec.spec.x of type"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (f"json: cannot unmarshal string {INTO} int32", "unrecognized type: int32"),
        (f"json: cannot unmarshal bool {INTO} string", "unrecognized type: string"),
        (f"json: cannot unmarshal number 5 {INTO} string", "cannot convert int64 to string"),
        (f"json: cannot unmarshal object {INTO} []v1.Container", "cannot restore slice from map"),
        (f"json: cannot unmarshal string {INTO} map[string]string", "cannot restore map from string"),
        (f"json: cannot unmarshal string {INTO} v1.PodSpec", "cannot restore struct from: string"),
        ("quantities must match the regular expression", "quantities must match the regular expression"),
    ],
)
def test_a_wrong_type_is_told_as_the_converter_tells_it(wrong: str, told: str) -> None:
    assert restoring(wrong) == told


def test_a_patch_is_printed_as_go_prints_a_map() -> None:
    patch = {"spec": {"replicas": "x", "paused": True, "n": None}, "a": [1, {"b": "c"}]}

    assert printed(patch) == "map[a:[1 map[b:c]] spec:map[n:<nil> paused:true replicas:x]]"
