"""What may be wrong with a PodSpec beyond its shape (Kubernetes: core validation)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body
from clusters.kinds.problem import FieldError


def spec_problems(spec: Body, path: str) -> Iterator[FieldError]:
    """Everything wrong under `path`, in the order in which the API server looks."""
    if not spec.get("containers"):
        yield FieldError.required(f"{path}.containers")
