"""Why is this node not ready, cordoned, or short of something? (Kubernetes: Nodes, Node-pressure Eviction)"""

from __future__ import annotations

from clusters.kinds.body import Body, dig, labels_of, uid_of
from clusters.kinds.selectors import matches
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Figures, Link, answer, figures
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence, Moment
from playground.reasons.questions.question import Question
from playground.reasons.telling import back, fault_link, link, name_of
from playground.timeline.line import Name

PRESSURES = ("MemoryPressure", "DiskPressure", "PIDPressure")


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    name = body["metadata"]["name"]
    ready = _condition(body, "Ready")
    if ready and ready["status"] != "True":
        return answer(f"Why is {name} NotReady?", _silent(body, ready, evidence), _heard(body, evidence))
    for kind in PRESSURES:
        found = _condition(body, kind)
        if found and found["status"] == "True":
            return answer(f"Why has {name} {kind}?", _short(body, found, evidence))
    if dig(body, "spec.unschedulable"):
        return _cordoned(body, evidence)
    return None


def _condition(body: Body, kind: str) -> Body | None:
    return next((one for one in dig(body, "status.conditions", ()) if one["type"] == kind), None)


def _silent(body: Body, ready: Body, evidence: Evidence) -> list[Link]:
    name, at = body["metadata"]["name"], parse(ready["lastTransitionTime"])
    marked = _turned(body, evidence, lambda node: (_condition(node, "Ready") or {}).get("status") != "True")
    first = (
        link(evidence, marked, "Node heartbeat")
        if marked
        else Link((Name("nodes", "", name), " is not ready."), at=at, lookup="Node heartbeat")
    )
    told = ready.get("message", "")
    links = [first, Link((f"{told}",), at=at, lookup="Node heartbeat", tone="notready", field="Lease renewTime")]
    blamed = culprit(evidence, "node", at, name)
    return [*links, fault_link(evidence, blamed)] if blamed else [*links, *(back(evidence, marked) if marked else [])]


def _short(body: Body, found: Body, evidence: Evidence) -> list[Link]:
    name, at = body["metadata"]["name"], parse(found["lastTransitionTime"])
    said = _turned(body, evidence, lambda node: (_condition(node, found["type"]) or {}).get("status") == "True")
    words = (
        f"The kubelet says: {found.get('message') or found.get('reason')}.",
        " It takes no new pods, and sends some away.",
    )
    links = [Link(words, said.revision if said else 0, at, "Node pressure", "notready", f"kubelet/{name}")]
    blamed = culprit(evidence, "pressure", at, name, seen=said)
    return [*links, fault_link(evidence, blamed)] if blamed else [*links, *_largest(name, evidence)]


def _largest(node: str, evidence: Evidence) -> list[Link]:
    pods = [
        one
        for one in evidence.list("pods")
        if dig(one, "spec.nodeName") == node and dig(one, "status.phase") == "Running"
    ]
    words = (f"{len(pods)} pods run on it, and what they use in all is near what the machine has.",)
    return [Link(words, lookup="Requests", field="spec.containers[].resources")]


def _cordoned(body: Body, evidence: Evidence) -> Answer:
    since = _turned(body, evidence, lambda node: bool(dig(node, "spec.unschedulable")))
    name = body["metadata"]["name"]
    first = Link(
        (Name("nodes", "", name), " is cordoned: no new pods go there, and those that are there stay."),
        lookup="Drain",
        field="spec.unschedulable",
    )
    more = [link(evidence, since, "Drain"), *back(evidence, since)] if since else []
    return answer(f"Why does {name} take no pods?", [first, *_stay(name, evidence), *more])


def _stay(node: str, evidence: Evidence) -> list[Link]:
    """The first pod on it that a drain may not send away, and the budget that says so."""
    budgets = [one for one in evidence.list("poddisruptionbudgets") if not dig(one, "status.disruptionsAllowed", 0)]
    for pod in evidence.list("pods") if budgets else ():
        if dig(pod, "spec.nodeName") != node or dig(pod, "status.phase") != "Running":
            continue
        space = pod["metadata"].get("namespace")
        mine = [one for one in budgets if one["metadata"].get("namespace") == space]
        held = next((one for one in mine if matches(dig(one, "spec.selector"), labels_of(pod))), None)
        if held:
            budget = name_of("poddisruptionbudgets", held)
            words = ("A drain waits for ", name_of("pods", pod), ": its budget ", budget, " lets nobody go.")
            return [Link(words, lookup="Budget", tone="notready")]
    return []


def _turned(body: Body, evidence: Evidence, holds: object) -> Moment | None:
    since = None
    for moment in reversed(evidence.story(uid_of(body))):
        if not holds(moment.body):  # type: ignore[operator]
            break
        since = moment
    return since


def _heard(body: Body, evidence: Evidence) -> Figures | None:
    """Since when nothing is heard, and what is to come."""
    lease = evidence.get("leases", "kube-node-lease", body["metadata"]["name"])
    machine = evidence.get("machines", "", body["metadata"]["name"])
    rows: list[tuple[str, object]] = []
    if lease:
        rows.append(("Lease renewed last", dig(lease, "spec.renewTime", "")[11:19]))
    if machine:
        rows.append(("What the machine really does", f"power {machine.get('power', 'on')}"))
    taint = next((one for one in dig(body, "spec.taints", ()) if one["effect"] == "NoExecute"), None)
    if taint:
        rows.append(("Tainted since", f"{dig(taint, 'timeAdded', '')[11:19]} {taint['key']}:NoExecute"))
    return figures("What is heard of it", *rows) if rows else None


NODE = Question("node", ("nodes",), ask)
