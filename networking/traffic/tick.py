"""One moment of all Traffic together: who sends how much, where it goes, what the pods make of it, what is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusters.kernel import Outcome, Request
from clusters.kinds.body import Body, Key, dig, key_of, uid_of
from clusters.reconcile.clock import SECOND, Time
from clusters.reconcile.view import View
from clusters.reconcile.writes import Output, Update, Write
from networking.kinds.traffic import span
from networking.network.trip import TIMEOUT
from networking.traffic import books
from networking.traffic.books import Account
from networking.traffic.demand import due
from networking.traffic.fates import Aiming, Fate, Known, Leg, fates, one_fate
from networking.traffic.histogram import note
from networking.traffic.queueing import POINTS, Load, Service, latency, served
from networking.traffic.reasons import OVERLOADED, RESET, learned_after, reason_of
from networking.traffic.sources import Source, aim, binomial, senders, split

MANY, FEW = 16, 6  # of so many batches at once, fewer points each tell the time that they take
CLIENTS_AT_ONCE = 48  # of clients that a Service keeps apart, so many are looked at in one moment


@dataclass(frozen=True, slots=True)
class Batch:
    """Requests of one sender that meet the same fate in the same moment."""

    traffic: Body
    account: Account
    source: Source
    fate: Fate
    count: int
    attempt: int


class Tick:
    """`crowd` is this moment's own copy, changed in place. `begin`, `end`: the span whose requests are sent."""

    def __init__(self, view: View, crowd: Body, begin: Time, end: Time) -> None:
        self.view, self.crowd, self.begin, self.end = view, crowd, begin, end
        self.batches: list[Batch] = []
        self.loads: dict[str, Load] = {}
        self.services: dict[str, Service] = {}
        self.known = Known()
        self.waits: dict[str, str] = {}  # Traffic's uid -> why it cannot send

    def send(self, traffic: Body, account: Account) -> Iterator[Write]:
        """All that is due of one Traffic: what is new, and what is tried again."""
        spec = traffic["spec"]
        fresh, account["carry"] = due(spec, account["began"], self.begin, self.end, account["carry"])
        account["turn"] += 1
        found = senders(traffic, self.view, account["turn"])
        if not found:
            self.waits[uid_of(traffic)] = "No pod that could send is running."
            return
        again = [one for one in account["again"] if one[0] <= self.end]
        account["again"] = [one for one in account["again"] if one[0] > self.end]
        wanted = [(fresh, 0), *((count, attempt) for _, attempt, count in again)]
        for count, attempt in wanted:
            if count:
                books.sent(account, count, again=attempt > 0)
        counts = [split(count, len(found), account["turn"]) for count, _ in wanted]
        for place, source in enumerate(found):
            mine = [(each[place], attempt) for each, (_, attempt) in zip(counts, wanted, strict=True) if each[place]]
            if mine:
                yield from self._from(traffic, account, source, mine)

    def _from(
        self, traffic: Body, account: Account, source: Source, wanted: Sequence[tuple[int, int]]
    ) -> Iterator[Write]:
        turn = account["turn"]
        first = turn * CLIENTS_AT_ONCE if source.pod is None else 0
        count = sum(one for one, _ in wanted)
        found = fates(self.view, source.pod, self._aiming(traffic, source, first), turn, self.known, count)
        if any(sticks(fate.outcome) for fate in found):
            yield from self._each_client(traffic, account, source, wanted)
            return
        for count, attempt in wanted:
            self._spread(traffic, account, source, found, count, attempt)

    def _aiming(self, traffic: Body, source: Source, client: int) -> Aiming:
        def told(view: View) -> tuple[str, Request, Outcome | None]:
            found = aim(traffic, source, view, client)
            return found.host, found.request, found.lost

        return told

    def _spread(
        self, traffic: Body, account: Account, source: Source, found: Sequence[Fate], count: int, attempt: int
    ) -> None:
        left, share = count, 1.0
        for fate in found:
            mine = binomial(left, min(1.0, fate.share / share) if share > 1e-9 else 1.0, self.view.random)
            left, share = left - mine, share - fate.share
            if mine:
                self._add(Batch(traffic, account, source, fate, mine, attempt))
        if left:
            self._add(Batch(traffic, account, source, found[-1], left, attempt))

    def _each_client(
        self, traffic: Body, account: Account, source: Source, wanted: Sequence[tuple[int, int]]
    ) -> Iterator[Write]:
        """A Service that keeps each client at its pod: the clients go one by one, as the node's memory has them."""
        clients = traffic["spec"]["clients"] if source.pod is None else 1
        total = sum(count for count, _ in wanted)
        here = min(clients, CLIENTS_AT_ONCE, total)
        first = account["turn"] * here
        counts = [split(count, here, account["turn"]) for count, _ in wanted]
        for place in range(here):
            client = (first + place) % clients
            fate = one_fate(self.view, source.pod, self._aiming(traffic, source, client))
            for each, (_, attempt) in zip(counts, wanted, strict=True):
                if each[place]:
                    self._add(Batch(traffic, account, source, fate, each[place], attempt))
            yield from (write for write in fate.outcome.writes if remembers(write, self.view))

    def _add(self, batch: Batch) -> None:
        patience = span(batch.traffic["spec"]["timeout"])
        for leg in batch.fate.legs:
            if leg.capacity is not None and leg.pod is not None:
                name = server_name(leg)
                load = self.loads.get(name)
                if load is None:
                    waiting = self.crowd["queues"].get(name, [0.0])[0]
                    load = self.loads[name] = Load(leg.capacity, waiting)
                load.add(batch.count, leg.outcome.takes, leg.outcome.cpu, patience)
        for leg in batch.fate.lookups:
            name = server_name(leg)
            self.crowd["spent"][name] = self.crowd["spent"].get(name, 0) + leg.outcome.cpu * batch.count
        self.batches.append(batch)

    def answer(self) -> Iterator[Write]:
        """What became of them, once all is known that came to each pod."""
        self._lose()
        length = max(1, self.end - self.begin)
        queues: dict[str, list[object]] = {}
        self._rest(length)
        for name, load in self.loads.items():
            found = self.services[name] = served(load, length)
            self.crowd["spent"][name] = self.crowd["spent"].get(name, 0) + found.spent
            if found.left >= 0.01 or found.flying >= 0.01:
                queues[name] = [round(found.left, 3), round(found.flying, 3), self._whose(name)]
        self.crowd["queues"] = queues
        for batch in self.batches:
            yield from self._settle(batch)

    def _rest(self, length: Time) -> None:
        """Who still has a queue, though nothing new comes."""
        for name, (waiting, *_) in self.crowd["queues"].items():
            pod, port = self._pod_of(name)
            capacity = self.view.kernel.containers.capacity(self.view, pod, port) if pod is not None else None
            if name not in self.loads and waiting >= 0.5 and capacity is not None:
                self.loads[name] = Load(capacity, waiting, takes=0, patience=5 * SECOND)

    def _whose(self, name: str) -> str:
        batches = (one for one in self.batches if any(server_name(leg) == name for leg in one.fate.legs if leg.pod))
        return next((uid_of(one.traffic) for one in batches), "")

    def _lose(self) -> None:
        """What a server had in its hands when it ended."""
        for name, (_, flying, *whose) in list(self.crowd["queues"].items()):
            pod, port = self._pod_of(name)
            if pod is not None and self.view.kernel.containers.capacity(self.view, pod, port) is not None:
                continue
            self.crowd["queues"].pop(name)
            account = self.crowd["traffic"].get(whose[0] if whose else "")
            if account is not None and round(flying):
                books.lost(account, RESET, round(flying))

    def _pod_of(self, name: str) -> tuple[Body | None, int]:
        namespace, own, uid, port = name.split("/")
        pod = self.view.get("pods", Key(namespace, own))
        return (pod if pod is not None and uid_of(pod) == uid else None), int(port)

    # one batch's end

    def _settle(self, batch: Batch) -> Iterator[Write]:
        patience = span(batch.traffic["spec"]["timeout"])
        reason = reason_of(batch.fate.outcome, patience)
        mine = [self.services[server_name(leg)] for leg in batch.fate.legs if leg.capacity is not None and leg.pod]
        full = max((one.full for one in mine), default=0.0)
        dropped = 0 if not batch.fate.outcome.ok else binomial(batch.count, full, self.view.random)
        if dropped:
            self._fail(batch, OVERLOADED, dropped, patience)
        answered = batch.count - dropped
        if not batch.fate.outcome.ok:
            self._fail(batch, reason, answered, learned_after(batch.fate.outcome, patience))
            return
        late, slowest = 0, 0.0
        places = self._places(batch)
        for part, took in self._latencies(batch.fate.outcome.takes, mine, answered):
            if took > patience:
                late += part
                continue
            slowest = max(slowest, took)
            if not reason:
                books.took(batch.account, took, part)
            for place in places:
                note(place["times"], took, part)
        if late:
            waited = any(one.last > patience / 2 for one in mine)
            self._fail(batch, OVERLOADED if waited else TIMEOUT, late, patience)
        good = answered - late
        if good and reason:
            self._fail(batch, reason, good, round(slowest))
        elif good:
            books.succeeded(batch.account, good)
            self._note(batch, "", good, round(slowest))
            yield from self._seen(batch)

    def _latencies(self, base: Time, mine: list[Service], count: int) -> Iterator[tuple[int, float]]:
        """(how many, how long): at most so many points as stand for all."""
        points = min(count, POINTS if len(self.batches) < MANY else FEW)
        shift = self.view.random.fraction()
        for place, part in enumerate(split(count, points, self.end) if points else ()):
            at = (place + shift) / points
            yield part, latency(base, mine, at, (place * 7 % points + shift) / points)

    def _fail(self, batch: Batch, reason: str, count: int, known: Time) -> None:
        """Tried again when the client knows, or counted for good."""
        self._note(batch, reason, count, known)
        if batch.attempt < batch.traffic["spec"]["retries"]:
            batch.account["again"].append([self.end + max(1, known), batch.attempt + 1, count])
        else:
            books.failed(batch.account, reason, count)

    def _note(self, batch: Batch, reason: str, count: int, took: Time) -> None:
        for place in self._places(batch):
            if reason:
                place["failed"] += count
                place["why"][reason] = place["why"].get(reason, 0) + count
            else:
                place["ok"] += count
        ends = self._ends(batch, batch.fate.legs[-1])
        if not reason and self.end % SECOND:
            return  # of those that are answered, the last moment of a second stands for all: the crowd stays small
        told = {"reason": reason, "stands": count, "took": took, "from": batch.source.name, "to": ends["toName"],
                "attempt": batch.attempt}  # fmt: skip
        name = f"{ends['from']}|{ends['to']}|{reason}"
        books.trace(batch.account, name, batch.fate.outcome, told, self.end)

    def _places(self, batch: Batch) -> list[Account]:
        """Where it is counted: each stretch of its way, and the Ingress rule by which it went."""
        flows = [books.flow(batch.account, self._ends(batch, leg)) for leg in batch.fate.legs]
        rule = books.route(batch.account, batch.fate.outcome)
        return flows if rule is None else [*flows, rule]

    def _ends(self, batch: Batch, leg: Leg) -> Body:
        own = leg is batch.fate.legs[-1]
        asker = batch.source.id if own else uid_of(leg.source) if leg.source else ""
        name = batch.source.name if own else str(key_of(leg.source)) if leg.source else ""
        namespace, _, service = leg.service.partition("/")
        via = self.view.get("services", Key(namespace, service)) if service else self._target(batch) if own else None
        return {
            "from": asker,
            "fromName": name,
            "to": uid_of(leg.pod) if leg.pod else "",
            "toName": str(key_of(leg.pod)) if leg.pod else "",
            "via": uid_of(via) if via else "",
            "viaName": str(key_of(via)) if via else leg.service,
        }

    def _target(self, batch: Batch) -> Body | None:
        """The Service that was meant, where no rule has led through it."""
        target = batch.traffic["spec"]["target"]
        home = target.get("namespace") or key_of(batch.traffic).namespace
        return self.view.get("services", Key(home, target["service"])) if target.get("service") else None

    def _seen(self, batch: Batch) -> Iterator[Write]:
        """The traced one leaves what a real one leaves: its line in the log; what it changes, if it is to change."""
        if self.end % SECOND:
            return  # one a second
        changes = batch.traffic["spec"]["method"] not in ("GET", "HEAD", "OPTIONS")
        for write in batch.fate.outcome.writes:
            if isinstance(write, Output) or (changes and isinstance(write, Update) and write.resource == "sandboxes"):
                yield write


def server_name(leg: Leg) -> str:
    """Who listens: `namespace/name/uid/port`."""
    assert leg.pod is not None
    key = key_of(leg.pod)
    return f"{key.namespace}/{key.name}/{uid_of(leg.pod)}/{leg.port}"


def sticks(outcome: Outcome) -> bool:
    """Whether a node's kernel remembers the client."""
    return any(isinstance(write, Update) and write.resource == "proxies" for write in outcome.writes)


def remembers(write: Write, view: View) -> bool:
    """Of a kernel's memory, what says something new: another pod, or one that would soon be forgotten."""
    if not isinstance(write, Update) or write.resource != "proxies":
        return False
    known = view.get("proxies", key_of(write.body))
    old, new = dig(known, "sticky") or {}, write.body["sticky"]
    for service, clients in new.items():
        for client, held in clients.items():
            before = (old.get(service) or {}).get(client)
            if before is None or before["to"] != held["to"] or held["at"] - before["at"] > 5 * SECOND:
                return True
    return False
