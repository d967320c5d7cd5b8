"""How far one node's kube-proxy has come, and whom its kernel keeps at which endpoint. Never served."""

from __future__ import annotations

from clusters.kinds.kind import Kind

PROXY = Kind("machine.podium.dev/v1", "Proxy", "proxies", namespaced=False, served=False)
