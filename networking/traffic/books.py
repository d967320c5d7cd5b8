"""What is counted of one Traffic: since its beginning, and in the second that goes on. JSON, kept in the crowd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clusters.kernel import Outcome
from clusters.kinds.body import Body, key_of
from clusters.reconcile.clock import Time
from networking.traffic.histogram import note, percentiles

Account = dict[str, Any]
POINTS = 90  # seconds of history
TRACES = 16  # of one second
FAILURES = 24  # traces of failed requests that are kept


def opened(now: Time) -> Account:
    return {"began": now, "carry": 0.0, "turn": 0, "again": [], "sent": 0, "ok": 0, "failed": 0, "retried": 0,
            "reasons": {}, **fresh()}  # fmt: skip


def fresh() -> Account:
    """The second that goes on."""
    return {"now": {"sent": 0, "ok": 0, "failed": 0, "times": {}}, "flows": {}, "routes": {}, "traces": {}}


def copied(account: Account) -> Account:
    """One that may be changed."""
    flows, routes = (
        {name: {**one, "times": dict(one["times"]), "why": dict(one["why"])} for name, one in account[part].items()}
        for part in ("flows", "routes")
    )
    now = {**account["now"], "times": dict(account["now"]["times"])}
    whole = {"again": list(account["again"]), "reasons": dict(account["reasons"]), "traces": dict(account["traces"])}
    return {**account, **whole, "flows": flows, "routes": routes, "now": now}


def sent(account: Account, count: int, *, again: bool) -> None:
    if again:
        account["retried"] += count
        return
    account["sent"] += count
    account["now"]["sent"] += count


def succeeded(account: Account, count: int) -> None:
    account["ok"] += count
    account["now"]["ok"] += count


def failed(account: Account, reason: str, count: int) -> None:
    account["failed"] += count
    account["now"]["failed"] += count
    account["reasons"][reason] = account["reasons"].get(reason, 0) + count


def lost(account: Account, reason: str, count: int) -> None:
    """Counted as answered, but whoever had them is gone before it could."""
    count = min(count, account["ok"])
    account["ok"] -= count
    account["now"]["ok"] = max(0, account["now"]["ok"] - count)
    failed(account, reason, count)


def took(account: Account, latency: float, count: int) -> None:
    note(account["now"]["times"], latency, count)


def flow(account: Account, place: Body) -> Account:
    """A stretch from one to another, by {"from", "to", "via", ...}; both ends and the Service give its name."""
    return _counted(account["flows"], f"{place['from']}|{place['to']}|{place['via']}", place)


def route(account: Account, outcome: Outcome) -> Account | None:
    """The rule of an Ingress by which it went, as its controller told it; None: by no controller."""
    said = next((hop.detail for hop in outcome.hops if hop.what == "ingress"), "")
    rule = ": ".join(said.split(": ")[:2])  # what follows says how it ended
    return _counted(account["routes"], rule, {}) if rule else None


def _counted(held: Account, name: str, place: Body) -> Account:
    found: Account | None = held.get(name)
    if found is None:
        found = held[name] = {**place, "ok": 0, "failed": 0, "why": {}, "times": {}}
    return found


def trace(account: Account, name: str, outcome: Outcome, said: Body, now: Time) -> None:
    """The first of this flow and reason in this second is kept with its way; the others are counted to it."""
    known = account["traces"].get(name)
    if known is None and len(account["traces"]) >= TRACES:
        return
    if known is None:
        hops = [[hop.what, hop.name, hop.detail] for hop in outcome.hops]
        account["traces"][name] = {"at": now, "status": outcome.status, "hops": hops, **said}
    else:
        account["traces"][name] = {**known, "stands": known["stands"] + said["stands"]}


def sighting(traffic: Body, account: Account, old: Body | None, second: int) -> Body:
    """What was seen, as the page and the picture read it."""
    key, uid = key_of(traffic), traffic["metadata"]["uid"]
    known: Body = old if old is not None and old["uid"] == uid else {"points": [], "failures": []}
    now = account["now"]
    point = [second, now["sent"], now["ok"], now["failed"], *percentiles(now["times"])]
    traces = [
        {"name": name, **one, "stands": speaks_for(account, name, one)} for name, one in account["traces"].items()
    ]
    bad = [one for one in traces if one["reason"]]
    return {
        "apiVersion": "machine.podium.dev/v1",
        "kind": "Sighting",
        "metadata": {"namespace": key.namespace, "name": key.name},
        "uid": uid,
        "second": second,
        "points": [*known["points"], point][-POINTS:],
        "flows": list(_flows(account["flows"])),
        "routes": [{"name": name, **_counts(one)} for name, one in account["routes"].items()],
        "answered": [one for one in traces if not one["reason"]][:8],
        "failures": [*bad[:8], *known["failures"]][:FAILURES],
    }


def speaks_for(account: Account, name: str, one: Body) -> int:
    """An answered one is traced in a second's last moment, and speaks for the whole second."""
    if one["reason"]:
        return int(one["stands"])
    sender, goal, _ = name.split("|")
    return sum(flow["ok"] for flow in account["flows"].values() if (flow["from"], flow["to"]) == (sender, goal))


def _flows(flows: Mapping[str, Account]) -> Iterator[Body]:
    for name, one in flows.items():
        ends = {part: one[part] for part in ("from", "fromName", "to", "toName", "via", "viaName")}
        yield {"id": name, **ends, **_counts(one)}


def _counts(one: Account) -> Body:
    why = max(one["why"].items(), key=lambda item: item[1])[0] if one["why"] else ""
    p50, p95, p99 = percentiles(one["times"])
    counts = {"rate": one["ok"] + one["failed"], "ok": one["ok"], "failing": one["failed"], "reason": why}
    return {**counts, "p50": p50, "p95": p95, "p99": p99, "times": one["times"]}


def status(traffic: Body, account: Account, phase: str, message: str, times: Body) -> Body:
    """As `kubectl get` has it. `times`: when it began and ended."""
    reasons = sorted(account["reasons"].items(), key=lambda item: (-item[1], item[0]))
    found: Body = {
        "phase": phase,
        **times,
        "rate": account["now"]["sent"],
        "sent": account["sent"],
        "succeeded": account["ok"],
        "failed": account["failed"],
        "retried": account["retried"],
        "reasons": [{"reason": reason, "count": count} for reason, count in reasons],
    }
    return {**found, **({"message": message} if message else {})}
