"""A pod's volumes and address, before any of its containers can be created (Kubernetes: pod sandbox, CNI)."""

from __future__ import annotations

from dataclasses import replace

from clusters.kinds.body import Body, Key, dig, is_deleting, key_of
from clusters.reconcile.clock import SECOND, Time
from clusters.reconcile.view import View
from clusters.reconcile.writes import Update
from workloads.kubelet import disks, resolv, running
from workloads.kubelet.addresses import of_pods
from workloads.kubelet.index import Shares
from workloads.kubelet.lasting import Unmounted
from workloads.kubelet.restarting import again
from workloads.kubelet.volumes import volumes
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Told, Writes

NO_NETWORK = (
    "network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
    "message:Network plugin returns error: cni plugin not initialized"
)
NO_SANDBOX = (
    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: "
    'plugin type="ptp" failed (add): failed to allocate for range 0'
)
NO_RUNTIME = (
    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: "
    'no runtime for "{}" is configured'
)
# the handlers of which every machine's containerd knows
RUNTIMES = ("runc", "crun", "gvisor", "kata", "kata-clh", "kata-fc", "kata-qemu", "runsc")
MOUNT_FIRST, MOUNT_MOST = SECOND // 2, 122 * SECOND  # the volume manager's own back-off


def sandbox(work: Work, shares: Shares) -> Told[bool]:
    """Volumes and network; False while something is missing."""
    if work.box["ip"]:
        return True
    mounted = yield from mount(work)
    if not mounted:
        return False
    work.box["resolv"] = resolv.conf(work.pod)
    if work.spec.get("hostNetwork"):
        work.box |= {"ip": work.machine["ip"], "host": True}
        return True
    return (yield from connect(work, shares))


def changed(work: Work) -> Writes:
    """The machine was off: the pod's sandbox is another, and all of its containers start again."""
    was_running = bool(work.box["ip"])
    for spec in work.specs():
        container = work.container(spec["name"])
        if container["state"] == "running":
            work.note("Its machine was off.", work.old)
            running.end(work, spec["name"], {"reason": "Unknown", "at": work.box.get("lost", work.now)})
        is_init = any(spec is other for other in work.init_specs)
        if is_init and container["state"] != "waiting" and work.spec.get("restartPolicy") != "Never":
            work.wait(spec["name"], "", "")
            again(work, spec["name"])
    work.box |= {"boot": work.machine["bootID"], "ip": "", "initialized": False}
    work.box.pop("lost", None)
    if was_running and not is_deleting(work.pod):
        yield work.say("Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")


def mount(work: Work) -> Told[bool]:
    """Set up the volumes; a missing ConfigMap or Secret is tried again, with the volume manager's back-off."""
    tried = work.box.get("mount")
    if tried and work.now < tried["next"]:
        work.later(tried["next"])
        return False
    before = work.box.get("volumes") or {}
    try:
        volumes(work)
    except Unmounted as problem:
        most = min(MOUNT_MOST, work.view.timings.backoff_most)
        wait: Time = min(tried["wait"] * 2, most) if tried else MOUNT_FIRST
        work.box["mount"] = {"wait": wait, "next": work.now + wait}
        work.later(work.now + wait)
        yield replace(work.say("Warning", problem.reason, str(problem)), component=problem.component)
        return False
    work.box.pop("mount", None)
    yield from mounted(work, before)
    return True


def mounted(work: Work, before: Body) -> Writes:
    """What is done and said once, when a lasting volume has come to the machine."""
    for name, place in (work.box.get("volumes") or {}).items():
        if place.get("file"):
            disks.keep(work, name, "", {"": ""})
        if name not in before and place.get("pv"):
            told = f'AttachVolume.Attach succeeded for volume "{place["pv"]}" '
            attached = work.say("Normal", "SuccessfulAttachVolume", told)
            yield replace(attached, component="attachdetach-controller")


def connect(work: Work, shares: Shares) -> Told[bool]:
    """A runtime, and the address of the node's podCIDR that comes after the one given out last."""
    named = work.spec.get("runtimeClassName")
    chosen = dig(work.view.get("runtimeclasses", Key("", named)), "handler", RUNTIMES[0]) if named else RUNTIMES[0]
    if chosen not in RUNTIMES:
        work.later(work.now + work.view.timings.backoff_first)
        yield work.say("Warning", "FailedCreatePodSandBox", NO_RUNTIME.format(chosen))
        return False
    node = work.view.get("nodes", Key("", work.node))
    cidr = dig(node, "spec.podCIDR")
    if not cidr:  # the Node's change wakes us
        yield work.say("Warning", "NetworkNotReady", NO_NETWORK)
        return False
    first, last = of_pods(cidr)
    count, before = given_last(work.machine, shares)
    address = shares.addresses.next_free(before, first, last)
    if address is None:
        work.later(work.now + work.view.timings.backoff_first)
        why = f"no IP addresses available in range set: {first}-{last}"
        yield work.say("Warning", "FailedCreatePodSandBox", f"{NO_SANDBOX}: {why}")
        return False
    work.box.update(ip=address, nth=count + 1)
    return True


def given_last(machine: Body, shares: Shares) -> tuple[int, str]:
    """The how manieth address the node gave to a pod last, and which; "" at the beginning."""
    given = [_given(box) for box in shares.sandboxes.values()]
    count, address = max([*given, tuple(machine.get("lastIP") or (0, ""))])
    return int(count), str(address)


def forget(box: Body, view: View) -> Writes:
    """A sandbox goes. If it had the address that was given out last, its machine keeps that (last_reserved_ip)."""
    key = key_of(box)
    shares, machine = view.cache.nodes[key.namespace], view.get("machines", Key("", key.namespace))
    is_last = all(_given(other) <= _given(box) for other in shares.sandboxes.values())
    if machine is not None and _given(box)[1] and is_last:
        yield Update("machines", {**machine, "lastIP": list(_given(box))})


def _given(box: Body) -> tuple[int, str]:
    """The how manieth, and which; "" of what has none of its own."""
    return (box.get("nth", 0), box["ip"]) if box.get("ip") and not box.get("host") else (0, "")
