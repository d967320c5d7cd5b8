"""From a bound pod to running containers: volumes, sandbox, images, creation, restarts (kubelet: computePodActions)."""

from __future__ import annotations

from zlib import crc32

from clusters.kinds.body import Body, Key, dig, is_deleting
from clusters.reconcile.clock import SECOND, Time
from workloads.images import Image, find
from workloads.kubelet import backoff, hooks, killing, looking, pulls, running, shared
from workloads.kubelet.addresses import of_pods
from workloads.kubelet.durations import go_duration
from workloads.kubelet.environment import Unresolved, environment, expanded
from workloads.kubelet.index import Shares
from workloads.kubelet.status import container_id, init_done, initialized, restartable
from workloads.kubelet.volumes import Unmounted, volumes
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Told, Writes
from workloads.runtime import container as runtime

TOLD = SECOND  # how long a container's end stands in its state before the back-off does
NO_NETWORK = (
    "network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady "
    "message:Network plugin returns error: cni plugin not initialized"
)
NO_SANDBOX = (
    "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: "
    'plugin type="ptp" failed (add): failed to allocate for range 0'
)
MOUNT_FIRST, MOUNT_MOST = SECOND // 2, 122 * SECOND  # the volume manager's own back-off


def start(work: Work, shares: Shares) -> Writes:
    """Start what may be started now, in order: init containers one after the other, then the others."""
    ready = yield from sandbox(work, shares)
    if not ready:
        return
    is_first = not initialized(work)
    for spec in work.init_specs:
        if is_first or restartable(spec):
            yield from bring_up(work, spec, shares)
            if is_first and not init_done(work, spec):
                return
    for spec in work.spec["containers"]:
        yield from bring_up(work, spec, shares)
        container = work.container(spec["name"])
        if container.get("pull") or container.get("hook"):  # the kubelet brings them up one after the other
            return


def sandbox(work: Work, shares: Shares) -> Told[bool]:
    """Volumes and network; False while something is missing."""
    if work.box["ip"]:
        return True
    mounted = yield from mount(work)
    if not mounted:
        return False
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
    try:
        volumes(work)
    except Unmounted as problem:
        most = min(MOUNT_MOST, work.view.timings.backoff_most)
        wait: Time = min(tried["wait"] * 2, most) if tried else MOUNT_FIRST
        work.box["mount"] = {"wait": wait, "next": work.now + wait}
        work.later(work.now + wait)
        yield work.say("Warning", "FailedMount", str(problem))
        return False
    work.box.pop("mount", None)
    return True


def connect(work: Work, shares: Shares) -> Told[bool]:
    """The lowest free address of the node's podCIDR."""
    node = work.view.get("nodes", Key("", work.node))
    cidr = dig(node, "spec.podCIDR")
    if not cidr:  # the Node's change wakes us
        yield work.say("Warning", "NetworkNotReady", NO_NETWORK)
        return False
    first, last = of_pods(cidr)
    address = shares.addresses.lowest_free(first, last)
    if address is None:
        work.later(work.now + work.view.timings.backoff_first)
        why = f"no IP addresses available in range set: {first}-{last}"
        yield work.say("Warning", "FailedCreatePodSandBox", f"{NO_SANDBOX}: {why}")
        return False
    work.box["ip"] = address
    return True


def bring_up(work: Work, spec: Body, shares: Shares) -> Writes:
    """One container one step nearer to running: back-off, image, configuration, creation."""
    name = spec["name"]
    container = work.container(name)
    if container["state"] == "running":
        if container.get("hook") and not container.get("kill"):
            yield from after_start(work, spec)
            if work.container(name)["state"] != "running":
                work.later(work.now)
        return
    if container["state"] == "terminated" and not container.get("again"):
        if not is_restarted(work, spec, container):
            return
        yield from fall_back(work, spec)
    container = work.container(name)
    wait = max(container.get("until", 0), container.get("retry", 0))
    if work.now < wait or (container["state"] == "terminated" and not container.get("again")):
        work.later(wait or None)
        return
    if "until" in container:
        again(work, name)
    if not container.get("pulled"):
        yield from pulls.step(work, spec, shares)
        if not work.container(name).get("pulled"):
            return
    yield from create(work, spec)
    container = work.container(name)
    if container["state"] == "terminated" and is_restarted(work, spec, container):
        work.later(work.now)


def is_restarted(work: Work, spec: Body, container: Body) -> bool:
    """restartPolicy, for a container that has ended."""
    policy = work.spec.get("restartPolicy", "Always")
    is_init = any(spec is other for other in work.init_specs)
    if work.is_sidecar(spec):
        return True
    if container["exit"]["code"] == 0 and is_init:
        return False
    if is_init:
        return bool(policy != "Never")
    return bool(policy == "Always" or (policy == "OnFailure" and container["exit"]["code"] != 0))


