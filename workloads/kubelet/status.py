"""A pod's status as its kubelet tells it: phase, conditions, container states (Kubernetes: Pod Lifecycle)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

from clusters.kinds.body import Body, dig
from clusters.reconcile.clock import rfc3339
from workloads.kubelet import resizing
from workloads.kubelet.restarting import is_restarted
from workloads.kubelet.work import Work

DISRUPTION = "DisruptionTarget"
OWN = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")


def status(work: Work) -> Body:
    """The whole status. A condition keeps the time of its last change."""
    old = work.pod.get("status") or {}
    inits = [container_status(work, spec) for spec in work.init_specs]
    mains = [container_status(work, spec) for spec in work.spec["containers"]]
    beside = [container_status(work, spec) for spec in work.ephemeral_specs]
    phase_ = phase(work, inits, mains)
    new = {name: value for name, value in old.items() if name in ("qosClass", "nominatedNodeName")}
    generation = work.pod["metadata"].get("generation")
    if generation:
        new["observedGeneration"] = generation
    new |= {"phase": phase_, "conditions": conditions(work, phase_, inits, mains), "hostIP": work.machine["ip"]}
    new |= {"hostIPs": [{"ip": work.machine["ip"]}], "startTime": old.get("startTime") or rfc3339(work.box["since"])}
    if phase_ in ("Succeeded", "Failed"):
        ended = work.box.get("ended") or old
        new |= {name: ended[name] for name in ("reason", "message") if name in ended}
    if work.box["ip"]:
        new |= {"podIP": work.box["ip"], "podIPs": [{"ip": work.box["ip"]}]}
    if inits:
        new["initContainerStatuses"] = inits
    new["containerStatuses"] = mains
    if beside:
        new["ephemeralContainerStatuses"] = beside
    return new


def rejected(work: Work, reason: str, message: str) -> Body:
    """The status of a pod that its kubelet will not run."""
    old = work.pod.get("status") or {}
    kept = {name: old[name] for name in ("qosClass", "conditions") if name in old}
    told = f"Pod was rejected: {message}"
    return {**kept, "phase": "Failed", "reason": reason, "message": told, "startTime": rfc3339(work.now)}


def container_status(work: Work, spec: Body) -> Body:
    """One ContainerStatus."""
    name = spec["name"]
    container = work.container(name)
    is_running = container["state"] == "running"
    last = container["exit"] if could_not_start(work, spec, container) else container.get("last")
    found = {
        "name": name,
        "state": state(work, spec, container),
        "lastState": {"terminated": terminated(last)} if last else {},
        "ready": is_ready(work, spec, container),
        "restartCount": container["restarts"],
        "image": container.get("image") or spec["image"],
        "imageID": container.get("imageID", "") if "id" in container else "",
    }
    if "id" in container:
        found |= {"containerID": container["id"], **given(work, spec, container)}
    if not work.is_ephemeral(spec):
        found["started"] = is_running and bool(container.get("started"))
    if spec.get("volumeMounts"):
        found["volumeMounts"] = [mounted(mount) for mount in spec["volumeMounts"]]
    return found


def given(work: Work, spec: Body, container: Body) -> Body:
    """What it has been promised, what it runs with, as whom."""
    allocated = work.resources(spec)
    found: Body = {"resources": container.get("resources", allocated) if container["state"] == "running" else allocated}
    if allocated.get("requests"):
        found["allocatedResources"] = allocated["requests"]
    if "user" in container:
        user = container["user"]
        linux = {"uid": user["uid"], "gid": user["gid"], "supplementalGroups": user["groups"]}
        found["user"] = {"linux": linux}
    return found


def mounted(mount: Body) -> Body:
    """One VolumeMountStatus."""
    found = {"mountPath": mount["mountPath"], "name": mount["name"]}
    return {**found, "readOnly": True, "recursiveReadOnly": "Disabled"} if mount.get("readOnly") else found


def is_ready(work: Work, spec: Body, container: Body) -> bool:
    """Running and found ready; an init container counts as ready when it has done its work, and not before."""
    if work.is_ephemeral(spec):
        return False
    if work.is_init(spec) and not work.is_sidecar(spec):
        return bool(container["state"] == "terminated" and container["exit"]["code"] == 0)
    return bool(container["state"] == "running" and container.get("started") and container.get("ready"))


def state(work: Work, spec: Body, container: Body) -> Body:
    """`running`, `terminated` or `waiting` with its reason."""
    if container["state"] == "running":
        return {"running": {"startedAt": rfc3339(container["startedAt"])}}
    if could_not_start(work, spec, container):
        return {"waiting": {"message": container["exit"]["message"], "reason": "RunContainerError"}}
    if container["state"] == "terminated":
        return {"terminated": terminated(container["exit"])}
    if not container.get("reason"):
        return {"waiting": {"reason": "PodInitializing" if work.init_specs else "ContainerCreating"}}
    told = {"message": container["message"]} if container.get("message") else {}
    return {"waiting": {**told, "reason": container["reason"]}}


def could_not_start(work: Work, spec: Body, container: Body) -> bool:
    """Its process never came to be, and will be tried again: that counts as waiting."""
    if container["state"] != "terminated" or container["exit"]["reason"] != "StartError":
        return False
    return is_restarted(work, spec, container)


def terminated(exit_: Body) -> Body:
    """A ContainerStateTerminated."""
    told = {"message": exit_["message"]} if exit_.get("message") else {}
    found = {"containerID": exit_["id"], "exitCode": exit_["code"], "finishedAt": rfc3339(exit_["at"])}
    return {**found, **told, "reason": exit_["reason"], "startedAt": rfc3339(exit_["startedAt"])}


def container_id(work: Work, name: str, restarts: int) -> str:
    """What containerd calls this run of the container."""
    said = f"{work.box['metadata']['name']}/{name}/{restarts}/{work.box['boot']}"
    return f"containerd://{blake2b(said.encode(), digest_size=32).hexdigest()}"


def phase(work: Work, inits: Sequence[Body], mains: Sequence[Body]) -> str:
    """The pod's phase, which is never taken back once it is Succeeded or Failed."""
    old = dig(work.pod, "status.phase", "")
    if old in ("Succeeded", "Failed"):
        return str(old)
    policy = work.spec.get("restartPolicy", "Always")
    if not initialized(work):
        failed = any(is_failed(one) for one, spec in zip(inits, work.init_specs, strict=True) if not restartable(spec))
        return "Failed" if policy == "Never" and failed else "Pending"
    ends = [_end(one) for one in mains]
    if work.box.get("ended") and not still_running(work):
        return "Failed"
    if "waiting" in ends:
        return "Pending"
    if still_running(work) or (policy == "Always" and not work.box.get("stop")):
        return "Running"
    if all(end == "succeeded" for end in ends):
        return "Succeeded"
    return "Failed" if policy == "Never" or work.box.get("stop") else "Running"


