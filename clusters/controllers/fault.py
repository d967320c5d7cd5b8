"""The fault controller: finds whom a Fault hits, says what became of it, ends those that have a duration."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence

from clusters.faults import FAULTS
from clusters.faults.faulttype import FaultType
from clusters.kinds.body import Body, Key, dig, is_deleting, key_of, labels_of, put
from clusters.kinds.fault import UNDO, by_name, duration
from clusters.kinds.problem import Status
from clusters.reconcile.aiming import Aim, aimed
from clusters.reconcile.clock import HOUR, SECOND, parse, rfc3339
from clusters.reconcile.component import Controller
from clusters.reconcile.faults import is_active
from clusters.reconcile.sparing import deployment_spared
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, Emit, LookAgain, SetStatus, Update, Write

KEPT = HOUR  # so long a fault that is over can be looked at
PATIENCE = 2 * SECOND  # whom a moment can hit has fired by then
BROKEN = "-does-not-exist"  # what a bad rollout adds to an image's tag
# what a fault says that picks nobody, by its sort of target
EVERYTHING = {
    "cluster": "Hits the whole cluster.",
    "nodes": "Hits every node.",
    "network": "Hits every packet.",
}
Writes = Generator[Write, Body | Status | None, None]


def who_may_be_hit(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The faults that pick their targets, when a pod or node came, went or has other labels."""
    if not view.count("faults") or (new and old and labels_of(new) == labels_of(old) and _phase(new) == _phase(old)):
        return ()
    return [key_of(fault) for fault in view.list("faults") if dig(fault, "status.phase") != "Done"]


def _phase(body: Body) -> object:
    return dig(body, "status.phase")


CONTROLLER = Controller("fault-controller", primary="faults", watches={"pods": who_may_be_hit, "nodes": who_may_be_hit})


def reconcile(key: Key, view: View) -> Writes:
    """A state is active until its time is over, a moment until it has hit somebody or nobody."""
    fault = view.get("faults", key)
    if fault is None:
        return
    known = FAULTS.get(dig(fault, "spec.type", ""))
    if is_deleting(fault):
        yield from _undo(fault, view)
    elif dig(fault, "status.phase") == "Done":
        yield from _over(fault, view)
    elif known is None:
        return
    elif known.moment:
        yield from _moment(fault, known, view)
    elif known.target == "deployment":
        yield from _rollout(fault, view)
    else:
        yield from _state(fault, known, view)


def _state(fault: Body, known: FaultType, view: View) -> Writes:
    old = fault.get("status") or {}
    aim = _aimed(fault, view)
    told = aim.missed or (_told(aim.hit) if aim.hit else EVERYTHING[known.target])
    status = {"phase": "Active", "startedAt": old.get("startedAt") or rfc3339(view.now), "message": told}
    status["hit"] = aim.hit
    if aim.others:
        status["others"] = aim.others
    yield from _said(fault, status, aim.missed, view)
    yield from _until(fault, status, view)


def _said(fault: Body, status: Body, missed: str, view: View) -> Writes:
    """The status, and an Event when it is news."""
    old = fault.get("status") or {}
    if status == old:
        return
    yield SetStatus("faults", fault, status, because=fault, why=status["message"])
    if status["message"] != old.get("message") and (not old or bool(missed) is bool(old.get("hit"))):
        kind, reason = ("Warning", "FaultMissed") if missed else ("Normal", "FaultBegan")
        yield Emit(fault, kind, reason, status["message"], because=fault)


def _until(fault: Body, status: Body, view: View) -> Writes:
    lasts = duration(dig(fault, "spec.duration"))
    if lasts is None:
        return
    due = parse(status["startedAt"]) + lasts
    if due <= view.now:
        yield from _back(fault, view)
        yield _done(fault, status, "Its time is over.", view)
    else:
        yield LookAgain(due)


def _aimed(fault: Body, view: View) -> Aim:
    return aimed(fault["spec"], fault["metadata"]["name"], view.list, dig(fault, "status.hit") or ())


def _told(hit: Sequence[Body]) -> str:
    names = [str(one.get("pod") or one.get("node")) for one in hit]
    word = "pod" if "pod" in hit[0] else "node"
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"Hits {len(names)} {word}{'' if len(names) == 1 else 's'}: {', '.join(names[:3])}{more}."


# moments


def _moment(fault: Body, known: FaultType, view: View) -> Writes:
    due = parse(fault["metadata"]["creationTimestamp"]) + PATIENCE
    if by_name(fault["spec"]):
        missed = _aimed(fault, view).missed
        hit: list[Body] = []
    elif "hit" in (fault.get("status") or {}):
        missed, hit = "", [one for one in fault["status"]["hit"] if "at" in one]
    else:
        aim = _aimed(fault, view)
        status = {"phase": "Active", "startedAt": rfc3339(view.now), "hit": aim.hit}
        missed, hit = aim.missed, []
        if not missed:
            yield from _said(fault, {**status, "message": _told(aim.hit)}, "", view)
    if missed or due <= view.now:
        message = missed or ("" if hit else "Nothing of the target was running.")
        yield _done(fault, {**(fault.get("status") or {}), "hit": hit}, message or _fired(hit), view)
        if not hit:
            yield Emit(fault, "Warning", "FaultMissed", message, because=fault)
    else:
        yield LookAgain(due)


