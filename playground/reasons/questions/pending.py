"""Why is this pod on no node? Four kinds: no room, a taint, a wish (affinity, spreading), a volume."""

from __future__ import annotations

import re
from dataclasses import replace

from clusters.kinds.body import Body, dig, is_deleting, uid_of
from clusters.kinds.quantity import parse as quantity
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Code, Figures, Link, Words, answer, figures
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence, Moment
from playground.reasons.questions.claim import CLAIM
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link, origin
from playground.timeline.line import Name
from workloads.scheduler.configuration import PLACE, profiles_of

# (what the scheduler says, the term, the field that decides, in plain words)
KINDS = (
    (
        r"Insufficient (\S+?)[.,]?(\s|$)",
        "Requests",
        "spec.containers[].resources.requests",
        "it asks for more {0} than is left there",
    ),
    (r"Too many pods", "Requests", "status.allocatable.pods of the nodes", "there are as many pods as there may be"),
    (r"untolerated taint \{?([^}]*)\}?", "Taint", "spec.tolerations", "it does not tolerate the taint {0}"),
    (r"were unschedulable", "Drain", "spec.unschedulable of the nodes", "a cordon lets no new pods in"),
    (
        r"node affinity/selector",
        "Affinity",
        "spec.nodeSelector, spec.affinity.nodeAffinity",
        "{wish}",
    ),
    (
        r"topology spread constraints",
        "Spread constraints",
        "spec.topologySpreadConstraints",
        "one more there would break its spread constraint",
    ),
    (
        r"existing pods anti-affinity rules",
        "Affinity",
        "spec.affinity.podAntiAffinity of the other pod",
        "a pod that is there keeps it away",
    ),
    (
        r"pod anti-affinity rules",
        "Affinity",
        "spec.affinity.podAntiAffinity",
        "there is a pod of which it keeps away",
    ),
    (r"pod affinity rules", "Affinity", "spec.affinity.podAffinity", "no pod is there that it wants to be near"),
    (
        r"volume node affinity conflict",
        "PersistentVolumeClaim",
        "spec.nodeAffinity of the volume",
        "its volume cannot come there",
    ),
    (
        r"unbound immediate PersistentVolumeClaims",
        "PersistentVolumeClaim",
        "spec.volumes[].persistentVolumeClaim",
        "its claim has no volume",
    ),
    (
        r"persistentvolumeclaim \"([^\"]*)\" not found",
        "PersistentVolumeClaim",
        "spec.volumes[].persistentVolumeClaim.claimName",
        "there is no claim {0}",
    ),
    (
        r"bind, |persistent volumes to bind",
        "PersistentVolumeClaim",
        "spec.volumes[].persistentVolumeClaim",
        "no volume suits its claim",
    ),
    (r"free ports", "Scheduler", "spec.containers[].ports[].hostPort", "its host port is taken there"),
)
COUNTED = re.compile(r"(\d+) (?:node\(s\) )?")
MOST = 2
DEFAULT = "default-scheduler"


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    if dig(body, "spec.nodeName") or is_deleting(body) or dig(body, "status.phase", "Pending") != "Pending":
        return None
    said: Body = next((one for one in dig(body, "status.conditions", ()) if one["type"] == "PodScheduled"), {})
    made = parse(body["metadata"]["creationTimestamp"])
    links = [one if one.at or not one.tone else replace(one, at=made) for one in _reasons(body, said, evidence)]
    asker = origin(evidence, "pods", body)
    blamed = _fault(body, said, evidence)
    links += [fault_link(evidence, blamed)] if blamed else asker[-max(1, 5 - len(links)) :]
    return answer(f"Why is {body['metadata']['name']} Pending?", links, _needs(body, evidence))


def _reasons(body: Body, said: Body, evidence: Evidence) -> list[Link]:
    if gates := body["spec"].get("schedulingGates"):
        names = ", ".join(gate["name"] for gate in gates)
        words: Words = ("The scheduler does not look at it: its gate ", Code(names), " is closed.")
        return [Link(words, lookup="Scheduling gate", tone="pending", field="spec.schedulingGates")]
    message, scheduler = said.get("message", ""), body["spec"].get("schedulerName", DEFAULT)
    if not message and scheduler not in profiles_of(evidence.get("configmaps", *PLACE))[0]:
        words = ("There is no scheduler called ", Code(scheduler), ": nobody looks at it.")
        return [Link(words, lookup="Scheduler", tone="crash", field="spec.schedulerName")]
    if not message:
        words = (f"No scheduler has looked at it: {scheduler} is silent.",)
        return [Link(words, lookup="Scheduler", tone="pending", field="spec.schedulerName")]
    told = next((one for one in reversed(evidence.story(uid_of(body))) if one.actor == "default-scheduler"), None)
    at = told.at if told else parse(said["lastTransitionTime"])
    first = Link(
        (f"The scheduler found no node for it: {plain(message)}.",),
        told.revision if told else 0,
        at,
        "Scheduler",
        "pending",
        "default-scheduler",
    )
    return [first, *_kinds(plain(message), body)[:MOST], *_claim(plain(message), body, evidence)]


