"""What the page shows of the requests to a Service, an Ingress or a pod, or of one Traffic object. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from clusters.kinds.body import Body, dig, key_of, uid_of
from clusters.reconcile.clock import Time
from networking.kinds.traffic import NODES, OUTSIDE, PODS, target, word
from networking.traffic.histogram import mixed, percentiles, together, told
from networking.traffic.reasons import explained
from playground.timeline.line import Name
from playground.traffic.ways import Way, way

SHOWN = 12  # ways in the list


class Around(Protocol):
    """Objects of the same cluster."""

    @property
    def now(self) -> Time: ...

    def get(self, resource: str, namespace: str, name: str) -> Body | None: ...
    def list(self, resource: str, namespace: str | None = None) -> Sequence[Body]: ...


@dataclass(frozen=True, slots=True)
class Line:
    """Requests of the last second between two, or to one pod."""

    name: Name | str
    rate: int
    good: str
    p50: str
    p95: str
    p99: str
    tone: str


@dataclass(frozen=True, slots=True)
class Reason:
    reason: str
    count: int
    why: str
    share: str


@dataclass(frozen=True, slots=True)
class Sender:
    """A Traffic that is on its way there."""

    name: Name
    word: str
    goal: str
    rate: int
    paused: bool
    path: str  # of what the page may do to it, below the cluster's own


@dataclass(frozen=True, slots=True)
class Panel:
    """`can_send`: it is a Service, and the page offers to send requests there."""

    points: Sequence[Sequence[int]]
    routes: Sequence[Line]
    services: Sequence[Line]
    pods: Sequence[Line]
    senders: Sequence[Sender]
    reasons: Sequence[Reason]
    failures: Sequence[Way]
    answered: Sequence[Way]
    sent: int
    failed: int
    retried: int
    can_send: bool = False
    wheres: Sequence[tuple[str, str]] = ()

    @property
    def success(self) -> str:
        over = self.sent
        return share(over - self.failed, over) if over else "–"


def panel(plural: str, body: Body, around: Around) -> Panel:
    """All Traffic that has to do with this object."""
    traffic = list(mine(plural, body, around))
    seen = [found for one in traffic if (found := sighting(one, around))]
    flows = [flow for one in seen for flow in one["flows"] if concerns(plural, body, flow)]
    ways = sorted(
        ((one, key_of(each)) for each in seen for one in each["failures"]), key=lambda one: -int(one[0]["at"])
    )
    good = [(one, key_of(each)) for each in seen for one in each["answered"]]
    counts = [dig(one, "status") or {} for one in traffic]
    return Panel(
        points=merged([one["points"] for one in seen]),
        routes=list(by_route(plural, body, seen)),
        services=list(by_service(flows)) if plural != "services" else (),
        pods=list(by_pod(flows)),
        senders=[sender(one) for one in traffic],
        reasons=list(reasons(counts)),
        failures=[way(one, around.now, of) for one, of in ways[:SHOWN]],
        answered=[way(one, around.now, of) for one, of in good[: SHOWN // 2]],
        sent=sum(one.get("sent", 0) for one in counts),
        failed=sum(one.get("failed", 0) for one in counts),
        retried=sum(one.get("retried", 0) for one in counts),
        can_send=plural == "services",
        wheres=tuple(wheres(body)) if plural == "services" else (),
    )


def mine(plural: str, body: Body, around: Around) -> Iterator[Body]:
    """The Traffic itself; what is aimed at the Service or Ingress; what came by the pod in the last second."""
    if plural == "traffic":
        yield body
        return
    for one in around.list("traffic"):
        if aims(plural, body, one):
            yield one
        elif plural in ("services", "pods"):
            found = sighting(one, around)
            if found is not None and any(concerns(plural, body, flow) for flow in found["flows"]):
                yield one


def aims(plural: str, body: Body, traffic: Body) -> bool:
    key, aim = key_of(body), traffic["spec"]["target"]
    if plural == "services":
        home = aim.get("namespace") or key_of(traffic).namespace
        return (home, aim.get("service")) == (key.namespace, key.name)
    if plural == "ingresses":
        return aim.get("ingress") in [rule.get("host") for rule in dig(body, "spec.rules") or ()]
    return False


def sighting(traffic: Body, around: Around) -> Body | None:
    found = around.get("sightings", *key_of(traffic))
    return found if found is not None and found["uid"] == uid_of(traffic) else None


def concerns(plural: str, body: Body, flow: Body) -> bool:
    uid = uid_of(body)
    if plural == "services":
        return bool(flow["via"] == uid)
    return uid in (flow["to"], flow["from"]) if plural == "pods" else True


def by_service(flows: Sequence[Body]) -> Iterator[Line]:
    """Each Service by which they went."""
    for name, each in grouped(flows, "viaName").items():
        if name:
            yield line(Name("services", *name.split("/", 1)), each)


def by_route(plural: str, body: Body, seen: Sequence[Body]) -> Iterator[Line]:
    """Each rule of an Ingress by which they went: of this one, or of all."""
    if plural not in ("traffic", "ingresses"):
        return
    mine = f"Ingress {key_of(body)}: " if plural == "ingresses" else ""
    routes = [one for each in seen for one in each["routes"] if one["name"].startswith(mine)]
    for name, same in grouped(routes, "name").items():
        yield line(name.removeprefix(mine), same)


def by_pod(flows: Sequence[Body]) -> Iterator[Line]:
    """Each pod that was reached, and last those that reached nobody."""
    for name, each in grouped(flows, "toName").items():
        yield line(Name("pods", *name.split("/", 1)) if name else "no pod at all", each)


def grouped(flows: Sequence[Body], end: str) -> dict[str, list[Body]]:
    """By name; what has none last."""
    held: dict[str, list[Body]] = {}
    for flow in sorted(flows, key=lambda one: (not one[end], one[end])):
        held.setdefault(flow[end], []).append(flow)
    return held


def line(name: Name | str, flows: Sequence[Body]) -> Line:
    rate, good = sum(one["rate"] for one in flows), sum(one["ok"] for one in flows)
    times = together(one["times"] for one in flows)
    half, most, all_ = (told(one) if times else "–" for one in percentiles(times))
    return Line(name, rate, share(good, rate), half, most, all_, "ready" if good == rate else "crash")


def merged(series: Sequence[Sequence[Sequence[int]]]) -> list[list[int]]:
    """[second, sent, answered, failed, p50, p95, p99] of all together."""
    held: dict[int, list[Sequence[int]]] = {}
    for points in series:
        for second, *values in points:
            held.setdefault(second, []).append(values)
    return [[second, *together_at(held[second])] for second in sorted(held)]


def together_at(points: Sequence[Sequence[int]]) -> list[int]:
    sums = [sum(one[place] for one in points) for place in range(3)]
    return [*sums, *mixed([(one[1], one[3:]) for one in points])]


def reasons(counts: Sequence[Body]) -> Iterator[Reason]:
    found: dict[str, int] = {}
    for status in counts:
        for one in status.get("reasons") or ():
            found[one["reason"]] = found.get(one["reason"], 0) + one["count"]
    whole = sum(found.values())
    for reason, count in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        yield Reason(reason, count, explained(reason), share(count, whole))


def sender(traffic: Body) -> Sender:
    key, spec = key_of(traffic), traffic["spec"]
    return Sender(
        Name("traffic", key.namespace, key.name),
        word(traffic),
        target(traffic),
        int(spec.get("rate", 0)),
        bool(spec.get("paused")),
        f"traffic/{key.namespace}/{key.name}/",
    )


def wheres(service: Body) -> Iterator[tuple[str, str]]:
    """From where it can be reached at all."""
    yield NODES, "programs on the machines"
    if dig(service, "spec.type") in ("NodePort", "LoadBalancer"):
        yield OUTSIDE, "outside the cluster"
    yield PODS, "pods with these labels"


def share(part: int, whole: int) -> str:
    """Never 100 % when one is missing, never 0 % when there is one."""
    if not whole:
        return "–"
    if part == whole:
        return "100 %"
    found = min(99.9, max(0.1 if part else 0.0, 100 * part / whole))
    return f"{found:.1f} %"
