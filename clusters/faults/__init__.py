"""The catalogue of faults. A new one is one file and one line."""

from __future__ import annotations

from collections.abc import Mapping

from clusters.faults.bad_rollout import BAD_ROLLOUT
from clusters.faults.container_crash import CONTAINER_CRASH
from clusters.faults.container_exit import CONTAINER_EXIT
from clusters.faults.container_hang import CONTAINER_HANG
from clusters.faults.container_oom import CONTAINER_OOM
from clusters.faults.controller_manager_down import CONTROLLER_MANAGER_DOWN
from clusters.faults.cpu_hog import CPU_HOG
from clusters.faults.disk_full import DISK_FULL
from clusters.faults.dns_down import DNS_DOWN
from clusters.faults.faulttype import FaultType
from clusters.faults.memory_leak import MEMORY_LEAK
from clusters.faults.memory_pressure import MEMORY_PRESSURE
from clusters.faults.network_latency import NETWORK_LATENCY
from clusters.faults.node_crash import NODE_CRASH
from clusters.faults.node_freeze import NODE_FREEZE
from clusters.faults.node_partition import NODE_PARTITION
from clusters.faults.node_reboot import NODE_REBOOT
from clusters.faults.packet_loss import PACKET_LOSS
from clusters.faults.pid_pressure import PID_PRESSURE
from clusters.faults.probe_failure import PROBE_FAILURE
from clusters.faults.probe_flapping import PROBE_FLAPPING
from clusters.faults.proxy_freeze import PROXY_FREEZE
from clusters.faults.proxy_lag import PROXY_LAG
from clusters.faults.registry_down import REGISTRY_DOWN
from clusters.faults.registry_slow import REGISTRY_SLOW
from clusters.faults.scheduler_down import SCHEDULER_DOWN
from clusters.faults.slow_node import SLOW_NODE
from clusters.faults.slow_start import SLOW_START
from clusters.faults.zone_outage import ZONE_OUTAGE

FAULTS: Mapping[str, FaultType] = {
    fault.type: fault
    for fault in (
        BAD_ROLLOUT,
        CONTAINER_CRASH,
        CONTAINER_EXIT,
        CONTAINER_HANG,
        CONTAINER_OOM,
        CONTROLLER_MANAGER_DOWN,
        CPU_HOG,
        DISK_FULL,
        DNS_DOWN,
        MEMORY_LEAK,
        MEMORY_PRESSURE,
        NETWORK_LATENCY,
        NODE_CRASH,
        NODE_FREEZE,
        NODE_PARTITION,
        NODE_REBOOT,
        PACKET_LOSS,
        PID_PRESSURE,
        PROBE_FAILURE,
        PROBE_FLAPPING,
        PROXY_FREEZE,
        PROXY_LAG,
        REGISTRY_DOWN,
        REGISTRY_SLOW,
        SCHEDULER_DOWN,
        SLOW_NODE,
        SLOW_START,
        ZONE_OUTAGE,
    )
}
