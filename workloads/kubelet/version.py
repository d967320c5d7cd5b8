"""What the machines run: the kubelet's and the container runtime's version."""

KUBERNETES = "v1.34.3"
CONTAINERD = "2.1.5"
ETCD = "3.6.5-0"
