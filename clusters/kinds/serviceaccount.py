"""Who a pod is to the API (Kubernetes: Service Accounts)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.kind import Kind

SERVICEACCOUNT = Kind(
    "v1",
    "ServiceAccount",
    "serviceaccounts",
    short=("sa",),
    columns=framed(),
)
