"""/etc/resolv.conf as the kubelet writes it (Kubernetes: Pod's DNS policy, Pod's DNS config)."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.kinds.body import Body

CLUSTER_DNS, DOMAIN = "10.96.0.10", "cluster.local"  # clusterDNS and clusterDomain of the kubelet's configuration
NODE_DNS = "192.168.49.1"  # what stands in the machines' own /etc/resolv.conf
SERVERS_MOST = 3


def conf(pod: Body) -> str:
    """The file's text."""
    servers, search, options = _by_policy(pod)
    own = pod["spec"].get("dnsConfig") or {}
    servers = list(dict.fromkeys([*servers, *(own.get("nameservers") or ())]))[:SERVERS_MOST]
    search = list(dict.fromkeys([*search, *(own.get("searches") or ())]))
    for option in own.get("options") or ():
        options[option["name"]] = option.get("value") or ""
    lines = [f"search {' '.join(search)}"] if search else []
    lines += [f"nameserver {server}" for server in servers]
    told = " ".join(f"{name}:{value}" if value else name for name, value in options.items())
    return "\n".join([*lines, f"options {told}"] if told else lines) + "\n"


def _by_policy(pod: Body) -> tuple[Sequence[str], Sequence[str], dict[str, str]]:
    spec = pod["spec"]
    policy = spec.get("dnsPolicy") or "ClusterFirst"
    if policy == "None":
        return [], [], {}
    if policy == "ClusterFirstWithHostNet" or (policy == "ClusterFirst" and not spec.get("hostNetwork")):
        namespace = pod["metadata"].get("namespace") or "default"
        return [CLUSTER_DNS], [f"{namespace}.svc.{DOMAIN}", f"svc.{DOMAIN}", DOMAIN], {"ndots": "5"}
    return [NODE_DNS], [], {}
