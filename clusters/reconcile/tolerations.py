"""Whether a pod bears a taint (Kubernetes: Taints and Tolerations)."""

from __future__ import annotations

from clusters.kinds.body import Body


def tolerated(taint: Body, spec: Body) -> bool:
    """One of the pod's tolerations matches the taint."""
    return any(matches_taint(toleration, taint) for toleration in spec.get("tolerations") or ())


def matches_taint(toleration: Body, taint: Body) -> bool:
    """No effect means every effect, no key with Exists every taint."""
    if toleration.get("effect") and toleration["effect"] != taint["effect"]:
        return False
    if toleration.get("key") and toleration["key"] != taint["key"]:
        return False
    if toleration.get("operator") == "Exists":
        return True
    return bool(toleration.get("key")) and (toleration.get("value") or "") == (taint.get("value") or "")
