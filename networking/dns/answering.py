"""One question to CoreDNS: its plugins in their fixed order, as its own Corefile has them (coredns.io: plugin.cfg)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from clusters.kernel import Record
from clusters.reconcile.view import View
from networking.dns.corefile import Directive, Server, parse, server_for
from networking.dns.kubernetes import NXDOMAIN, Answer, Zone
from networking.dns.names import is_below, normal

REFUSED, SERVFAIL = "REFUSED", "SERVFAIL"
HOSTS_TTL = 3600
# asks another name server: (its address, name, type)
Ask = Callable[[str, str, str], Answer]


@dataclass(frozen=True, slots=True)
class Question:
    """A name, complete and in lower case, without the last dot."""

    name: str
    type: str


def answer(corefile: str, question: Question, view: View, ask: Ask) -> Answer:
    """What the server with this Corefile says."""
    server = server_for(parse(corefile), question.name)
    if server is None:
        return Answer(REFUSED)
    name = rewritten(server, question.name)
    found = _by_plugins(server, Question(name, question.type), view, ask)
    return balanced(server, restored(found, name, question.name), view)


def _by_plugins(server: Server, question: Question, view: View, ask: Ask) -> Answer:
    for directive in server.all("hosts"):
        found = _from_hosts(directive, question)
        if found is not None:
            return found
    for directive in server.all("kubernetes"):
        zone = Zone(directive, view)
        if zone.serves(question.name):
            answered = zone.answer(question.name, question.type)
            if answered.rcode != NXDOMAIN or not zone.falls_through(question.name):
                return _beyond(answered, question, zone, server, ask)
    return _forwarded(server, question, ask)


def _beyond(answered: Answer, question: Question, zone: Zone, server: Server, ask: Ask) -> Answer:
    """A CNAME that leads out of the cluster is followed to whoever knows more."""
    last = answered.records[-1] if answered.records else None
    if last is None or last.type != "CNAME" or question.type == "CNAME" or zone.serves(normal(last.value)):
        return answered
    further = _forwarded(server, Question(normal(last.value), question.type), ask)
    return Answer("", (*answered.records, *further.records))


def _from_hosts(directive: Directive, question: Question) -> Answer | None:
    """Lines of the plugin `hosts`: an address and its names. None: it falls through."""
    through = directive.line("fallthrough")
    ttl = directive.line("ttl")
    seconds = int(ttl[0]) if ttl and ttl[0].isdecimal() else HOSTS_TTL
    known = [line[0] for line in directive.lines if question.name in [normal(name) for name in line[1:]]]
    if known:
        records = tuple(Record(f"{question.name}.", "A", seconds, one) for one in known if "." in one)
        return Answer("", records if question.type == "A" else ())
    if through is None or not any(is_below(question.name, normal(zone)) for zone in through or ("",)):
        return Answer(NXDOMAIN)
    return None


def _forwarded(server: Server, question: Question, ask: Ask) -> Answer:
    for directive in server.all("forward"):
        if directive.args and is_below(question.name, normal(directive.args[0])):
            excepted = directive.line("except") or ()
            if any(is_below(question.name, normal(zone)) for zone in excepted):
                continue
            for upstream in directive.args[1:] or ("",):
                found = ask(upstream.removeprefix("dns://"), question.name, question.type)
                if found.rcode != SERVFAIL:
                    return found
            return Answer(SERVFAIL)
    return Answer(REFUSED)


# rewriting and balancing


def rewritten(server: Server, name: str) -> str:
    """The name after the first `rewrite name` rule that fits."""
    for old, new, how in _rules(server):
        if how == "exact" and name == old:
            return new
        if how == "suffix" and name.endswith(old):
            return name[: len(name) - len(old)] + new
        if how == "prefix" and name.startswith(old):
            return new + name[len(old) :]
        if how == "substring" and old in name:
            return name.replace(old, new)
    return name


def _rules(server: Server) -> Iterator[tuple[str, str, str]]:
    for directive in server.all("rewrite"):
        words = [word for word in directive.args if word not in ("continue", "stop")]
        if words[:1] != ["name"]:
            continue
        how = words[1] if len(words) > 3 and words[1] in ("exact", "suffix", "prefix", "substring") else "exact"
        old_new = words[2:4] if len(words) > 3 and words[1] == how else words[1:3]
        if len(old_new) == 2:
            yield normal(old_new[0]), normal(old_new[1]), how


def restored(found: Answer, name: str, asked: str) -> Answer:
    """What was asked stands in the answer, not what it was rewritten to."""
    if name == asked:
        return found
    records = tuple(replace(one, name=f"{asked}.") if normal(one.name) == name else one for one in found.records)
    return replace(found, records=records)


def balanced(server: Server, found: Answer, view: View) -> Answer:
    """`loadbalance`: addresses in another order for each question."""
    addresses = [one for one in found.records if one.type == "A"]
    if len(addresses) < 2 or server.first("loadbalance") is None:
        return found
    start = view.random.bits() % len(addresses)
    turned = [*addresses[start:], *addresses[:start]]
    return replace(found, records=(*(one for one in found.records if one.type != "A"), *turned))
