"""Ingresses: their rules, and whether a controller gave them an address."""

from __future__ import annotations

from clusters.kinds.body import dig, is_deleting
from networking.kinds.ingress import addresses_of, hosts_of
from playground.timeline.line import Happened, Sentence

Told = tuple[Sentence, str] | None


def ingress(happened: Happened) -> Told:
    name, before, after = happened.name, happened.before, happened.after
    if happened.op == "ADDED":
        hosts = [host for host in hosts_of(after) if host != "*"]
        return ("made Ingress ", name, f" for {', '.join(hosts[:3])}" if hosts else " for every host"), ""
    if happened.op == "DELETED":
        return ("removed Ingress ", name), "terminating"
    if before is None:
        return None
    if is_deleting(after) and not is_deleting(before):
        return ("asked Ingress ", name, " to go"), "terminating"
    if addresses_of(before) != addresses_of(after):
        found = ", ".join(addresses_of(after))
        return (("opened Ingress ", name, f" at {found}"), "ready") if found else (
            ("took the address of Ingress ", name, " away"), "notready",
        )  # fmt: skip
    return (("changed Ingress ", name), "") if dig(before, "spec") != dig(after, "spec") else None