def finished(work: Work) -> bool:
    """The main containers have ended for good: only sidecars are left, and they are not needed any more."""
    mains = [(spec, work.container(spec["name"])) for spec in work.spec["containers"]]
    if any(one["state"] != "terminated" or one.get("again") or is_restarted(work, spec, one) for spec, one in mains):
        return False
    return any(work.container(spec["name"])["state"] == "running" for spec in work.init_specs)


def fall_back(work: Work, spec: Body) -> Writes:
    """Restart at once, or wait as CrashLoopBackOff; what is counted is the last end that the kubelet did not bring."""
    name = spec["name"]
    container = work.container(name)
    exit_, entry = container["exit"], container.get("backoff")
    failed = exit_["at"] if not container.get("killed") else dig(container, "last.at")
    until = backoff.due(entry, failed) if failed is not None else work.now
    if until <= work.now:
        next_ = backoff.step(entry, failed, work.now, work.view.timings) if failed is not None else entry
        work.set(name, backoff=next_)
        again(work, name)
    elif work.now < exit_["at"] + TOLD:
        work.later(min(exit_["at"] + TOLD, until))
    else:
        assert entry is not None
        metadata = work.pod["metadata"]
        pod = f"{metadata['name']}_{metadata['namespace']}({work.uid})"
        wait = go_duration(entry["wait"])
        told = f"back-off {wait} restarting failed container={name} pod={pod}"
        next_ = backoff.step(entry, failed or work.now, until, work.view.timings)
        work.wait(name, "CrashLoopBackOff", told)
        work.set(name, until=until, backoff=next_)
        yield work.say("Warning", "BackOff", f"Back-off restarting failed container {name} in pod {pod}", name)


def again(work: Work, name: str) -> None:
    """The next creation of this container will be a restart; until then it shows what it showed."""
    gone = {"until": None, "retry": None, "killed": None, "pulled": None}
    work.set(name, again=True, **gone)


def create(work: Work, spec: Body) -> Writes:
    """Create and start the container, or wait because of its configuration."""
    name = spec["name"]
    try:
        env = environment(work, spec)
        mounts = shared.mounts(work, spec)
    except (Unresolved, Unmounted) as problem:
        work.wait(name, "CreateContainerConfigError", str(problem))
        work.set(name, retry=work.now + work.view.timings.backoff_first, pulled=None)
        work.later(work.now + work.view.timings.backoff_first)
        yield work.say("Warning", "Failed", f"Error: {problem}", name)
        return
    container = work.container(name)
    restarts = container["restarts"] + (1 if "id" in container else 0)
    image = find(spec["image"])
    assert isinstance(image, Image)
    run = runtime.create(
        image,
        expanded(spec, env),
        env=env,
        mounts=mounts,
        hostname=hostname(work),
        now=work.now,
        seed=seed(work, name, restarts),
    )
    found = {
        "restarts": restarts,
        "id": container_id(work, name, restarts),
        "startedAt": work.now,
        "ref": spec["image"],
    }
    last = container.get("exit") or container.get("last")
    gone = ("again", "retry", "reason", "message", "killed", "exit")
    work.set(name, state="running", run=run, last=last, **found, **dict.fromkeys(gone))
    if not any(spec is other for other in work.init_specs):
        work.box["initialized"] = True
    yield work.say("Normal", "Created", f"Created container: {name}", name)
    yield from begin(work, spec)


def begin(work: Work, spec: Body) -> Writes:
    """Its first moment: it runs as far as it can at once, then hooks and probes begin."""
    name = spec["name"]
    yield from running.advance(work, name)
    container = work.container(name)
    if dig(container, "exit.reason") == "StartError":
        yield work.say("Warning", "Failed", f"Error: {container['exit']['message']}", name)
        return
    yield work.say("Normal", "Started", f"Started container {name}", name)
    if container["state"] != "running":
        return
    looking.begin(work, spec)
    hook = dig(spec, "lifecycle.postStart")
    if hook:
        work.set(name, hook=hooks.begin(work, spec, hook))
        yield from after_start(work, spec)


def after_start(work: Work, spec: Body) -> Writes:
    """postStart: nothing else of the pod starts before it has ended; its failure kills the container."""
    done = yield from hooks.step(work, spec, "postStart")
    if done and work.container(spec["name"]).get("hook"):
        work.set(spec["name"], hook=None)
        grace = work.spec.get("terminationGracePeriodSeconds", 30)
        yield from killing.begin(work, spec, grace, "FailedPostStartHook")


def seed(work: Work, name: str, restarts: int) -> int:
    """The chance of this run of the container."""
    return crc32(f"{work.box['metadata']['name']}/{name}/{restarts}".encode())


def hostname(work: Work) -> str:
    """What `hostname` says inside."""
    if work.spec.get("hostNetwork"):
        return work.node
    return str(work.spec.get("hostname") or work.pod["metadata"]["name"])[:63]
