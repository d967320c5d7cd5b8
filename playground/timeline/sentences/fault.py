"""Faults: who broke what, and who mended it."""

from __future__ import annotations

from clusters.kinds.body import dig
from playground.timeline.line import Happened, Name, Sentence


def fault(happened: Happened) -> tuple[Sentence, str] | None:
    type_, target = dig(happened.after, "spec.type", ""), dig(happened.after, "spec.target", {})
    done = dig(happened.after, "status.phase") == "Done"
    if type_ == "NodeCrash":
        node = Name("nodes", "", str(target.get("node", "")))
        if happened.op == "ADDED":
            return ("cut the power of ", node), "crash"
        return (("gave ", node, " its power back"), "ready") if happened.op == "DELETED" else None
    if type_ == "ContainerCrash" and happened.op == "ADDED":
        pod = Name("pods", str(target.get("namespace", "default")), str(target.get("pod", "")))
        return (f"crashed {target.get('container') or 'a container'} of ", pod), "crash"
    if happened.op == "ADDED":
        return (f"began the fault {type_} ", happened.name), "crash"
    return ((f"ended the fault {type_} ", happened.name), "") if happened.op == "DELETED" and not done else None
