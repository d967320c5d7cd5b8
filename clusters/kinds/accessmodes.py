"""How a volume may be mounted, in order and in short (Kubernetes: Access Modes)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from clusters.kinds.problem import FieldError

ONE_POD = "ReadWriteOncePod"
SHORT = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", ONE_POD: "RWOP"}


def shown(modes: Sequence[str] | None) -> str:
    """`RWO,ROX`, each once and in the API's own order."""
    return ",".join(short for mode, short in SHORT.items() if mode in (modes or ()))


def access_problems(modes: Sequence[str] | None, path: str, missing: str = "") -> Iterator[FieldError]:
    """`missing`: what is said where there is none."""
    if not modes:
        yield FieldError.required(path, missing)
    for mode in modes or ():
        if mode not in SHORT:
            yield FieldError.unsupported(path, mode, SHORT)
    if modes and ONE_POD in modes and len(modes) > 1:
        yield FieldError.forbidden(path, f"may not use {ONE_POD} with other access modes")
