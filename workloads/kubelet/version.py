"""What the machines run: the versions of kubelet, container runtime and etcd."""

from clusters.kinds.schema import MINOR

KUBERNETES = f"v{MINOR}.3"
CONTAINERD = "2.1.5"
ETCD = "3.6.5-0"
