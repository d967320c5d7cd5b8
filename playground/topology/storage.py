"""Claims, volumes and classes as the picture draws them (Kubernetes: Persistent Volumes). Pure."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body, annotations_of, dig

SHORT = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}
DEFAULT = "storageclass.kubernetes.io/is-default-class"
HOSTNAME = "kubernetes.io/hostname"


def claim_row(claim: Body) -> dict[str, Any]:
    """What is asked for, and the volume that it got."""
    spec = claim["spec"]
    return {
        "state": dig(claim, "status.phase"),
        "volume": spec.get("volumeName") or None,
        "class": spec.get("storageClassName"),
        "size": dig(claim, "status.capacity.storage") or dig(spec, "resources.requests.storage"),
        "modes": _modes(spec),
        "deleting": "deletionTimestamp" in claim["metadata"] or None,
    }


def volume_row(volume: Body) -> dict[str, Any]:
    """What there is, who has it, and where it can be reached."""
    spec = volume["spec"]
    claim = spec.get("claimRef") or {}
    return {
        "state": dig(volume, "status.phase"),
        "claim": f"{claim.get('namespace')}/{claim.get('name')}" if claim else None,
        "class": spec.get("storageClassName"),
        "size": dig(spec, "capacity.storage"),
        "modes": _modes(spec),
        "reclaim": spec.get("persistentVolumeReclaimPolicy"),
        "node": _only_node(spec),
        "deleting": "deletionTimestamp" in volume["metadata"] or None,
    }


def class_row(storageclass: Body) -> dict[str, Any]:
    return {
        "provisioner": storageclass.get("provisioner"),
        "waits": storageclass.get("volumeBindingMode") == "WaitForFirstConsumer" or None,
        "standard": annotations_of(storageclass).get(DEFAULT) == "true" or None,
    }


def files(disk: Body) -> int:
    """How many files truly lie on a disk."""
    return len(disk.get("files") or ())


def _modes(spec: Body) -> str:
    return ",".join(SHORT.get(mode, mode) for mode in spec.get("accessModes") or ())


def _only_node(spec: Body) -> str | None:
    """The node that a local volume is bound to."""
    for term in dig(spec, "nodeAffinity.required.nodeSelectorTerms") or ():
        for rule in term.get("matchExpressions") or ():
            if rule.get("key") == HOSTNAME and len(rule.get("values") or ()) == 1:
                return str(rule["values"][0])
    return None
