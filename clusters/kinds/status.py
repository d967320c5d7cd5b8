"""What a writer through the main resource may not touch: `status` (Kubernetes: resource strategies)."""

from __future__ import annotations

from clusters.kinds.body import Body, without


def is_new(body: Body) -> bool:
    """It was never stored: what calls `defaults` is a creation."""
    return not body["metadata"].get("resourceVersion")


def keep_status(new: Body, old: Body) -> Body:
    """The new object with the status that it had."""
    return {**new, "status": old["status"]} if "status" in old else without(new, "status")