def still_running(work: Work) -> bool:
    """A process of the pod, be it a sidecar's, is there."""
    return any(container.get("run") is not None for container in work.box["containers"].values())


def _end(one: Body) -> str:
    if "running" in one["state"]:
        return "running"
    ended = one["state"].get("terminated") or one["lastState"].get("terminated")
    if ended is None:
        return "waiting"
    return "succeeded" if ended["exitCode"] == 0 else "failed"


def is_failed(one: Body) -> bool:
    return bool(dig(one, "state.terminated.exitCode", 0))


def restartable(spec: Body) -> bool:
    return spec.get("restartPolicy") == "Always"


def initialized(work: Work) -> bool:
    """All init containers have done their work, all sidecars have started; or the main containers once ran."""
    return bool(work.box.get("initialized")) or all(init_done(work, spec) for spec in work.init_specs)


def init_done(work: Work, spec: Body) -> bool:
    """The next container may start."""
    container = work.container(spec["name"])
    if restartable(spec):
        return container["state"] == "running" and bool(container.get("started"))
    return bool(container["state"] == "terminated" and container["exit"]["code"] == 0)


def conditions(work: Work, phase_: str, inits: Sequence[Body], mains: Sequence[Body]) -> list[Body]:
    """The kubelet's five, then what others wrote (readiness gates, DisruptionTarget)."""
    old = {condition["type"]: condition for condition in dig(work.pod, "status.conditions") or ()}
    ready = _containers_ready(phase_, inits, mains, work)
    wanted = {
        "PodReadyToStartContainers": ("True" if work.box["ip"] and not work.box.get("over") else "False", "", ""),
        "Initialized": _initialized(work, phase_, inits),
        "Ready": _gates(work, old, ready),
        "ContainersReady": ready,
        "PodScheduled": ("True", "", ""),
    }
    own = [_condition(work, old.get(type_), type_, *wanted[type_]) for type_ in OWN]
    own += [_condition(work, old.get(type_), type_, "True", *told) for type_, *told in resizing.conditions(work)]
    if work.box.get("disrupted"):
        own.append(_condition(work, old.get(DISRUPTION), DISRUPTION, "True", *work.box["disrupted"]))
    known = (*wanted, *(condition["type"] for condition in own), "PodResizePending", "PodResizeInProgress")
    return [*own, *(condition for type_, condition in old.items() if type_ not in known)]


def _condition(work: Work, old: Body | None, type_: str, state_: str, reason: str, message: str) -> Body:
    since = old["lastTransitionTime"] if old and old["status"] == state_ else rfc3339(work.now)
    made: Body = {"type": type_, "status": state_, "lastProbeTime": None, "lastTransitionTime": since}
    generation = work.pod["metadata"].get("generation")
    if generation:
        made["observedGeneration"] = generation
    if reason:
        made["reason"] = reason
    if message:
        made["message"] = message
    return made


def _initialized(work: Work, phase_: str, inits: Sequence[Body]) -> tuple[str, str, str]:
    if phase_ == "Succeeded":
        return "True", "PodCompleted", ""
    if initialized(work):
        return "True", "", ""
    left = [spec["name"] for spec in work.init_specs if not init_done(work, spec)]
    return "False", "ContainersNotInitialized", f"containers with incomplete status: [{' '.join(left)}]"


def _containers_ready(phase_: str, inits: Sequence[Body], mains: Sequence[Body], work: Work) -> tuple[str, str, str]:
    if phase_ == "Succeeded":
        return "False", "PodCompleted", ""
    if phase_ == "Failed":
        return "False", "PodFailed", ""
    sidecars = [one for one, spec in zip(inits, work.init_specs, strict=True) if restartable(spec)]
    unready = [one["name"] for one in (*sidecars, *mains) if not one["ready"]]
    if unready:
        return "False", "ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]"
    return "True", "", ""


def _gates(work: Work, old: Body, ready: tuple[str, str, str]) -> tuple[str, str, str]:
    missing = []
    for gate in work.spec.get("readinessGates") or ():
        type_ = gate["conditionType"]
        if type_ not in old:
            missing.append(f'corresponding condition of pod readiness gate "{type_}" does not exist.')
        elif old[type_]["status"] != "True":
            missing.append(f'the status of pod readiness gate "{type_}" is not "True", but {old[type_]["status"]}')
    if ready[0] != "True" or not missing:
        return ready
    return "False", "ReadinessGatesNotReady", ", ".join(missing)
