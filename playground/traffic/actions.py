"""Sending traffic, changing its rate, stopping it: each a request to the cluster's API, with kubectl's line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import yaml

from clusters.kinds.body import Body, key_of
from clusters.reconcile.clock import SECOND, Time
from networking.kinds.traffic import MOST_RATE, NODES, OUTSIDE, PODS
from playground.home.action import MERGE, Action, Call, namespace_flag, object_path

API = "podium.dev/v1"


def send(namespace: str, service: str, form: Mapping[str, str], now: Time) -> Action:
    """A Traffic of a name of its own, so that several may go at a time."""
    where = form.get("where") if form.get("where") in (NODES, OUTSIDE, PODS) else NODES
    sender: Body = {"where": where}
    if where == PODS:
        sender["selector"] = {"matchLabels": dict(labels(form.get("labels", "")))}
    spec: Body = {"target": {"service": service}, "rate": rate_of(form.get("rate", "")), "from": sender}
    if form.get("path", "/") not in ("", "/"):
        spec["path"] = form["path"]
    if form.get("retries", "0") not in ("", "0") and form["retries"].isdigit():
        spec["retries"] = int(form["retries"])
    name = f"{service[:40]}-{now // SECOND % 100_000}"
    body = {"apiVersion": API, "kind": "Traffic", "metadata": {"name": name, "namespace": namespace}, "spec": spec}
    line = f"kubectl apply -f - <<EOF\n{yaml.safe_dump(body, sort_keys=False)}EOF"
    call = Call("POST", object_path(API, "traffic", namespace), body)
    return Action("send", "Send traffic", line, (call,), f"{spec['rate']} requests a second are on their way.")


def labels(text: str) -> Iterator[tuple[str, str]]:
    """`app=shop,tier=web`."""
    for part in text.split(","):
        name, equals, value = part.strip().partition("=")
        if name and equals:
            yield name.strip(), value.strip()


def rate_of(text: str) -> int:
    return min(MOST_RATE, max(0, int(text))) if text.isdigit() and len(text) < 9 else 10


def changed(traffic: Body, form: Mapping[str, str]) -> Action:
    """Another rate."""
    key, rate = key_of(traffic), rate_of(form.get("rate", ""))
    return patched(traffic, {"rate": rate}, "rate", "Set rate", f"{key.name} sends {rate} requests a second.")


def paused(traffic: Body) -> Action:
    key, now = key_of(traffic), bool(traffic["spec"].get("paused"))
    if now:
        return patched(traffic, {"paused": False}, "go-on", "Go on", f"{key.name} sends again.")
    return patched(traffic, {"paused": True}, "pause", "Pause", f"{key.name} sends nothing until it goes on.")


def patched(traffic: Body, spec: Body, name: str, label: str, done: str) -> Action:
    key = key_of(traffic)
    told = ",".join(f'"{field}":{str(value).lower()}' for field, value in spec.items())
    line = f"kubectl patch traffic {key.name}{namespace_flag(key.namespace)} --type merge -p '{{\"spec\":{{{told}}}}}'"
    call = Call("PATCH", object_path(API, "traffic", key.namespace, key.name), {"spec": spec}, MERGE)
    return Action(name, label, line, (call,), done)


def stopped(traffic: Body) -> Action:
    key = key_of(traffic)
    line = f"kubectl delete traffic {key.name}{namespace_flag(key.namespace)}"
    call = Call("DELETE", object_path(API, "traffic", key.namespace, key.name), may_be_gone=True)
    return Action("stop", "Stop", line, (call,), f"{key.name} has stopped.", gone=True)


def traffic_actions(body: Body, *_: object) -> Iterator[Action]:
    yield paused(body)
