"""Objects that the picture knows nothing of but that say how they are (Kubernetes: conditions). Pure."""

from __future__ import annotations

from typing import Any

from clusters.kinds import KINDS as PLATFORM
from clusters.kinds.body import Body, controller_of, dig, uid_of
from networking.kinds import KINDS as NETWORK
from workloads.kinds import KINDS as WORKLOADS

KINDS = (*PLATFORM, *WORKLOADS, *NETWORK)
BUILT_IN = frozenset((kind.group, kind.plural) for kind in KINDS)
PLURALS = tuple(sorted({kind.plural for kind in KINDS}))
GROUPS = frozenset(kind.group for kind in KINDS)
NAMES = frozenset(kind.kind for kind in KINDS)
SPOKEN = ("horizontalpodautoscalers", "poddisruptionbudgets")  # every cluster's own that are drawn by their conditions
MOST = 12  # conditions of one object


def is_custom(resource: str, body: Body) -> bool:
    """Of a kind that came with a cluster's own objects; another group may use Kubernetes' names, too."""
    version = body.get("apiVersion")
    return version is not None and (_group(version), resource) not in BUILT_IN


def other_row(body: Body) -> dict[str, Any] | None:
    """Its conditions, [type, status, reason] each; None where it says nothing."""
    said = dig(body, "status.conditions")
    told = (
        [_condition(one) for one in said if isinstance(one, dict) and one.get("type")] if isinstance(said, list) else ()
    )
    if not told:
        return None
    metadata, group, owner = body["metadata"], _group(body.get("apiVersion") or ""), controller_of(body)
    row = {
        "id": uid_of(body),
        "kind": f"{body['kind']}.{group}" if group not in GROUPS and body["kind"] in NAMES else body["kind"],
        "ns": metadata.get("namespace"),
        "name": metadata["name"],
        "owner": str(owner["uid"]) if owner else None,
        "group": group or None,
        "deleting": "deletionTimestamp" in metadata or None,
        "conditions": told[:MOST],
    }
    return {name: value for name, value in row.items() if value is not None}


def _condition(condition: Body) -> list[str]:
    return [str(condition.get(part) or "") for part in ("type", "status", "reason")]


def _group(version: str) -> str:
    group, slash, _ = version.partition("/")
    return group if slash else ""
