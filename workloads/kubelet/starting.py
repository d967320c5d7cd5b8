"""From a bound pod to running containers: volumes, sandbox, images, creation, restarts (kubelet: computePodActions)."""

from __future__ import annotations

from zlib import crc32

from clusters.kinds.body import Body, dig
from workloads.images import Image, find
from workloads.kubelet import ailing, hooks, identity, killing, looking, pulls, running, sandboxing, shared
from workloads.kubelet.environment import Unresolved, environment, expanded
from workloads.kubelet.index import Shares
from workloads.kubelet.lasting import Unmounted
from workloads.kubelet.resources import bounded
from workloads.kubelet.restarting import again, fall_back, is_restarted
from workloads.kubelet.status import container_id, init_done, initialized, restartable
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Writes
from workloads.runtime import container as runtime


def start(work: Work, shares: Shares) -> Writes:
    """Start what may be started now, in order: init containers one after the other, then the others."""
    ready = yield from sandboxing.sandbox(work, shares)
    if not ready:
        return
    for spec in work.ephemeral_specs:
        yield from bring_up(work, spec, shares)
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


def create(work: Work, spec: Body) -> Writes:
    """Create and start the container, or wait because of its configuration."""
    name = spec["name"]
    try:
        env = environment(work, spec)
        mounts = shared.mounts(work, spec, env)
        image = find(spec["image"])
        assert isinstance(image, Image)
        user = identity.user(work, spec, image)
    except (Unresolved, Unmounted) as problem:
        work.wait(name, "CreateContainerConfigError", str(problem))
        work.set(name, retry=work.now + work.view.timings.backoff_first, pulled=None)
        work.later(work.now + work.view.timings.backoff_first)
        yield work.say("Warning", "Failed", f"Error: {problem}", name)
        return
    container = work.container(name)
    restarts = container["restarts"] + (1 if "id" in container else 0)
    given = work.resources(spec)
    run = runtime.create(
        image,
        {**expanded(shared.sealed(work, spec), env), "resources": bounded(given, work.spec)},
        env=env,
        mounts={**identity.files(work), **mounts},
        hostname=identity.hostname(work),
        now=work.now,
        seed=seed(work, name, restarts),
        ip=work.box["ip"],
        user=user,
        place=identity.place(work, name),
        sees=identity.sees(work, spec),
        about=shared.about(work, spec, env),
        slow=ailing.slow_start(work),
    )
    found = {
        "restarts": restarts,
        "id": container_id(work, name, restarts),
        "startedAt": work.now,
        "ref": spec["image"],
        "resources": given,
        "user": user,
    }
    last = container.get("exit") or container.get("last")
    gone = ("again", "retry", "reason", "message", "killed", "exit", "resizing")
    work.set(name, state="running", run=run, last=last, **found, **dict.fromkeys(gone))
    if not work.is_init(spec) and not work.is_ephemeral(spec):
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
