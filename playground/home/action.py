"""Something that a person can do to an object: its button, the requests it makes, and kubectl's line for the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY = "application/apply-patch+yaml"


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the cluster's API. `path` begins below the cluster: `/api/v1/nodes/worker-1`."""

    method: str
    path: str
    body: Any = None
    content_type: str = "application/json"
    query: Mapping[str, str] = field(default_factory=dict)
    may_be_gone: bool = False  # a 404 is as good as done


@dataclass(frozen=True, slots=True)
class Choice:
    """What an action asks for beside the click: a number, or one of several words."""

    name: str
    label: str
    value: str
    options: tuple[str, ...] = ()  # none: a number


@dataclass(frozen=True, slots=True)
class Action:
    """`asks`: the question in place before something dangerous. `done`: what the page says afterwards."""

    name: str
    label: str
    line: str
    calls: tuple[Call, ...]
    done: str
    asks: str = ""
    danger: bool = False
    choice: Choice | None = None
    gone: bool = False  # the object itself will be gone

    @property
    def first(self) -> str:
        return first_line(self.line)


def namespace_flag(namespace: str) -> str:
    """`-n blue`, and nothing where kubectl needs nothing."""
    return f" -n {namespace}" if namespace not in ("", "default") else ""


def object_path(api_version: str, plural: str, namespace: str = "", name: str = "", subresource: str = "") -> str:
    """Where the API keeps an object: `/apis/apps/v1/namespaces/default/deployments/web/scale`."""
    root = f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"
    steps = [f"namespaces/{namespace}"] if namespace else []
    return "/".join([root, *steps, plural, *[step for step in (name, subresource) if step]])


def first_line(line: str) -> str:
    """The first of several lines, "" where there is only one."""
    first, *more = line.splitlines() or [""]
    return first if more else ""
