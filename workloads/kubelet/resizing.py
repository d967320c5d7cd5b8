"""Other resources for containers that run (Kubernetes: in-place Pod resize; kubelet: allocation manager)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from clusters.kinds.body import Body
from clusters.reconcile.clock import MINUTE
from workloads.kubelet import killing
from workloads.kubelet.admit import room, uses
from workloads.kubelet.index import Shares
from workloads.kubelet.resources import bounded, whole
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes
from workloads.runtime import container as runtime

RETRY = MINUTE  # how often a kubelet asks itself again what it has put off


class Verdict(NamedTuple):
    """Why a resize has to wait: `Deferred` or, for good, `Infeasible`."""

    reason: str
    message: str


def wanted(work: Work) -> dict[str, Body]:
    """What the spec asks for, by container; who asks for nothing is left out."""
    return {spec["name"]: spec["resources"] for spec in resizable(work) if spec.get("resources")}


def resizable(work: Work) -> Iterator[Body]:
    """Main containers and sidecars."""
    yield from work.spec["containers"]
    yield from (spec for spec in work.init_specs if work.is_sidecar(spec))


def resize(work: Work, shares: Shares) -> Writes:
    """Agree to what the spec asks for when the node can give it, then bring the containers to it."""
    asked = wanted(work)
    if work.box.get("allocated") != asked:
        verdict = _judge(work, shares)
        if verdict is None:
            work.box |= {"allocated": asked, "uses": uses(work.pod)}
            work.box.pop("resize", None)
        else:
            work.box["resize"] = verdict._asdict()
            if verdict.reason == "Deferred":
                work.later(work.now + RETRY)
    else:
        work.box.pop("resize", None)
    for spec in resizable(work):
        container = work.container(spec["name"])
        if container["state"] == "running" and container.get("resources", {}) != work.resources(spec):
            yield from _actuate(work, spec)


def _judge(work: Work, shares: Shares) -> Verdict | None:
    asked, held = uses(work.pod), work.box.get("uses") or {}
    for name, capacity, used in room(work, shares):
        others = used - held.get(name, 0)
        if asked[name] > held.get(name, 0):
            if asked[name] > capacity:
                told = f"Node didn't have enough capacity: {name}, requested: {asked[name]}, capacity: {capacity}"
                return Verdict("Infeasible", told)
            if others + asked[name] > capacity:
                amounts = f"requested: {asked[name]}, used: {others}, capacity: {capacity}"
                return Verdict("Deferred", f"Node didn't have enough resource: {name}, {amounts}")
    return None


def _actuate(work: Work, spec: Body) -> Writes:
    """In place, or by a restart where the container's resizePolicy asks for one."""
    name, given = spec["name"], work.resources(spec)
    container = work.container(name)
    if container.get("kill"):
        return
    if problem := _too_small(work, container["run"], name, given):
        work.set(name, resizing=problem)
        work.later(work.now + RETRY)
    elif _restarts(spec, container.get("resources", {}), given):
        grace = work.spec.get("terminationGracePeriodSeconds", 30)
        yield from killing.begin(work, spec, grace, f"Container {name} resize requires restart")
    else:
        run = runtime.resize(container["run"], {**spec, "resources": bounded(given, work.spec)})
        work.set(name, run=run, resources=given, resizing=None)


def _too_small(work: Work, run: Body, name: str, given: Body) -> str:
    """A memory limit below what is in use would only have the kernel end the container."""
    limit = (given.get("limits") or {}).get("memory")
    used = runtime.usage(run, work.now)["memory"]
    if limit is None or whole(limit) > used:
        return ""
    told = f'attempting to set container "{name}" memory limit ({whole(limit)}) below current usage ({used})'
    return f"cannot decrease memory limits: {told}"


def _restarts(spec: Body, old: Body, new: Body) -> bool:
    policies: Mapping[str, str] = {one["resourceName"]: one["restartPolicy"] for one in spec.get("resizePolicy") or ()}
    return any(_amounts(old, name) != _amounts(new, name) for name in policies if policies[name] == "RestartContainer")


def _amounts(resources: Body, name: str) -> tuple[object, object]:
    return tuple((resources.get(side) or {}).get(name) for side in ("requests", "limits"))  # type: ignore[return-value]


def conditions(work: Work) -> Iterator[tuple[str, str, str]]:
    """(type, reason, message) of the resize that is waited for or under way."""
    pending = work.box.get("resize")
    if pending:
        yield "PodResizePending", pending["reason"], pending["message"]
    running = [(spec, work.container(spec["name"])) for spec in resizable(work)]
    under_way = [
        one
        for spec, one in running
        if one["state"] == "running" and "resources" in one and one["resources"] != work.resources(spec)
    ]
    if under_way:
        problem = next((one["resizing"] for one in under_way if one.get("resizing")), "")
        yield "PodResizeInProgress", "Error" if problem else "", problem
