"""The examples as the editor offers them: files in an order of their own, each with a title and a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from clusters.kinds.body import Body

HERE = Path(__file__).parent
# shelf by shelf, from the first pod to what goes wrong
SHELVES: Mapping[str, tuple[str, ...]] = {
    "First steps": ("pod", "deployment", "service", "nodeport", "configmap-secret", "namespace", "redis"),
    "A pod's life": (
        "init-container", "sidecar", "readiness", "liveness", "startup-probe", "hooks", "slow-goodbye", "last-words",
        "environment", "downward-api", "security-context", "quality-of-service", "resize",
    ),
    "Rollouts": (
        "rolling-update", "recreate", "slow-rollout", "paused", "rollback", "canary", "blue-green",
    ),
    "Stateful sets, daemon sets and friends": (
        "statefulset", "statefulset-partition", "statefulset-parallel", "daemonset", "daemonset-some-nodes",
        "daemonset-surge", "replicaset", "replicationcontroller",
    ),
    "Jobs": (
        "job-pi", "job-parallel", "job-indexed", "job-work-queue", "job-failing", "job-failure-policy", "job-clean-up",
        "cronjob",
    ),
    "Where a pod may run": (
        "node-selector", "node-affinity", "tolerations", "pod-affinity", "pod-anti-affinity", "spread", "preemption",
        "scheduling-gate",
    ),
    "Scaling": ("autoscaling", "traffic-autoscaler"),
    "Policy and limits": ("disruption-budget", "quota", "limit-range", "priority"),
    "Storage": ("claim", "volume-by-hand", "shared-volume", "projected-volume"),
    "Network": (
        "headless", "load-balancer", "external-name", "session-affinity", "endpoints-by-hand", "stay-on-the-node",
        "dns-config", "network-policy-deny", "network-policy-allow", "ingress", "ingress-tls", "ingress-rewrite",
        "ingress-canary", "ingress-sticky", "ingress-other-controllers", "guestbook", "shop",
        "traffic", "traffic-rollout",
    ),
    "What goes wrong": ("crash-loop", "wrong-image", "too-big", "out-of-memory", "evicted"),
}  # fmt: skip
ORDER = tuple(name for names in SHELVES.values() for name in names)


@dataclass(frozen=True, slots=True)
class Example:
    """`text` is what the editor shows: the manifest without the two lines of its heading."""

    name: str
    title: str
    about: str
    text: str


@cache
def shelves() -> tuple[tuple[str, tuple[Example, ...]], ...]:
    """Each shelf's heading and what stands on it."""
    return tuple((heading, tuple(read(name) for name in names)) for heading, names in SHELVES.items() if names)


@cache
def examples() -> tuple[Example, ...]:
    return tuple(one for _, shelf in shelves() for one in shelf)


def example(name: str) -> Example | None:
    return next((one for one in examples() if one.name == name), None)


def read(name: str) -> Example:
    """`# title: ...` and `# about: ...` stand in the file's first two lines."""
    title, about, text = (HERE / "manifests" / f"{name}.yaml").read_text().split("\n", 2)
    return Example(name, title.removeprefix("# title: "), about.removeprefix("# about: "), text)


@cache
def welcome() -> tuple[Body, ...]:
    """What runs in a visitor's new cluster."""
    return tuple(yaml.load_all((HERE / "welcome.yaml").read_text(), Loader=yaml.CSafeLoader))
