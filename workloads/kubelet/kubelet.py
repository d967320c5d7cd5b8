"""The kubelets: each pod bound to a powered machine is brought to run, watched, and ended (Kubernetes: kubelet)."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body, Key, dig, is_deleting, key_of
from clusters.kinds.machine import hears_api
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.faults import pods_hit
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, LookAgain, SetStatus, Update
from workloads.kubelet import (
    ailing,
    disks,
    holding,
    localstorage,
    looking,
    resizing,
    restarting,
    running,
    sandboxing,
    seclusion,
    shared,
    starting,
    status,
    termination,
)
from workloads.kubelet.admit import admit, told_at, uses
from workloads.kubelet.index import Index, pod_of
from workloads.kubelet.measuring import measured
from workloads.kubelet.mirror import is_static
from workloads.kubelet.refreshing import mounted_by, references, refresh
from workloads.kubelet.work import Work, box_key
from workloads.kubelet.writes import Told, Writes

OVER = ("Succeeded", "Failed")


def its_pod(new: Body | None, old: Body | None, view: View) -> Iterator[Key]:
    """The pod that a sandbox was made for; where it gives something back, those too whose resize waits for room."""
    box = new or old
    assert box is not None
    yield pod_of(box)
    if old is not None and (new is None or new.get("over") or new.get("uses") != old.get("uses")):
        yield from view.cache.nodes[box["metadata"]["namespace"]].deferred.values()


def all_on_it(new: Body | None, old: Body | None, view: View) -> Iterator[Key]:
    """Everything on a machine whose power is another than before."""
    if new is not None and (old is None or old["power"] != new["power"] or old.get("cut") != new.get("cut")):
        name = new["metadata"]["name"]
        yield from (key_of(pod) for pod in view.on_node(name))
        yield from (pod_of(box) for box in view.cache.on_node(name))


def when_it_has_addresses(new: Body | None, old: Body | None, view: View) -> Iterator[Key]:
    """Everything on a Node that was given another podCIDR."""
    if new is not None and dig(new, "spec.podCIDR") != dig(old, "spec.podCIDR"):
        yield from (key_of(pod) for pod in view.on_node(new["metadata"]["name"]))


def who(key: Key, view: View) -> str:
    """The kubelet of the pod's node."""
    pod = view.get("pods", key)
    node = pod["spec"].get("nodeName") if pod else None
    if not node:
        boxes = view.cache.of_pod(key)
        node = boxes[0]["metadata"]["namespace"] if boxes else ""
    return f"kubelet/{node}" if node else "kubelet"


CONTROLLER = Controller(
    "kubelet",
    primary="pods",
    watches={
        "sandboxes": its_pod,
        "machines": all_on_it,
        "nodes": when_it_has_addresses,
        "faults": pods_hit,
        "configmaps": mounted_by("configmaps"),
        "secrets": mounted_by("secrets"),
        "disks": disks.holders,
    },
    cache=Index,
    actor=who,
    source="kubelet",
)


def reconcile(key: Key, view: View) -> Writes:
    """One pod's name: what is left of an earlier pod ends, the present one goes a step on."""
    pod = view.get("pods", key)
    yield from leftovers(key, pod, view)
    yield from cut_off(key, view)
    node = pod["spec"].get("nodeName") if pod else None
    machine = view.get("machines", Key("", node)) if node else None
    if pod is not None and machine is not None and hears_api(machine) and machine.get("ip"):
        yield from sync(pod, machine, view)


def cut_off(key: Key, view: View) -> Writes:
    """Sandboxes on machines that hear nothing: they go on as their kubelets knew the pods last."""
    for box in view.cache.of_pod(key):
        machine = view.get("machines", Key("", box["metadata"]["namespace"]))
        if box.get("known") and machine is not None and machine["power"] == "on" and machine.get("cut"):
            yield from seclusion.unheard(sync(box["known"], machine, view))


def leftovers(key: Key, pod: Body | None, view: View) -> Writes:
    """Sandboxes of pods that are no more in the API. A static pod's runs on whatever the API says."""
    for box in view.cache.of_pod(key):
        if box.get("static") or (pod is not None and box["metadata"]["name"] == pod["metadata"]["uid"]):
            continue
        machine = view.get("machines", Key("", box["metadata"]["namespace"]))
        if hears_api(machine):
            yield from termination.clear(box, view.now)
            left = view.get("sandboxes", termination.key_of_box(box))
            if left is not None:
                yield LookAgain(termination.due_of(left, view.now))
            else:
                yield from sandboxing.forget(box, view)


