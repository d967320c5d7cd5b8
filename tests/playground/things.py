"""Objects as the page's tests need them, and what stands around them as a plain dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clusters.kinds.body import Body, owner_reference

NOW = 1_800_000_000_000_000


class Around:
    """Objects by resource."""

    def __init__(self, **resources: Sequence[Body]) -> None:
        self.now = NOW
        self._resources = resources

    def get(self, resource: str, namespace: str, name: str) -> Body | None:
        for body in self._resources.get(resource, ()):
            if (body["metadata"].get("namespace", ""), body["metadata"]["name"]) == (namespace, name):
                return body
        return None

    def events(self, word: str) -> Sequence[Body]:
        return self.list("events")

    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]:
        found = self._resources.get(resource, ())
        return [one for one in found if namespace is None or one["metadata"].get("namespace") == namespace]


def thing(api_version: str, kind: str, name: str, namespace: str = "", **fields: Any) -> Body:
    metadata = {"name": name, "uid": f"uid-{name}", **({"namespace": namespace} if namespace else {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": {**metadata, **fields.pop("metadata", {})}, **fields}


def pod(name: str = "web-1", node: str = "", owner: Body | None = None, **fields: Any) -> Body:
    spec = {"containers": [{"name": "nginx", "image": "nginx:1.29"}], **({"nodeName": node} if node else {})}
    metadata = {**({"ownerReferences": [owner_reference(owner)]} if owner else {}), **fields.pop("metadata", {})}
    return thing("v1", "Pod", name, "default", spec=spec, metadata=metadata, **fields)


def node(name: str = "worker-1", ready: str = "True", **spec: Any) -> Body:
    return thing("v1", "Node", name, spec=spec, status={"conditions": [{"type": "Ready", "status": ready}]})


def replicaset(name: str, replicas: int = 3, revision: int = 1, owner: Body | None = None, image: str = "") -> Body:
    labels = {"app": "web", "pod-template-hash": "abc"}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "c", "image": image or "nginx:1.28"}]}}
    metadata: Body = {"annotations": {"deployment.kubernetes.io/revision": str(revision)}}
    if owner:
        metadata["ownerReferences"] = [owner_reference(owner)]
    spec = {"replicas": replicas, "template": template}
    return thing("apps/v1", "ReplicaSet", name, "default", spec=spec, metadata=metadata)


def deployment(name: str = "web", replicas: int = 3, **status: Any) -> Body:
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "c", "image": "nginx:1.29"}]}}
    return thing(
        "apps/v1", "Deployment", name, "default", spec={"replicas": replicas, "template": template}, status=status
    )


def crash(node: str) -> Body:
    spec = {"type": "NodeCrash", "target": {"node": node}}
    return thing("podium.dev/v1", "Fault", f"crash-{node}", spec=spec)


def keeper(kind: str, name: str, image: str = "nginx:1.29", **spec: Any) -> Body:
    """A StatefulSet or a DaemonSet."""
    template = {"metadata": {"labels": {"app": name}}, "spec": {"containers": [{"name": "c", "image": image}]}}
    return thing("apps/v1", kind, name, "default", spec={"template": template, **spec}, status={})


def revision(owner: Body, number: int, image: str) -> Body:
    """A ControllerRevision."""
    template = {"$patch": "replace", "spec": {"containers": [{"name": "c", "image": image}]}}
    stamp = {"ownerReferences": [owner_reference(owner)], "creationTimestamp": "2026-01-05T09:00:00Z"}
    name, data = f"{owner['metadata']['name']}-{number}", {"spec": {"template": template}}
    return thing("apps/v1", "ControllerRevision", name, "default", metadata=stamp, data=data, revision=number)


def job(name: str = "pi", owner: Body | None = None, status: Body | None = None, **spec: Any) -> Body:
    template = {"metadata": {"labels": {"job-name": name}}, "spec": {"containers": [{"name": "c", "image": "perl"}]}}
    metadata = {"ownerReferences": [owner_reference(owner)]} if owner else {}
    wanted = {"completions": 3, "parallelism": 2, "backoffLimit": 6, "template": template, **spec}
    return thing("batch/v1", "Job", name, "default", spec=wanted, status=status or {}, metadata=metadata)


def ended(type_: str, message: str = "") -> Body:
    """The status of a Job that is over."""
    condition = {"type": type_, "status": "True", "message": message, "lastTransitionTime": "2026-01-05T09:00:30Z"}
    return {"startTime": "2026-01-05T09:00:00Z", "completionTime": "2026-01-05T09:00:30Z", "conditions": [condition]}


def cronjob(name: str = "hello", schedule: str = "*/5 * * * *", **spec: Any) -> Body:
    wanted = {"schedule": schedule, "jobTemplate": {"spec": {"template": {"spec": {}}}}, **spec}
    return thing("batch/v1", "CronJob", name, "default", spec=wanted, status={})
