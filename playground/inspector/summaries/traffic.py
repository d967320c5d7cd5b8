"""Traffic: who sends what to whom, and how many got an answer."""

from __future__ import annotations

from collections.abc import Iterator

from clusters.kinds.body import Body, dig
from networking.kinds.traffic import CONSTANT, NODES, OUTSIDE, success, target, word
from networking.traffic.reasons import explained
from playground.inspector.around import Around
from playground.inspector.summaries.anything import about
from playground.inspector.telling import Fact, Summary, Table, cell, counted, fact

FROM = {OUTSIDE: "clients outside the cluster", NODES: "programs on the machines"}


def traffic(body: Body, around: Around) -> Summary:
    return Summary((says(body),), facts=(*own_facts(body), *about(body, around)), tables=(reasons(body),))


def says(body: Body) -> str:
    name, status = body["metadata"]["name"], body.get("status") or {}
    state = word(body)
    if state == "Waiting":
        return f"{name} waits: {status.get('message') or 'nobody can send.'}"
    if state in ("Paused", "Pending"):
        return f"{name} sends nothing now." if state == "Paused" else f"{name} is about to begin."
    over = (
        "has sent"
        if state == "Finished"
        else f"sends {status.get('rate', 0)} requests a second to {target(body)}: so far"
    )
    failed = status.get("failed", 0)
    lost = f"{counted(failed, 'failed', 'failed')}" if failed else "none failed"
    sent = status.get("sent", 0)
    good = "none was answered" if sent and failed == sent else f"{success(body)} were answered, {lost}"
    return f"{name} {over} {counted(sent, 'request')}, {good}."


def own_facts(body: Body) -> Iterator[Fact]:
    spec, status = body["spec"], body.get("status") or {}
    yield fact("To", target(body), mono=True)
    sender = spec.get("from") or {}
    yield fact("From", FROM.get(sender.get("where", NODES)) or f"pods with {labels(sender)}")
    yield fact("Rate", f"{spec.get('rate', 0)} a second{shape(spec)}")
    retries = spec.get("retries", 0)
    after = f"tries {counted(retries, 'more time')}" if retries else "gives up"
    yield fact("A client waits", f"{spec.get('timeout', '5s')}, then {after}")
    latency = status.get("latency")
    if latency:
        yield fact("Answered after", f"{latency['p50']} (half), {latency['p95']} (95 %), {latency['p99']} (99 %)")


def labels(sender: Body) -> str:
    wanted = dig(sender, "selector.matchLabels") or {}
    return ", ".join(f"{name}={value}" for name, value in wanted.items()) or "the selected labels"


def shape(spec: Body) -> str:
    pattern = spec.get("pattern") or {}
    if pattern.get("type", CONSTANT) == CONSTANT:
        return f", growing for {spec['ramp']}" if spec.get("ramp") else ""
    return f", {pattern['type'].lower()}s up to {pattern.get('factor')} times that every {pattern.get('period')}"


def reasons(body: Body) -> Table:
    rows = [
        (cell(one["reason"], "crash"), cell(one["count"]), cell(explained(one["reason"])))
        for one in dig(body, "status.reasons") or ()
    ]
    return Table("Why requests failed", ("Reason", "Requests", "What it means"), tuple(rows), empty="None has failed.")