def sync(pod: Body, machine: Body, view: View) -> Writes:
    """The pod itself."""
    is_over = dig(pod, "status.phase") in OVER
    if is_static(pod) and is_deleting(pod):
        yield Delete("pods", pod, because=pod, grace=0, why="Only a mirror: the static pod runs on.")
        return
    box = view.get("sandboxes", box_key(pod))
    nothing, due = view.cache.quiet_until(key_of(pod), pod, box, view.now)
    if nothing and not (box and (box.get("refs") or disks.is_behind(box, view))) and not ailing.is_ill(pod, view):
        if due is not None:
            yield LookAgain(due)
        return
    if box is None:
        if is_deleting(pod):
            yield from farewell(pod, pod)
            return
        if is_over:
            return
    work = Work(pod, machine, view)
    if work.old is None and (refused := admit(work, view.cache.nodes[work.node])):
        if view.now < (heard := told_at(pod)):
            yield LookAgain(heard)
            return
        yield SetStatus("pods", pod, status.rejected(work, *refused), because=pod, why=refused.message)
        yield work.say("Warning", refused.reason, refused.message)
        return
    yield from advance(work)


def advance(work: Work) -> Writes:
    """Everything that is due now, then the sandbox and the status as they are afterwards."""
    if work.old is None:
        work.box["uses"] = uses(work.pod)
        work.box["allocated"] = resizing.wanted(work)
        shared.prepare(work)
        if references_ := references(work.pod):
            work.box["refs"] = references_
        if work.is_static:
            work.box["static"] = True
    if work.box["uid"] != work.uid:  # a static pod's new mirror
        work.box["uid"] = work.uid
    if not work.box.get("over"):
        yield from live(work)
    told = status.status(work)
    if told["phase"] in OVER and not work.box.get("over") and not status.still_running(work):
        work.box["over"] = True
        told = status.status(work)
    if work.box.get("sessions"):
        yield from holding.flush(work)
    termination.take_leave(work)
    box = yield from write(work)
    if termination.may_go(work):
        yield from end(work, told)
        return
    pod: Body | Status | None = work.pod
    if told != work.pod.get("status"):
        pod = yield SetStatus("pods", work.pod, told, because=work.because, why=work.why)
    if work.due is not None:
        yield LookAgain(max(work.due, work.now))
    if box is not None and isinstance(pod, dict) and work.box["ip"] and (work.due is None or work.due > work.now):
        work.view.cache.remember(pod, box, work.due)


def live(work: Work) -> Writes:
    """What the containers did, what befalls them, what their probes say, and what the kubelet does about it."""
    shares = work.view.cache.nodes[work.node]
    if work.box["boot"] != work.machine["bootID"]:
        yield from sandboxing.changed(work)
    shared.catch_up(work)
    yield from running.observe(work)
    yield from ailing.strike(work)
    yield from ailing.leak(work)
    yield from looking.look(work)
    if is_deleting(work.pod):
        yield from termination.stop(work, work.pod["metadata"].get("deletionGracePeriodSeconds") or 0)
    elif termination.is_overdue(work):
        yield from termination.expire(work)
    elif restarting.finished(work):
        yield from termination.stop(work, work.spec.get("terminationGracePeriodSeconds", 30))
    else:
        yield from termination.replace(work)
        yield from resizing.resize(work, shares)
        yield from starting.start(work, shares)
        refresh(work)
        yield from running.confine(work)
        yield from localstorage.police(work)
    yield from ailing.hold_down(work)
    looking.schedule(work)


def write(work: Work) -> Told[Body | None]:
    """The sandbox, when it is other than before; gives it as it stands now."""
    box = work.box = measured(work.box, work.old)
    box["running"] = [name for name, container in box["containers"].items() if container.get("run") is not None]
    yield from disks.write(work)
    answer: Body | Status | None = work.old
    if work.old is None:
        answer = yield Create("sandboxes", box, because=work.pod)
    elif box != work.old:
        answer = yield Update("sandboxes", box, because=work.pod)
    return answer if isinstance(answer, dict) else None


def end(work: Work, told: Body) -> Writes:
    """All has ended: the last status, then the pod goes from the API, and its sandbox from the machine."""
    pod = work.pod
    if told != pod.get("status"):
        answer = yield SetStatus("pods", pod, told, because=work.because, why=work.why)
        pod = answer if isinstance(answer, dict) else pod
    yield from farewell(pod, work.pod)
    if work.view.get("pods", key_of(pod)) is None:
        box = work.view.get("sandboxes", box_key(pod))
        if box is not None:
            yield from sandboxing.forget(box, work.view)
            yield Delete("sandboxes", box, because=work.pod)


def farewell(pod: Body, because: Body) -> Writes:
    """Removal with grace 0, as the kubelet confirms that nothing runs any more."""
    if pod["metadata"].get("deletionGracePeriodSeconds") == 0 and pod["metadata"].get("finalizers"):
        return
    answer = yield Delete("pods", pod, because=because, grace=0, why="All its containers have ended.")
    assert not isinstance(answer, Status) or answer.code == 404, answer.message
