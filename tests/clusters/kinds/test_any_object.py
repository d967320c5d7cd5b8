"""Whatever has the right shape is filled in, judged and shown without an error of ours."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters.apiserver.decoding import check
from clusters.apiserver.tables import cells
from clusters.engine import assembly
from clusters.kinds.kind import Kind
from clusters.kinds.schema import Shape, shape_of
from clusters.kinds.status import is_new
from clusters.kinds.unhonoured import warnings
from tests.clusters.kinds.desk import NOW, filled, stored

WORDS = ("", "a", "web", "A b", "10.96.0.1", "None", "80", "25%", "Always", "RollingUpdate", "NodePort", "IPv4", "é")
NUMBERS = (-1, 0, 1, 80, 70000)
AMOUNTS = ("0", "1", "250m", "64Mi", "-1")
TIME = "2026-01-05T09:00:00Z"
DEEPEST = 7
SERVED = [kind for kind in assembly.kinds().values() if kind.served]


@st.composite
def objects(draw: st.DrawFn, kind: Kind) -> dict[str, Any]:
    """Something of the kind's shape, far from sensible."""
    fields = {name: shape for name, shape in shape_of(kind).fields.items() if name not in ("apiVersion", "kind")}
    return {name: _any(draw, shape, 0) for name, shape in fields.items() if name != "metadata" and draw(st.booleans())}


def _any(draw: st.DrawFn, shape: Shape, depth: int) -> Any:
    if shape.type == "object":
        return _struct(draw, shape, depth)
    if shape.type in ("array", "map"):
        many = draw(st.integers(0, 2)) if depth < DEEPEST and shape.items else 0
        found = [_any(draw, shape.items, depth + 1) for _ in range(many) if shape.items]
        return found if shape.type == "array" else dict(zip(("app", "b c"), found, strict=False))
    simple = {
        "string": st.sampled_from(WORDS),
        "integer": st.sampled_from(NUMBERS),
        "number": st.sampled_from(NUMBERS),
        "boolean": st.booleans(),
        "quantity": st.sampled_from(AMOUNTS),
        "int-or-string": st.sampled_from((*NUMBERS, *WORDS)),
        "time": st.just(TIME),
        "bytes": st.sampled_from(("", "YQ==")),
    }
    return draw(simple[shape.type]) if shape.type in simple else {}


def _struct(draw: st.DrawFn, shape: Shape, depth: int) -> dict[str, Any]:
    names = sorted(shape.fields)
    some = draw(st.lists(st.sampled_from(names), max_size=5, unique=True)) if names and depth < DEEPEST else []
    chosen = [name for name in names if name in some or name in (*shape.required, "containers", "ports")]
    return {name: _any(draw, shape.fields[name], depth + 1) for name in chosen}


@pytest.mark.parametrize("kind", SERVED, ids=lambda kind: kind.plural)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_object_is_filled_in_judged_and_shown(kind: Kind, data: st.DataObject) -> None:
    body = check(kind, data.draw(objects(kind))).body

    new, old = filled(kind, body), stored(kind, body)

    assert all(str(error) for error in kind.validate(new, None))
    assert not [str(error) for error in kind.validate(old, old) if "immutable" in str(error)]
    assert len(cells(kind, new, NOW)) == len(kind.columns)
    assert isinstance(kind.word(new), str)
    assert kind.protect(old, old) == old
    assert isinstance(warnings(kind, new), list)
    assert kind.grace(new) is None or kind.grace(new) >= 0  # type: ignore[operator]
    assert is_new(new)


@pytest.mark.parametrize("kind", SERVED, ids=lambda kind: kind.plural)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_filling_in_twice_changes_nothing(kind: Kind, data: st.DataObject) -> None:
    once = stored(kind, check(kind, data.draw(objects(kind))).body)

    assert stored(kind, once) == once