def _fired(hit: Sequence[Body]) -> str:
    word = "node" if hit and "node" in hit[0] else "container"
    return f"Hit {len(hit)} {word}{'' if len(hit) == 1 else 's'}."


# a bad rollout


def _rollout(fault: Body, view: View) -> Writes:
    """Once the Deployment gets a tag that does not exist; what it had before is kept to be put back."""
    target, old = fault["spec"]["target"], fault.get("status") or {}
    key = Key(target.get("namespace") or "default", target["deployment"])
    deployment = view.get("deployments", key)
    status = {"startedAt": rfc3339(view.now), **old, "phase": "Active"}
    if not old.get("hit"):
        missed = deployment_spared(deployment, key)
        status |= {"message": missed, "hit": []}
        if deployment is not None and not missed:
            hit = _broken(deployment, fault, view)
            status |= {"hit": [hit], "message": f"Set the image of {key.name} to {hit['broken']}."}
            if image_of(deployment) != hit["broken"]:
                answer = yield _with_image(deployment, hit["broken"], fault, status["message"])
                if isinstance(answer, Status):
                    status |= {"hit": [], "message": answer.message}
        yield from _said(fault, status, "" if status["hit"] else str(status["message"]), view)
    yield from _until(fault, status, view)
    if not status["hit"]:
        yield LookAgain(view.now + 5 * SECOND)


def image_of(deployment: Body) -> str:
    return str(deployment["spec"]["template"]["spec"]["containers"][0]["image"])


def _broken(deployment: Body, fault: Body, view: View) -> Body:
    """What it had, and what it gets; where another fault was first, they share both."""
    key, image = key_of(deployment), image_of(deployment)
    for hit in _others_at(fault, view):
        if (hit["namespace"], hit["deployment"], hit["broken"]) == (*key, image):
            return hit
    return {"namespace": key.namespace, "deployment": key.name, "image": image, "broken": _no_such(image)}


def _others_at(fault: Body, view: View) -> list[Body]:
    """What the other rollouts that hold have broken."""
    others = [one for one in view.list("faults") if is_active(one) and key_of(one) != key_of(fault)]
    return [hit for one in others for hit in dig(one, "status.hit") or () if "broken" in hit]


def _no_such(image: str) -> str:
    name, _, tag = image.partition("@")[0].rpartition(":")
    return f"{image}:latest{BROKEN}" if not name or "/" in tag else f"{name}:{tag}{BROKEN}"


def _with_image(deployment: Body, image: str, fault: Body, why: str) -> Update:
    first, *others = deployment["spec"]["template"]["spec"]["containers"]
    containers = [{**first, "image": image}, *others]
    return Update("deployments", put(deployment, "spec.template.spec.containers", containers), because=fault, why=why)


def _back(fault: Body, view: View) -> Writes:
    """The image that was there before, unless somebody has changed it meanwhile or another fault still holds it."""
    held = _others_at(fault, view)
    for hit in dig(fault, "status.hit") or ():
        if "broken" in hit and hit not in held:
            deployment = view.get("deployments", Key(hit["namespace"], hit["deployment"]))
            if deployment and image_of(deployment) == hit["broken"]:
                yield _with_image(deployment, hit["image"], fault, f"The image is {hit['image']} again.")


def _undo(fault: Body, view: View) -> Writes:
    held = fault["metadata"].get("finalizers") or ()
    if UNDO in held:
        if dig(fault, "status.phase") != "Done":
            yield from _back(fault, view)
        left = [one for one in held if one != UNDO]
        yield Update("faults", put(fault, "metadata.finalizers", left), because=fault, why="Put back.")


# the end


def _over(fault: Body, view: View) -> Writes:
    """Whoever was hit said so; the time and a sentence are added here."""
    status = fault["status"]
    if not status.get("finishedAt"):
        hit = status.get("hit") or ()
        nobody = "Nothing of the target was running."
        told = _fired(hit) if hit else nobody
        yield _done(fault, status, told, view)
        kind, reason = ("Normal", "FaultFired") if hit else ("Warning", "FaultMissed")
        yield Emit(fault, kind, reason, told, because=fault)
        return
    due = parse(status["finishedAt"]) + KEPT
    if due <= view.now:
        yield Delete("faults", fault, because=fault, why="It was over for an hour.")
    else:
        yield LookAgain(due)


def _done(fault: Body, status: Body, message: str, view: View) -> Write:
    over = {**status, "phase": "Done", "finishedAt": rfc3339(view.now), "message": message}
    return SetStatus("faults", fault, over, because=fault, why=message)
