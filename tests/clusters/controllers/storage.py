"""Claims, volumes, classes, and pods that mount them, for tests."""

from __future__ import annotations

from typing import Any

from clusters.kinds.body import Body
from tests.sim import pod


def claim(name: str, size: str = "1Gi", *, modes: tuple[str, ...] = ("ReadWriteOnce",), **spec: Any) -> Body:
    """A PersistentVolumeClaim; without `storageClassName` it gets the default class."""
    wanted = {"accessModes": list(modes), "resources": {"requests": {"storage": size}}, **spec}
    head = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name, "namespace": "default"}}
    return {**head, "spec": wanted}


def volume(name: str, size: str = "10Gi", *, modes: tuple[str, ...] = ("ReadWriteOnce",), **spec: Any) -> Body:
    """A PersistentVolume on the machine's own disk, of the class `manual`, that somebody made by hand."""
    usual = {"storageClassName": "manual", "hostPath": {"path": "/mnt/data"}}
    wanted = {"accessModes": list(modes), "capacity": {"storage": size}, **usual, **spec}
    return {"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": name}, "spec": wanted}


def storageclass(name: str, provisioner: str = "podium.dev/disk", **fields: Any) -> Body:
    head = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name}}
    return {**head, "provisioner": provisioner, **fields}


def user_of(claim_name: str, name: str = "app", script: str = "sleep 3600", spec: Body | None = None) -> Body:
    """A pod with the claim mounted at /data."""
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": claim_name}}]
    mounts = [{"name": "data", "mountPath": "/data"}]
    more = {"volumes": volumes, "terminationGracePeriodSeconds": 0, **(spec or {})}
    return pod(name, "busybox:1.37", command=["sh", "-c", script], volumeMounts=mounts, spec=more)
