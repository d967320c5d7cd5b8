"""The fault controller: says what became of a Fault, ends those that have a duration, sweeps those that are over."""

from __future__ import annotations

import re
from collections.abc import Generator

from clusters.faults import FAULTS
from clusters.kinds.body import Body, Key, dig, is_deleting
from clusters.kinds.problem import Status
from clusters.reconcile.clock import HOUR, SECOND, Time, parse, rfc3339
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, LookAgain, SetStatus, Write

CONTROLLER = Controller("fault-controller", primary="faults")
KEPT = HOUR  # so long a fault that is over can be looked at
PATIENCE = 2 * SECOND  # whom a moment can hit has fired by then
UNITS = {"ms": SECOND // 1000, "s": SECOND, "m": 60 * SECOND, "h": HOUR}
Writes = Generator[Write, Body | Status | None, None]


def reconcile(key: Key, view: View) -> Writes:
    """A state is active until its time is over, a moment until it has hit somebody or nobody."""
    fault = view.get("faults", key)
    if fault is None or is_deleting(fault):
        return
    if dig(fault, "status.phase") == "Done":
        yield from _over(fault, view)
        return
    known = FAULTS.get(dig(fault, "spec.type", ""))
    if known is None:
        return
    if known.moment:
        yield from _moment(fault, view)
    else:
        yield from _state(fault, view)


def _state(fault: Body, view: View) -> Writes:
    if dig(fault, "status.phase") != "Active":
        status = {"phase": "Active", "startedAt": rfc3339(view.now)}
        yield SetStatus("faults", fault, status, because=fault)
        return
    lasts = duration(dig(fault, "spec.duration"))
    if lasts is None:
        return
    due = parse(fault["status"]["startedAt"]) + lasts
    if due <= view.now:
        yield _done(fault, fault["status"], "Its time is over.", view)
    else:
        yield LookAgain(due)


def _moment(fault: Body, view: View) -> Writes:
    target = dig(fault, "spec.target") or {}
    missed = _missed(target, view)
    due = parse(fault["metadata"]["creationTimestamp"]) + PATIENCE
    if missed or due <= view.now:
        yield _done(fault, {"hit": []}, missed or "Nothing of the target was running.", view)
    else:
        yield LookAgain(due)


def _missed(target: Body, view: View) -> str:
    """Why there is nobody to hit; "" where the kubelet will see to it."""
    name, namespace = target.get("pod", ""), target.get("namespace") or "default"
    pod = view.get("pods", Key(namespace, name))
    if pod is None:
        return f'pods "{name}" not found in namespace "{namespace}".'
    container = target.get("container")
    groups = (pod["spec"].get(group) or () for group in ("initContainers", "containers", "ephemeralContainers"))
    if container and container not in [one["name"] for group in groups for one in group]:
        return f'container "{container}" is not in pod "{name}".'
    node = pod["spec"].get("nodeName")
    if not node:
        return f'pod "{name}" is on no node.'
    machine = view.get("machines", Key("", node))
    return "" if machine and machine.get("power") == "on" else f"{node} is not running."


def _over(fault: Body, view: View) -> Writes:
    """Whoever was hit said so; the time and a sentence are added here."""
    status = fault["status"]
    if not status.get("finishedAt"):
        hit = status.get("hit") or ()
        told = (
            f"Hit {len(hit)} container{'' if len(hit) == 1 else 's'}." if hit else "Nothing of the target was running."
        )
        yield _done(fault, status, status.get("message") or told, view)
        return
    due = parse(status["finishedAt"]) + KEPT
    if due <= view.now:
        yield Delete("faults", fault, because=fault, why="It was over for an hour.")
    else:
        yield LookAgain(due)


def _done(fault: Body, status: Body, message: str, view: View) -> Write:
    over = {**status, "phase": "Done", "finishedAt": rfc3339(view.now), "message": message}
    return SetStatus("faults", fault, over, because=fault, why=message)


def duration(stated: str | None) -> Time | None:
    """`90s`, `1m30s`, `500ms` (a Go duration); None where there is none."""
    if not stated:
        return None
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|s|m|h)", stated)
    return sum(round(float(amount) * UNITS[unit]) for amount, unit in parts) or None
