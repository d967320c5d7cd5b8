"""A node's own rules, as its page draws them: where each Service leads from here, and as iptables-save (kube-proxy)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clusters.kinds.age import human
from clusters.kinds.body import Body, Key, key_of, labels_of
from clusters.reconcile.clock import SECOND, Time
from clusters.reconcile.timings import Timings
from networking.network.trip import ZONE
from networking.proxy.choosing import ACCEPT, DROP, Choice, Endpoint, Place, choice, endpoints_of
from networking.proxy.compile import READY
from networking.proxy.listing import iptables_save
from networking.proxy.timing import base_of, rules_on
from playground.inspector.around import Around
from playground.inspector.telling import Ref, counted

MOST_GOALS = 12  # of a Service are drawn, and the others counted
MOST_LINES = 2_000  # of the listing
SYSTEM = "kube-system"
SAME, GONE, COMING = "", "gone", "coming"


@dataclass(frozen=True, slots=True)
class Goal:
    """An endpoint. `differs`: GONE, still in the rules here; COMING, not yet. `chance`: `1 of 3`; "": it gets none."""

    name: str
    pod: Ref | None
    node: str
    is_here: bool
    state: str
    chance: str
    differs: str = SAME

    @property
    def says(self) -> str:
        if self.differs == GONE:
            return f"gone, but still in these rules: {self.chance or 'gets nothing'}"
        if self.differs == COMING:
            return "there, but not in these rules yet"
        if self.state != READY:
            return "ends, still serves" if self.chance else "ends, gets nothing new"
        return self.chance or "gets nothing from here"


@dataclass(frozen=True, slots=True)
class Lead:
    """One port of a Service: by which addresses it is entered, and where that leads."""

    service: Ref
    port: str
    entrances: tuple[tuple[str, str], ...]
    goals: tuple[Goal, ...]
    more: int
    notes: tuple[str, ...]
    behind: str = ""  # for how long the rules here have been another's
    is_stale: bool = False  # and not just on their way


@dataclass(frozen=True, slots=True)
class Rules:
    """What the kernel of one machine does with packets for Services. `command`: which shows the same listing."""

    says: str
    leads: tuple[Lead, ...] = ()
    listing: str = ""
    cut: int = 0
    command: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What all leads of a node have in common."""

    place: Place
    proxy: Body
    now: Time
    timings: Timings
    pods: Mapping[str, Ref] = field(default_factory=dict)  # by address


def rules_of(node: str, around: Around, timings: Timings) -> Rules:
    proxy = around.get("proxies", "", node)
    if proxy is None:
        return Rules(f"No kube-proxy has run on {node} yet, so no Service leads anywhere from here.")
    found = around.get("nodes", "", node)
    place = Place(node, (labels_of(found).get(ZONE) or "") if found else "")
    scene = Scene(place, proxy, around.now, timings, dict(addresses(around.list("endpointslices"))))
    told = around.list("proxyrules")
    leads = [lead for one in told for lead in leads_of(one, scene)]
    mine = [(key_of(one), body) for one in told if (body := rules_on(proxy, one, scene.now, timings)) is not None]
    lines = iptables_save(mine, place).splitlines() if proxy["boot"] else []
    return Rules(
        says=says(scene, leads),
        leads=tuple(sorted(leads, key=order)),
        listing="\n".join(lines[:MOST_LINES]),
        cut=max(0, len(lines) - MOST_LINES),
        command=command(node, around.list("pods", SYSTEM)),
    )


def addresses(slices: Sequence[Body]) -> Iterator[tuple[str, Ref]]:
    for one in slices:
        for endpoint in one.get("endpoints") or ():
            target = endpoint.get("targetRef") or {}
            if target.get("kind") == "Pod":
                yield endpoint["addresses"][0], Ref("pods", target.get("namespace", ""), target["name"])


def order(lead: Lead) -> tuple[bool, bool, str, str, str]:
    """What is not as it should be first, what came with the cluster last."""
    came_along = lead.service.namespace == SYSTEM or lead.service.name == "kubernetes"
    return not lead.is_stale, came_along, lead.service.namespace, lead.service.name, lead.port


def command(node: str, pods: Sequence[Body]) -> str:
    """How kubectl shows the same."""
    proxies = (pod for pod in pods if labels_of(pod).get("k8s-app") == "kube-proxy" and pod["spec"]["nodeName"] == node)
    name = next((pod["metadata"]["name"] for pod in proxies), "")
    return f"kubectl exec -n {SYSTEM} {name} -- iptables-save" if name else ""


# the sentence


