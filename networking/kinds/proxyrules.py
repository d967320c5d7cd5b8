"""What the kube-proxies made of one Service, at each of the moments that a node still lives in. Never served."""

from __future__ import annotations

from clusters.kinds.kind import Kind

PROXYRULES = Kind("machine.podium.dev/v1", "ProxyRules", "proxyrules", served=False)
