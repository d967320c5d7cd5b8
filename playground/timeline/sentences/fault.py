"""Faults: who broke what, and who mended it. A sentence for each type of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from clusters.faults import FAULTS
from clusters.kinds.body import Body, dig
from clusters.kinds.fault import missed
from clusters.kinds.labelselector import shown
from clusters.reconcile.clock import MILLISECOND
from networking.network.weather import DELAY, LOST
from playground.timeline.line import Happened, Name, Sentence

# what somebody did, and what ended it ("" for what is over at once); {} is whom it hits
SAID: Mapping[str, tuple[str, str]] = {
    "BadRollout": ("rolls an image that does not exist out to {}", "puts the image of {} back"),
    "ContainerCrash": ("crashed {}", ""),
    "ContainerExit": ("made {} end with exit code {code}", ""),
    "ContainerHang": ("made {} hang: it runs and answers nobody", "let {} answer again"),
    "ContainerOOM": ("made {} run out of memory", ""),
    "ControllerManagerDown": (
        "took kube-controller-manager down: nothing is healed or counted",
        "brought kube-controller-manager back",
    ),
    "CPUHog": ("made {} burn all the CPU that it gets", "let the CPU of {} cool down"),
    "DNSDown": ("took the cluster’s DNS down: no name is found", "brought the cluster’s DNS back"),
    "DiskFull": ("filled the disk of {}", "made room on the disk of {}"),
    "MemoryLeak": ("made {} leak memory", "stopped the leak of {}"),
    "MemoryPressure": ("ate the memory of {}", "gave {} its memory back"),
    "NetworkLatency": ("made every packet of {} {delay} late", "let the packets of {} be quick again"),
    "NodeCrash": ("cut the power of {}", "gave {} its power back"),
    "NodeFreeze": ("froze {}: it says nothing and forgets nothing", "let {} go on where it stood"),
    "NodePartition": ("cut the network between {} and {others}", "joined the network of {} again"),
    "NodeReboot": ("cut the power of {} and gave it back", ""),
    "PacketLoss": ("made the network of {} lose {percent} of 100 packets", "mended the network of {}"),
    "PIDPressure": ("used up the process numbers of {}", "gave {} its process numbers back"),
    "ProbeFailure": ("made the {probe} probe of {} fail", "let the {probe} probe of {} tell the truth again"),
    "ProbeFlapping": ("made the {probe} probe of {} flap", "let the {probe} probe of {} tell the truth again"),
    "ProxyFreeze": ("froze kube-proxy on {}: its rules grow stale", "let kube-proxy on {} follow again"),
    "ProxyLag": ("made kube-proxy on {} hear of every change late", "let kube-proxy on {} hear at once again"),
    "RegistryDown": ("took the image registry away from {}", "gave {} the image registry back"),
    "RegistrySlow": ("made the image registry slow for {}", "made the image registry quick again for {}"),
    "SchedulerDown": ("took the scheduler down: no new pod gets a node", "brought the scheduler back"),
    "SlowNode": ("made {} slow", "let {} run at full speed again"),
    "SlowStart": ("made {} start slowly", "let {} start as quickly as before"),
    "ZoneOutage": ("cut the power of {}", "gave {} its power back"),
}


def fault(happened: Happened) -> tuple[Sentence, str] | None:
    began, ended = said_of(happened.after)
    if happened.op == "ADDED":
        return sentence(began, happened.after), "crash"
    if happened.op == "DELETED":
        return (sentence(ended, happened.after), "ready") if ended and not is_done(happened.after) else None
    return changed(happened, ended)


def said_of(body: Body) -> tuple[str, str]:
    type_ = dig(body, "spec.type", "")
    return SAID.get(type_, (f"began the fault {type_} at {{}}", f"ended the fault {type_} at {{}}"))


def changed(happened: Happened, ended: str) -> tuple[Sentence, str] | None:
    """Its time was over, or it hit nobody: each is told once."""
    if happened.before is None or is_done(happened.before):
        return None
    if is_done(happened.after) and ended:
        return ("ended the fault ", happened.name, ", whose time was over"), "ready"
    why = missed(happened.after)
    return (("says of the fault ", happened.name, f": {why}"), "") if why and why != missed(happened.before) else None


def is_done(body: Body) -> bool:
    return bool(dig(body, "status.phase") == "Done")


def sentence(words: str, body: Body) -> Sentence:
    """The words, with whom it hits in the place of {}."""
    for field, value in fields(body["spec"]):
        words = words.replace(f"{{{field}}}", value)
    before, here, after = words.partition("{}")
    parts = (before, *target(body["spec"]), after) if here else (words,)
    return tuple(part for part in parts if part != "")


def fields(spec: Body) -> Iterator[tuple[str, str]]:
    yield "code", str(spec.get("exitCode") or 0)
    yield "probe", str(spec.get("probe") or "readiness")
    yield "percent", str(spec.get("percent") or LOST)
    yield "delay", str(spec.get("delay") or f"{DELAY // MILLISECOND}ms")
    other = spec.get("from") or {}
    named = other.get("node") or (f"zone {other['zone']}" if other.get("zone") else "some nodes")
    yield "others", named if other else "the control plane"


def target(spec: Body) -> Sentence:
    """Whom it hits, as it was asked for."""
    aim = spec.get("target") or {}
    space = str(aim.get("namespace") or "default")
    if aim.get("pod"):
        container = (f"{aim['container']} of ",) if aim.get("container") else ()
        return (*container, Name("pods", space, str(aim["pod"])))
    if aim.get("deployment"):
        return (Name("deployments", space, str(aim["deployment"])),)
    if aim.get("node"):
        return (Name("nodes", "", str(aim["node"])),)
    known = FAULTS.get(spec.get("type", ""))
    some = known.hits if known and known.hits else "pods"
    named = [f"zone {aim['zone']}"] if aim.get("zone") else []
    named += [f"{some} with {shown(aim['selector'])}"] if aim.get("selector") else []
    lot = [f"chance {aim['chance']} %"] if aim.get("chance") else []
    lot += [f"at most {aim['count']}"] if aim.get("count") else []
    told = ", ".join(named) or (some if lot else "the whole cluster")
    return (f"{told} ({', '.join(lot)})" if lot else told,)
