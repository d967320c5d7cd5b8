"""The claims of a pod's volumes (component-helpers: storage/ephemeral)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body, dig


def claims_of(pod: Body) -> Iterator[tuple[str, bool]]:
    """(the claim's name, whether it is made for this pod alone) for each volume that has one."""
    for volume in pod["spec"].get("volumes") or ():
        if volume.get("persistentVolumeClaim"):
            yield dig(volume, "persistentVolumeClaim.claimName", ""), False
        elif volume.get("ephemeral"):
            yield f"{pod['metadata']['name']}-{volume['name']}", True


def has_claims(pod: Body) -> bool:
    return any(True for _ in claims_of(pod))
