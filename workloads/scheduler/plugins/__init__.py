"""All plugins in the order of kube-scheduler's default profile. A new one is one file and one line."""

from __future__ import annotations

from workloads.scheduler.framework import Plugin
from workloads.scheduler.plugins.defaultbinder import DefaultBinder
from workloads.scheduler.plugins.defaultpreemption import DefaultPreemption
from workloads.scheduler.plugins.imagelocality import ImageLocality
from workloads.scheduler.plugins.interpodaffinity import InterPodAffinity
from workloads.scheduler.plugins.nodeaffinity import NodeAffinity
from workloads.scheduler.plugins.nodename import NodeName
from workloads.scheduler.plugins.nodeports import NodePorts
from workloads.scheduler.plugins.noderesourcesbalancedallocation import NodeResourcesBalancedAllocation
from workloads.scheduler.plugins.noderesourcesfit import NodeResourcesFit
from workloads.scheduler.plugins.nodeunschedulable import NodeUnschedulable
from workloads.scheduler.plugins.podtopologyspread import PodTopologySpread
from workloads.scheduler.plugins.prioritysort import PrioritySort
from workloads.scheduler.plugins.tainttoleration import TaintToleration
from workloads.scheduler.plugins.volumebinding import VolumeBinding
from workloads.scheduler.plugins.volumerestrictions import VolumeRestrictions
from workloads.scheduler.plugins.volumezone import VolumeZone

PLUGINS: tuple[Plugin, ...] = (
    PrioritySort(),
    NodeUnschedulable(),
    NodeName(),
    TaintToleration(),
    NodeAffinity(),
    NodePorts(),
    NodeResourcesFit(),
    VolumeRestrictions(),
    VolumeBinding(),
    VolumeZone(),
    PodTopologySpread(),
    InterPodAffinity(),
    DefaultPreemption(),
    NodeResourcesBalancedAllocation(),
    ImageLocality(),
    DefaultBinder(),
)