def plain(message: str) -> str:
    """What was found on the nodes, without what was thought of beside it."""
    return re.split(r"\.? no new claims| preemption:", message)[0].rstrip(".")


def _claim(message: str, body: Body, evidence: Evidence) -> list[Link]:
    """The claim that the pod waits for, and why that has no volume."""
    if "unbound immediate" not in message:
        return []
    names = [dig(one, "persistentVolumeClaim.claimName") for one in dig(body, "spec.volumes", ())]
    for name in filter(None, names):
        claim = evidence.get("persistentvolumeclaims", body["metadata"].get("namespace") or "", name)
        found = CLAIM.ask("persistentvolumeclaims", claim, evidence) if claim else None
        if found:
            return list(found.links[1:-1])
    return []


def _wish(body: Body) -> str:
    selected = dig(body, "spec.nodeSelector") or {}
    if not selected:
        return "the node’s labels are not those that its node affinity wants"
    wanted = ", ".join(f"{name}={value}" for name, value in selected.items())
    return f"the node does not have the label{'s' * (len(selected) != 1)} {wanted}"


def _kinds(message: str, body: Body) -> list[Link]:
    """Each refusal in plain words, with the field that decides. The control plane's own taint is not worth a line."""
    found = []
    for part in re.split(r", (?=\d+ )|: (?=\d+ )|; ", message):
        for pattern, lookup, field, plain in KINDS:
            match = re.search(pattern, part)
            if match and "node-role.kubernetes.io/control-plane" not in part:
                count = COUNTED.match(part.strip())
                nodes = f"On {count[1]} node{'s' if count[1] != '1' else ''}" if count else "Everywhere"
                why = plain.format(*(text.strip(" :") for text in match.groups() if text), wish=_wish(body))
                found.append(Link((f"{nodes}: {why}.",), lookup=lookup, tone="pending", field=field))
                break
    return found


def _fault(body: Body, said: Body, evidence: Evidence) -> Moment | None:
    if not said.get("message") and not body["spec"].get("schedulingGates"):
        return culprit(evidence, "pending", evidence.now, anywhere=True)
    for node in evidence.list("nodes") if "untolerated taint" in said.get("message", "") else ():
        if any(taint["key"].startswith("node.kubernetes.io/") for taint in dig(node, "spec.taints", ())):
            found = culprit(evidence, "node", evidence.now, node["metadata"]["name"])
            if found:
                return found
    return None


def _needs(body: Body, evidence: Evidence) -> Figures | None:
    """What it asks for, and the most that any node has left."""
    rows: list[tuple[str, object]] = []
    for what in ("cpu", "memory"):
        wanted = sum(_amount(one, what) for one in body["spec"].get("containers", ()))
        if wanted:
            left, node = max(_left(what, evidence), default=(0.0, ""))
            where: Words = (f"{_shown(left, what)} on ", Name("nodes", "", node)) if node else ("no node",)
            rows += [(f"{what} that it asks for", _shown(wanted, what)), (f"most {what} that is left", where)]
    return figures("Room", *rows) if rows else None


def _left(what: str, evidence: Evidence) -> list[tuple[float, str]]:
    """What each node that takes pods still has, and its name."""
    held: dict[str, float] = {}
    for pod in evidence.list("pods"):
        node = pod["spec"].get("nodeName")
        if node and (pod.get("status") or {}).get("phase") not in ("Succeeded", "Failed"):
            held[node] = held.get(node, 0.0) + sum(_amount(one, what) for one in pod["spec"].get("containers", ()))
    free = [node for node in evidence.list("nodes") if not _is_barred(node)]
    names = [(node["metadata"]["name"], dig(node, f"status.allocatable.{what}", "0")) for node in free]
    return [(float(quantity(str(most))) - held.get(name, 0.0), name) for name, most in names]


def _is_barred(node: Body) -> bool:
    return any(taint["effect"] != "PreferNoSchedule" for taint in dig(node, "spec.taints", ()))


def _amount(container: Body, what: str) -> float:
    asked = ((container.get("resources") or {}).get("requests") or {}).get(what)
    return float(quantity(str(asked))) if asked else 0.0


def _shown(amount: float, what: str) -> str:
    return f"{amount:.3g} CPU" if what == "cpu" else f"{amount / 1024**3:.3g} Gi"


PENDING = Question("pending", ("pods",), ask)
