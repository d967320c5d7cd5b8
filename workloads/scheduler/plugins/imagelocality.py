"""ImageLocality: better where the images already are, unless few nodes have them (Kubernetes: image locality)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workloads.scheduler.framework import MOST, Cycle, Score
from workloads.scheduler.nodeinfo import NodeInfo
from workloads.scheduler.podinfo import PodInfo

LEAST_SIZE, MOST_SIZE = 23 * 2**20, 1000 * 2**20


class ImageLocality(Score):
    name = "ImageLocality"

    def rates(self, pod: PodInfo, nodes: Sequence[NodeInfo], cycle: Cycle) -> bool:
        """How many nodes have each of the pod's images."""
        spread = {image: cycle.images.get(image, 0) for image in map(normalized, _images(pod))}
        cycle.facts[self.name] = spread
        return any(spread.values())

    def score(self, pod: PodInfo, node: NodeInfo, cycle: Cycle) -> int:
        spread: Mapping[str, int] = cycle.facts[self.name]
        images = [normalized(image) for image in _images(pod)]
        total = sum(node.images.get(image, 0) * spread[image] // len(cycle.nodes) for image in images)
        least, most = LEAST_SIZE, MOST_SIZE * len(images)
        return MOST * (min(max(total, least), most) - least) // (most - least)


def normalized(image: str) -> str:
    """With its tag, as nodes list it."""
    return image if ":" in image.rsplit("/", 1)[-1] or "@" in image else f"{image}:latest"


def _images(pod: PodInfo) -> Sequence[str]:
    return [container["image"] for container in pod.containers if container.get("image")]
