"""Probes of running containers: each look when it is due, what follows from it, and when to look again."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND, Time
from workloads.kubelet import ailing, blaming, killing, probes, probing
from workloads.kubelet.running import advance
from workloads.kubelet.wire import NoWire
from workloads.kubelet.work import Work
from workloads.kubelet.writes import Told, Writes
from workloads.runtime import container as runtime

# what a run counts up by being looked into, and nothing else of it
COUNTERS = ("at", "next", "turn", "window", "cpu", "meter")

LONG = 120  # letters of an answer that the log keeps


def look(work: Work) -> Writes:
    """Every look that is due now, at every running container that is not being stopped."""
    for spec in work.specs():
        for kind in probes.KINDS:
            container = work.container(spec["name"])
            if kind in container.get("probes", ()) and not container.get("kill"):
                yield from _look(work, spec, kind)


def _look(work: Work, spec: Body, kind: str) -> Writes:
    name, what = spec["name"], spec[f"{kind}Probe"]
    if kind in (container := work.container(name)).get("probes", ()) and (wrong := ailing.verdict(work, name, kind)):
        answer: probes.Answer | None = wrong if probes.is_due(container["probes"][kind], what, work.now) else None
    elif "exec" in what:
        answer = yield from _execute(work, name, what, kind)
    elif probes.is_due(work.container(name)["probes"][kind], what, work.now):
        answer = probing.ask(work, spec, work.container(name)["run"], what)
    else:
        return
    run = work.container(name).get("probes", {}).get(kind)  # the container may have ended meanwhile
    if answer is None or run is None:
        return
    if answer.errored or not (probes.settled(run) and answer.ok == run["ok"]):
        yield from _count(work, spec, kind, run, answer)


def _execute(work: Work, name: str, what: Body, kind: str) -> Told[probes.Answer | None]:
    """Start the command when it is due, or see whether the one under way has ended."""
    container = work.container(name)
    others = {other: state for other, state in container.get("asking", {}).items() if other != kind}
    asked = container.get("asking", {}).get(kind)
    before = container["run"]
    if asked is None:
        if not probes.is_due(container["probes"][kind], what, work.now):
            return None
        execution = runtime.execute(before, probing.command(what), work.now)
        asked = {"pid": execution.pid, "since": work.now}
        wire = NoWire()
        step = runtime.advance(execution.run, work.now, wire)
        answer = probing.finished(step.run, execution.pid)
        after = runtime.forget(step.run, execution.pid)
        if answer is not None and not wire.was_asked and same(after, before):
            return answer
        work.set(name, run=execution.run)
        yield from advance(work, name)
    if work.container(name)["state"] != "running":
        return None
    answer = probing.finished(work.container(name)["run"], asked["pid"])
    until: Time = asked["since"] + (what.get("timeoutSeconds") or 1) * SECOND
    if answer is None and work.now < until:
        work.set(name, asking={**others, kind: asked})
        work.later(until)
        return None
    work.set(name, run=runtime.forget(work.container(name)["run"], asked["pid"]), asking=others or None)
    return answer or probing.timed_out(what)


def same(new: Body, old: Body) -> bool:
    """Whether looking has left no trace in a run."""
    return all(part in COUNTERS or new[part] == old.get(part) for part in new)


def _count(work: Work, spec: Body, kind: str, run: probes.ProbeRun, answer: probes.Answer) -> Writes:
    name, what = spec["name"], spec[f"{kind}Probe"]
    counted, verdict = probes.step(run, what, answer, work.now)
    work.set(name, probes={**work.container(name)["probes"], kind: counted})
    if not answer.ok:
        what_ = "errored and resulted in unknown state" if answer.errored else "failed"
        yield work.say("Warning", "Unhealthy", f"{kind.capitalize()} probe {what_}: {answer.message}", name)
    if verdict is None:
        return
    told, fault = "", None
    if not verdict.ok:
        times = f"{counted['count']} times in a row" if counted["count"] > 1 else "once"
        told, fault = f"Its {kind} probe failed {times}: {answer.message[:LONG]}", blaming.of_probe(work)
    if kind == "readiness":
        work.note(told or "Its readiness probe succeeded.", fault)
        work.set(name, ready=verdict.ok)
    elif not verdict.ok:
        grace = what.get("terminationGracePeriodSeconds", work.spec.get("terminationGracePeriodSeconds", 30))
        message = f"Container {name} failed {kind} probe, will be restarted"
        yield from killing.begin(work, spec, grace, message, why=told, fault=blaming.named(fault))
    elif kind == "startup":
        started(work, spec)


def started(work: Work, spec: Body) -> None:
    """The container counts as started: liveness and readiness are asked from now on."""
    name, since = spec["name"], work.container(spec["name"])["startedAt"]
    own = {}
    for kind in ("liveness", "readiness"):
        what = spec.get(f"{kind}Probe")
        if what:
            run = probes.begun(what, since)
            own[kind] = {**run, "origin": max(run["origin"], work.now)}
    work.set(name, started=True, ready=not spec.get("readinessProbe"), probes=own or None)


def begin(work: Work, spec: Body) -> None:
    """A container has started: its startup probe first, or the others at once."""
    startup = spec.get("startupProbe")
    if startup:
        work.set(spec["name"], started=False, ready=False, probes={"startup": probes.begun(startup, work.now)})
    else:
        started(work, spec)


def schedule(work: Work) -> None:
    """When anything of the running containers will change by itself."""
    for spec in work.specs():
        container = work.container(spec["name"])
        if container["state"] != "running":
            continue
        due = runtime.due(container["run"])
        work.later(due)
        if not container.get("kill"):
            for kind, run in container.get("probes", {}).items():
                work.later(_next_look(work, spec, spec[f"{kind}Probe"], run, due))


def _next_look(work: Work, spec: Body, what: Body, run: probes.ProbeRun, due: Time | None) -> Time | None:
    """The next tick, or, where no answer until `due` can be another than the last, the first tick from then on."""
    tick = probes.due(run, what, work.now)
    if not probes.settled(run) or (due is not None and due <= tick) or ailing.is_ill(work.pod, work.view):
        return tick
    held = work.container(spec["name"])["run"]
    if "exec" in what:
        return _after_command(run, what, held, tick, due, work.now)
    answer = probing.ask(work, spec, held, what)
    if answer.errored or answer.ok != run["ok"]:
        return tick
    steady = probing.steady_until(work, spec, held, what)
    return None if steady is None else probes.due(run, what, max(steady - 1, work.now))


def _after_command(
    run: probes.ProbeRun, what: Body, held: Body, tick: Time, due: Time | None, now: Time
) -> Time | None:
    """Would the command, run now, say at once what it last said, and leave no trace?"""
    execution = runtime.execute(held, probing.command(what), now)
    wire = NoWire()
    after = runtime.advance(execution.run, now, wire).run
    answer = probing.finished(after, execution.pid)
    if (
        answer is None
        or wire.was_asked
        or answer.errored
        or answer.ok != run["ok"]
        or not same(runtime.forget(after, execution.pid), held)
    ):
        return tick
    return None if due is None else probes.due(run, what, due - 1)
