"""The machines run the same Kubernetes as the API serves."""

from __future__ import annotations

from clusters.apiserver.version import GIT_VERSION
from workloads.images import Image, find
from workloads.kubelet.mirror import PARTS
from workloads.kubelet.version import KUBERNETES


def test_kubelets_are_of_the_servers_version() -> None:
    assert KUBERNETES == GIT_VERSION


def test_every_part_of_the_control_plane_is_in_the_catalogue() -> None:
    assert all(isinstance(find(part.image), Image) for part in PARTS)
