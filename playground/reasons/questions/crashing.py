"""Why does it crash? Exit code, last line, what ended it, and how long the kubelet waits (CrashLoopBackOff)."""

from __future__ import annotations

from clusters.kinds.body import Body, dig, is_deleting
from clusters.reconcile.clock import parse
from playground.reasons.answer import Answer, Code, Link, Words, answer
from playground.reasons.culprits import culprit
from playground.reasons.evidence import Evidence
from playground.reasons.questions.author import author
from playground.reasons.questions.config import UNMADE
from playground.reasons.questions.containers import (
    end_seen,
    ended_at,
    field_of,
    next_try,
    spec_of,
    statuses_of,
    turned,
)
from playground.reasons.questions.probes import history, killed_by
from playground.reasons.questions.question import Question
from playground.reasons.telling import fault_link

LONG = 90  # letters of a last line or a command
CODES = {
    0: "the process says that all is well, and is over",
    1: "the program’s own word for an error",
    126: "the command cannot be executed",
    127: "there is no such command",
    128: "its command could not even be started",
    137: "it was killed (128 + SIGKILL 9)",
    139: "it touched memory that is not its own (128 + SIGSEGV 11)",
    143: "it was asked to end (128 + SIGTERM 15)",
}


def ask(resource: str, body: Body, evidence: Evidence) -> Answer | None:
    status = next((one for one in statuses_of(body) if _in_trouble(one, body)), None)
    if status is None or is_deleting(body):
        return None
    name = status["name"]
    links = [_waits(body, status, evidence), _ended(body, status, evidence), *_reason(body, status, evidence)]
    ended = ended_at(status) or {}
    when = parse(ended["finishedAt"]) if ended.get("finishedAt") else evidence.now
    blamed = culprit(
        evidence, "ended", when, dig(body, "spec.nodeName", ""), body, seen=end_seen(evidence, body, ended)
    )
    links.append(fault_link(evidence, blamed) if blamed else author(body, evidence))
    looping = dig(status, "state.waiting.reason") == "CrashLoopBackOff"
    question = f"Why does {name} crash{' again and again' if looping else ''}?"
    return answer(question, links, next_try(body, name, evidence), history(body, name, evidence))


def _in_trouble(status: Body, pod: Body) -> bool:
    waiting = dig(status, "state.waiting.reason", "")
    if waiting in UNMADE:
        return False  # another question knows better
    if waiting == "CrashLoopBackOff":
        return True
    if dig(status, "state.terminated.exitCode", 0) and dig(pod, "status.phase") != "Succeeded":
        return dig(pod, "status.reason") not in ("Evicted",)
    return bool(dig(status, "lastState.terminated.exitCode", 0)) and not status.get("ready")


def _waits(body: Body, status: Body, evidence: Evidence) -> Link:
    name, reason = status["name"], dig(status, "state.waiting.reason", "")
    since = turned(evidence, body, lambda pod: any(_in_trouble(one, pod) for one in statuses_of(pod)))
    place = (since.revision, since.at) if since else (0, 0)
    if reason == "CrashLoopBackOff":
        times = status.get("restartCount", 0) + 1  # the first run was no restart
        ended = f"{name} has ended {times} times" if times > 1 else f"{name} has ended"
        words: Words = (f"{ended}: the kubelet waits before it starts it again.",)
        return Link(words, *place, "CrashLoopBackOff", "crash")
    policy = body["spec"].get("restartPolicy", "Always")
    words = (
        f"{name} has ended",
        f", and restartPolicy {policy} leaves it so."
        if dig(body, "status.phase") == "Failed"
        else "; it is started again.",
    )
    return Link(words, *place, "Restart policy", "crash", field="spec.restartPolicy")


def _ended(body: Body, status: Body, evidence: Evidence) -> Link:
    ended = ended_at(status)
    if ended is None:
        return Link(("No process of it has run yet.",), lookup="Restart policy")
    code, name = int(ended.get("exitCode", 0)), status["name"]
    runs = status.get("restartCount", 0) - ("running" in status.get("state", {}))
    said = evidence.last_line(body, name, max(0, runs))
    line: Words = (". Its last line was ", Code(said[:LONG])) if said else (". It wrote nothing.",)
    if not said and ended.get("reason") == "StartError":
        line = (": ", Code(_complaint(ended)))
    was_asked = killed_by(body, name, evidence) is not None
    plain = (
        "it was asked to end, and did"
        if was_asked and code == 0
        else CODES.get(code, f"killed by signal {code - 128}" if code > 128 else "the program’s own code")
    )
    words: Words = (f"The last time it ended with exit code {code}: {plain}", *line)
    at = parse(ended["finishedAt"]) if ended.get("finishedAt") else 0
    return Link(words, at=at, lookup="OOMKilled" if ended.get("reason") == "OOMKilled" else "Exit code", tone="crash")


def _complaint(ended: Body) -> str:
    """The heart of what the runtime says: `exec: "ngnix": executable file not found in $PATH`."""
    told = str(ended.get("message", ""))
    told = told.removesuffix(": unknown")
    return told[told.find("exec: ") :] if "exec: " in told else told.rsplit(": ", 1)[-1]


def _reason(body: Body, status: Body, evidence: Evidence) -> list[Link]:
    """What in the spec made it so."""
    spec, ended = spec_of(body, status["name"]), ended_at(status) or {}
    where = field_of(body, status["name"])
    if ended.get("reason") == "OOMKilled":
        limit = dig(spec, "resources.limits.memory", "")
        told = f"It took more memory than its limit of {limit}" if limit else "The machine had no memory left"
        return [
            Link((f"{told}, and the kernel ended it.",), lookup="OOMKilled", field=f"{where}.resources.limits.memory")
        ]
    probe = killed_by(body, status["name"], evidence)
    if probe is not None:
        return [probe]
    command = " ".join([*(spec.get("command") or ()), *(spec.get("args") or ())])
    if command:
        words: Words = (
            "That is what its command comes to: ",
            Code(command[:LONG] + ("…" if len(command) > LONG else "")),
        )
        return [Link(words, lookup="Exit code", field=f"{where}.command")]
    return [
        Link(
            ("It runs what its image ", Code(spec.get("image", "")), " starts."), lookup="Image", field=f"{where}.image"
        )
    ]


CRASHING = Question("crashing", ("pods",), ask)
