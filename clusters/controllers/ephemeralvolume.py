"""Claims that live and die with a pod (Kubernetes: generic ephemeral volumes)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key, controller_of, dig, is_deleting, key_of, owner_reference, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Emit, Write

Writes = Generator[Write, Body | Status | None, None]


def with_templates(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A pod that came with a claim's template."""
    if new is None or old is not None:
        return ()
    return (key_of(new),) if any(dig(one, "ephemeral") for one in new["spec"].get("volumes") or ()) else ()


def its_pod(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The pod that a claim which is gone was made for."""
    owner = controller_of(old) if old and new is None else None
    return (Key(key_of(old).namespace, owner["name"]),) if old and owner and owner["kind"] == "Pod" else ()


CONTROLLER = Controller(
    "ephemeral-volume-controller",
    primary="pods",
    mapper=with_templates,
    watches={"persistentvolumeclaims": its_pod},
    source="ephemeral_volume",
)


def reconcile(key: Key, view: View) -> Writes:
    """One pod: each template has its claim."""
    pod = view.get("pods", key)
    if pod is None or is_deleting(pod):
        return
    for volume in pod["spec"].get("volumes") or ():
        if volume.get("ephemeral"):
            yield from make(pod, volume, view)


def make(pod: Body, volume: Body, view: View) -> Writes:
    """The claim, unless it is there; a stranger's of that name is left alone."""
    key = Key(key_of(pod).namespace, f"{pod['metadata']['name']}-{volume['name']}")
    known = view.get("persistentvolumeclaims", key)
    if known is None:
        answer = yield Create("persistentvolumeclaims", claim(key, pod, volume), because=pod, why="Its pod needs it.")
        wrong = answer.message if isinstance(answer, Status) else ""
    else:
        owner = controller_of(known)
        is_its = owner is not None and owner["uid"] == uid_of(pod)
        wrong = "" if is_its else f"PVC {key} was not created for pod {key_of(pod)} (pod is not owner)"
    if wrong:
        yield Emit(pod, "Warning", "FailedBinding", f"ephemeral volume {volume['name']}: {wrong}")


def claim(key: Key, pod: Body, volume: Body) -> Body:
    template = volume["ephemeral"]["volumeClaimTemplate"]
    given = template.get("metadata") or {}
    metadata = {name: given[name] for name in ("labels", "annotations") if given.get(name)}
    owners = {"namespace": key.namespace, "name": key.name, "ownerReferences": [owner_reference(pod)]}
    head = {"apiVersion": "v1", "kind": "PersistentVolumeClaim"}
    return {**head, "metadata": {**metadata, **owners}, "spec": template["spec"]}
