"""The catalogue of faults. A new one is one file and one line."""

from __future__ import annotations

from collections.abc import Mapping

from clusters.faults.container_crash import CONTAINER_CRASH
from clusters.faults.disk_full import DISK_FULL
from clusters.faults.faulttype import FaultType
from clusters.faults.node_crash import NODE_CRASH
from clusters.faults.proxy_freeze import PROXY_FREEZE
from clusters.faults.proxy_lag import PROXY_LAG

FAULTS: Mapping[str, FaultType] = {
    fault.type: fault
    for fault in (
        CONTAINER_CRASH,
        DISK_FULL,
        NODE_CRASH,
        PROXY_FREEZE,
        PROXY_LAG,
    )
}