def says(scene: Scene, leads: Sequence[Lead]) -> str:
    name, proxy = scene.place.node, scene.proxy
    if not proxy["boot"]:
        return f"{name} has no power. Its rules were in its memory, and are gone until it boots."
    stale = sum(1 for lead in leads if lead.is_stale)
    differ = f"{counted(stale, 'port')} of Services {'leads' if stale == 1 else 'lead'} elsewhere than the API says."
    if not proxy["live"]:
        age = human(scene.now - base_of(proxy, scene.now, scene.timings)) if proxy["base"] else ""
        since = f"goes on by its rules of {age} ago" if age else "has no rules: none were ever written here"
        tail = differ if stale else "Nothing has changed since."
        return f"{name}'s kube-proxy hears nothing from the control plane. The machine {since}. {tail}"
    if proxy["delay"]:
        late = f"{name}'s kube-proxy hears of every change {human(proxy['delay'])} late."
        return f"{late} {differ}" if stale else late
    goals = {goal.name for lead in leads for goal in lead.goals}
    return f"{name} knows {counted(len(leads), 'port')} of Services, which lead to {counted(len(goals), 'endpoint')}."


# the picture


def leads_of(told: Body, scene: Scene) -> Iterator[Lead]:
    """One a port, by this node's rules; where it has none yet, by those that come."""
    own = rules_on(scene.proxy, told, scene.now, scene.timings)
    newest: Body | None = told["versions"][-1]["rules"]
    rules = own or newest
    for port in rules["ports"] if rules else ():
        here, there = ends(own, port["name"]), ends(newest, port["name"])
        chosen = choice(own, port["name"], scene.place, local=own.get("inner") == "Local") if own else Choice(DROP)
        goals = [goal for name in {**here, **there} for goal in (goal_of(name, here, there, chosen, scene),)]
        assert rules is not None
        differs = own != newest
        behind = human(max(0, scene.now - moved_on(told, own))) if differs else ""
        yield Lead(
            service=Ref("services", *key_of(told)),
            port=f"{port['name']} {port['port']}/{port['protocol']}".strip(),
            entrances=tuple(entrances(rules, port)),
            goals=tuple(goals[:MOST_GOALS]),
            more=max(0, len(goals) - MOST_GOALS),
            notes=tuple(notes(key_of(told), own, newest, port, chosen, scene)),
            behind=behind,
            is_stale=differs and (not scene.proxy["live"] or bool(scene.proxy["delay"])),
        )


def ends(rules: Body | None, port: str) -> dict[str, Endpoint]:
    return {one.name: one for one in endpoints_of(rules, port)} if rules else {}


def goal_of(
    name: str, here: Mapping[str, Endpoint], there: Mapping[str, Endpoint], chosen: Choice, scene: Scene
) -> Goal:
    endpoint = here.get(name) or there[name]
    taken = [one.name for one in chosen.endpoints]
    chance = ("all of it" if len(taken) == 1 else f"1 of {len(taken)}") if name in taken else ""
    differs = SAME if name in here and name in there else GONE if name in here else COMING
    is_here = endpoint.node == scene.place.node
    return Goal(name, scene.pods.get(endpoint.address), endpoint.node, is_here, endpoint.state, chance, differs)


def moved_on(told: Body, own: Body | None) -> Time:
    """When the first version came that this node does not have."""
    versions: Sequence[Body] = told["versions"]
    place = next((index for index, one in enumerate(versions) if one["rules"] == own), -1)
    return int(versions[min(place + 1, len(versions) - 1)]["at"])


def entrances(rules: Body, port: Body) -> Iterator[tuple[str, str]]:
    for address in rules["ips"]:
        yield "cluster IP", f"{address}:{port['port']}"
    for address in rules["outside"]:
        what = "load balancer" if address in rules.get("balanced", ()) else "external IP"
        yield what, f"{address}:{port['port']}"
    if port.get("node"):
        yield "node port", f":{port['node']}"


def notes(key: Key, own: Body | None, newest: Body | None, port: Body, chosen: Choice, scene: Scene) -> Iterator[str]:
    """What the lines to the endpoints do not tell."""
    if own is None:
        yield "No rule here yet: packets for it go astray."
        return
    if newest is None:
        yield "The Service is gone; these rules are not."
    if chosen.verdict != ACCEPT:
        word = "Packets for it are dropped" if chosen.verdict == DROP else "Whoever asks is refused at once"
        yield f"{word}: it {chosen.why}."
    if own.get("inner") == "Local":
        yield "internalTrafficPolicy Local: only endpoints of this machine."
    if own.get("outer") == "Local" and (own["outside"] or port.get("node")):
        outer = choice(own, port["name"], scene.place, local=True)
        count = f"{len(outer.endpoints)} here" if outer.verdict == ACCEPT else "none here, so dropped"
        yield f"externalTrafficPolicy Local: from outside only endpoints of this machine, {count}."
    if own.get("sticky"):
        held = scene.proxy["sticky"].get(f"{key}:{port['name']}") or {}
        fresh = sum(1 for one in held.values() if scene.now - one["at"] < own["sticky"] * SECOND)
        known = f" {counted(fresh, 'client')} remembered here." if fresh else ""
        yield f"sessionAffinity ClientIP: each client keeps its endpoint for {human(own['sticky'] * SECOND)}.{known}"
