"""The fault behind what one sees: the one to which the log leads, else the nearest that hit this node or pod. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from clusters.kinds.body import Body, dig, key_of, labels_of, uid_of
from clusters.reconcile.clock import SECOND, Time, parse
from playground.reasons.evidence import Evidence, Moment

FAR = 6  # causes that are followed
LINGERS = 90 * SECOND  # so long after its end a fault may still be the cause
PICKED = ("selector", "chance", "count")
ZONE = "topology.kubernetes.io/zone"


@dataclass(frozen=True, slots=True)
class Broken:
    """A fault with its time."""

    began: Moment
    body: Body  # as it was last
    until: Time | None  # None: it holds


def faults(evidence: Evidence) -> list[Broken]:
    """All of which anything is known, the newest first."""
    found: dict[str, Broken] = {}
    for moment in evidence.every("faults"):
        uid = str(moment.body["metadata"]["uid"])
        first = found[uid].began if uid in found else moment
        found[uid] = Broken(first, moment.body, _end(moment))
    for body in evidence.list("faults"):
        if body["metadata"]["uid"] not in found:
            kept = evidence.kept("faults", "", body["metadata"]["name"])
            if kept is not None:
                found[body["metadata"]["uid"]] = Broken(_since(kept, body), body, _end(kept))
    return sorted(found.values(), key=lambda one: -one.began.revision)


def culprit(
    evidence: Evidence,
    symptom: str,
    when: Time,
    node: str = "",
    pod: Body | None = None,
    *,
    anywhere: bool = False,
    seen: Moment | None = None,
) -> Moment | None:
    """The fault that explains this symptom of this node or pod at this time.

    `seen`: the log's line about it, whose causes come first. `anywhere`: be it aimed at what it may.
    """
    if seen is not None and (found := logged(evidence, seen)) is not None:
        return found
    for broken in faults(evidence):
        over = broken.until is not None and when > broken.until + LINGERS
        if over or broken.began.at > when + SECOND or not explains(broken, symptom):
            continue
        if anywhere or aims(evidence, broken.body, node, pod):
            return broken.began
    return None


def logged(evidence: Evidence, moment: Moment) -> Moment | None:
    """The fault to which the causes of this moment lead; what the same object was before is none."""
    own = uid_of(moment.body)
    for _ in range(FAR):
        cause = evidence.moment(moment.cause) if moment.cause else None
        if cause is None or uid_of(cause.body) == own:
            return None
        if cause.resource == "faults":
            return next((one for one in evidence.story(uid_of(cause.body)) if one.op == "ADDED"), cause)
        moment = cause
    return None


def explains(broken: Broken, symptom: str) -> bool:
    """A fault that is not in the table explains whatever happens to whom it hits."""
    known = SYMPTOMS.get(dig(broken.body, "spec.type", ""))
    return known is None or symptom in known or symptom == "any"


def aims(evidence: Evidence, fault: Body, node: str, pod: Body | None) -> bool:
    """Whether it hit this node or this pod: what it says that it hit, or whom it names."""
    target = dig(fault, "spec.target") or {}
    hit = dig(fault, "status.hit") or ()
    if any(_is(evidence, one, node, pod) for one in hit) or node in (dig(fault, "status.others") or ()):
        return True
    by_label = any(name in target for name in PICKED)  # only its hits tell whom it picked
    return not by_label and not (hit and not target) and _is(evidence, target, node, pod)


def _is(evidence: Evidence, aim: Mapping[str, object], node: str, pod: Body | None) -> bool:
    if aim.get("pod"):
        key = key_of(pod) if pod else None
        return key is not None and (aim["pod"], aim.get("namespace") or "default") == (key.name, key.namespace)
    if aim.get("node"):
        return aim["node"] == node
    if aim.get("zone"):
        machine = evidence.get("nodes", "", node) if node else None
        return machine is not None and labels_of(machine).get(ZONE) == aim["zone"]
    return not aim.get("deployment")  # aimed at the whole cluster; a Deployment's change is in the log


def _end(moment: Moment) -> Time | None:
    if moment.op == "DELETED" or moment.body["metadata"].get("deletionTimestamp"):
        finished = dig(moment.body, "status.finishedAt")
        return parse(finished) if finished else moment.at
    finished = dig(moment.body, "status.finishedAt")
    return parse(finished) if finished else (moment.at if dig(moment.body, "status.phase") == "Done" else None)


def _since(kept: Moment, body: Body) -> Moment:
    at = parse(body["metadata"]["creationTimestamp"])
    return Moment(kept.revision, "ADDED", "faults", "", kept.name, "somebody", 0, "", at, body)


# what each fault makes one see; one that is not listed may explain anything
NODE_GONE = ("node", "ended", "request", "unready", "terminating", "pull", "starting", "silent")
SHORT = ("node", "pressure", "evicted", "ended", "unready", "pending")
SYMPTOMS: Mapping[str, tuple[str, ...]] = {
    "BadRollout": ("pull",),
    "ContainerCrash": ("ended", "unready"),
    "ContainerExit": ("ended", "unready"),
    "ContainerHang": ("probe", "unready", "ended", "request"),
    "ContainerOOM": ("ended", "unready"),
    "ControllerManagerDown": ("unhealed", "ended", "unready"),
    "CPUHog": ("load", "request", "probe"),
    "DNSDown": ("dns", "request"),
    "DiskFull": (*SHORT, "pull"),
    "MemoryLeak": ("load", "ended", "unready", "evicted", "pressure", "node"),
    "MemoryPressure": SHORT,
    "NetworkLatency": ("request", "probe", "unready", "ended", "dns"),
    "NodeCrash": NODE_GONE,
    "NodeFreeze": NODE_GONE,
    "NodePartition": NODE_GONE,
    "NodeReboot": NODE_GONE,
    "PIDPressure": SHORT,
    "PacketLoss": ("request", "probe", "unready", "ended", "dns"),
    "ProbeFailure": ("probe", "unready", "ended"),
    "ProbeFlapping": ("probe", "unready", "ended"),
    "ProxyFreeze": ("request",),
    "ProxyLag": ("request",),
    "RegistryDown": ("pull", "starting", "unready"),
    "RegistrySlow": ("pull", "starting", "unready"),
    "SchedulerDown": ("pending", "ended", "unready"),
    "SlowNode": ("probe", "unready", "ended", "request", "starting"),
    "SlowStart": ("probe", "unready", "ended", "starting"),
    "ZoneOutage": NODE_GONE,
}
