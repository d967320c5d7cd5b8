"""The two sets of a cluster's own timings: Kubernetes' defaults, and shorter ones that fit a lesson."""

from __future__ import annotations

from dataclasses import dataclass

from clusters.reconcile.clock import MILLISECOND, MINUTE, SECOND


@dataclass(frozen=True, slots=True)
class Timings:
    """Durations in microseconds. What a manifest states is never changed by them."""

    name: str
    lease_duration: int  # kubelet: nodeLeaseDurationSeconds
    lease_renewal: int  # a quarter of it in Kubernetes
    status_report: int  # kubelet: nodeStatusReportFrequency
    monitor_period: int  # kube-controller-manager: --node-monitor-period
    monitor_grace: int  # kube-controller-manager: --node-monitor-grace-period
    toleration: int  # DefaultTolerationSeconds: default-not-ready-toleration-seconds
    pull_limit: int  # no image takes longer than this; 0: as long as it takes
    backoff_first: int  # CrashLoopBackOff and ImagePullBackOff: first wait, doubled each time
    backoff_most: int
    backoff_reset: int  # a container that ran this long starts over at the first wait
    boot: int  # a machine from power to kubelet
    pressure_transition: int  # kubelet: evictionPressureTransitionPeriod
    force_detach: int  # attachdetach-controller: how long it waits for a dead machine to let go of a disk
    proxy_sync: int  # kube-proxy: from an EndpointSlice's change to a node's rules
    autoscaler_sync: int  # kube-controller-manager: --horizontal-pod-autoscaler-sync-period
    autoscaler_initialization: int  # --horizontal-pod-autoscaler-cpu-initialization-period
    autoscaler_readiness: int  # --horizontal-pod-autoscaler-initial-readiness-delay
    autoscaler_downscale: int  # --horizontal-pod-autoscaler-downscale-stabilization


KUBERNETES = Timings(
    name="kubernetes",
    lease_duration=40 * SECOND,
    lease_renewal=10 * SECOND,
    status_report=5 * MINUTE,
    monitor_period=5 * SECOND,
    monitor_grace=50 * SECOND,
    toleration=300 * SECOND,
    pull_limit=0,
    backoff_first=10 * SECOND,
    backoff_most=5 * MINUTE,
    backoff_reset=10 * MINUTE,
    boot=20 * SECOND,
    force_detach=6 * MINUTE,
    pressure_transition=5 * MINUTE,
    proxy_sync=SECOND,
    autoscaler_sync=15 * SECOND,
    autoscaler_initialization=5 * MINUTE,
    autoscaler_readiness=30 * SECOND,
    autoscaler_downscale=5 * MINUTE,
)
CLASSROOM = Timings(
    name="classroom",
    lease_duration=4 * SECOND,
    lease_renewal=SECOND,
    status_report=MINUTE,
    monitor_period=SECOND,
    monitor_grace=5 * SECOND,
    toleration=15 * SECOND,
    pull_limit=2 * SECOND,
    backoff_first=2 * SECOND,
    backoff_most=30 * SECOND,
    backoff_reset=MINUTE,
    boot=3 * SECOND,
    force_detach=20 * SECOND,
    pressure_transition=30 * SECOND,
    proxy_sync=200 * MILLISECOND,
    autoscaler_sync=5 * SECOND,
    autoscaler_initialization=10 * SECOND,
    autoscaler_readiness=5 * SECOND,
    autoscaler_downscale=30 * SECOND,
)
PROFILES = {timings.name: timings for timings in (KUBERNETES, CLASSROOM)}
