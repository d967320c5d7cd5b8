"""The crowd at work: every fifth of a second the requests of all Traffic, once a second what became of them."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence

from clusters.kinds.body import Body, Key, dig, key_of, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND, Time, rfc3339
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, LookAgain, SetStatus, Update, Write
from networking.kinds.traffic import span
from networking.traffic import books
from networking.traffic.demand import phase
from networking.traffic.histogram import percentiles, told
from networking.traffic.tick import Tick

TICK = SECOND // 5
LONGEST = 5 * TICK  # after a gap nobody catches up on what was not sent
METERED = 5 * SECOND  # the kubelets tell by such windows what is used: so often it is booked
CROWD = Key("", "crowd")
Writes = Generator[Write, Body | Status | None, None]


def all_together(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """One key for all of them: they meet at the same pods. What is said of them is no news."""
    is_news = new is None or old is None or new["spec"] != old["spec"]
    return (CROWD,) if is_news or bool(dig(new, "metadata.deletionTimestamp")) else ()


CONTROLLER = Controller("traffic", primary="traffic", mapper=all_together)


def reconcile(key: Key, view: View) -> Writes:
    """All that is due up to now; while somebody sends, again at the next moment."""
    traffic, known = view.list("traffic"), view.get("crowds", CROWD)
    if not traffic:
        yield from go_home(known, view)
        return
    crowd = current(known, traffic, view.now)
    begin, end = crowd["at"], view.now // TICK * TICK
    sending = [one for one in traffic if phase(one, began(crowd, one), begin) == "Running"]
    if end > begin:
        yield from moment(crowd, sending, traffic, max(begin, end - LONGEST), end, view)
        crowd["at"] = end
    yield from announced(traffic, crowd, view)
    yield from gone(crowd, traffic, view)
    if known is None:
        yield Create("crowds", crowd)
    elif crowd != known:
        yield Update("crowds", crowd)
    if sending or any(account["now"]["sent"] for account in crowd["traffic"].values()):
        yield LookAgain(end + TICK)


def go_home(known: Body | None, view: View) -> Writes:
    """No Traffic is left."""
    for one in view.list("sightings"):
        yield Delete("sightings", one, why="Its Traffic is gone.")
    if known is not None:
        yield Delete("crowds", known, why="Nobody sends any more.")


def current(known: Body | None, traffic: Sequence[Body], now: Time) -> Body:
    """The crowd as it may be changed, with an account for each Traffic."""
    held = known["traffic"] if known else {}
    accounts = {uid_of(one): books.copied(held.get(uid_of(one)) or books.opened(now)) for one in traffic}
    idle = now // TICK * TICK
    return {
        "apiVersion": "machine.podium.dev/v1",
        "kind": "Crowd",
        "metadata": known["metadata"] if known else {"name": CROWD.name, "namespace": CROWD.namespace},
        "at": known["at"] if known else idle,
        "queues": dict(known["queues"]) if known else {},
        "spent": dict(known["spent"]) if known else {},
        "traffic": accounts,
    }


def began(crowd: Body, traffic: Body) -> Time:
    found: Time = crowd["traffic"][uid_of(traffic)]["began"]
    return found


def moment(
    crowd: Body, sending: Sequence[Body], traffic: Sequence[Body], begin: Time, end: Time, view: View
) -> Iterator[Write]:
    """One tick, and what is due at the end of a second and of a window."""
    tick = Tick(view, crowd, begin, end)
    for one in sending:
        yield from tick.send(one, crowd["traffic"][uid_of(one)])
    yield from tick.answer()
    if end // SECOND != begin // SECOND:
        for one in traffic:
            yield from second(one, crowd["traffic"][uid_of(one)], tick.waits.get(uid_of(one), ""), end, view)
    if (end + TICK) // METERED != end // METERED:
        yield from charged(crowd, view)


def second(traffic: Body, account: books.Account, waits: str, end: Time, view: View) -> Iterator[Write]:
    """What was seen in it: for the page as a machine's object, for everybody as status."""
    key, old_status = key_of(traffic), traffic.get("status") or {}
    word = phase(traffic, account["began"], end)
    rests = word != "Running" and word == old_status.get("phase")
    if rests and not account["now"]["sent"] and not old_status.get("rate"):
        return
    old = view.get("sightings", key)
    seen = books.sighting(traffic, account, old, end // SECOND)
    yield Update("sightings", {**old, **seen, "metadata": old["metadata"]}) if old else Create("sightings", seen)
    yield SetStatus("traffic", traffic, status(traffic, account, word, waits, end), because=traffic)
    account.update(books.fresh())


def status(traffic: Body, account: books.Account, word: str, waits: str, end: Time) -> Body:
    if word == "Running" and waits:
        word = "Waiting"
    old = traffic.get("status") or {}
    times = {"startedAt": rfc3339(account["began"])}
    if word == "Finished":
        over = account["began"] + span(traffic["spec"].get("duration"))
        times["finishedAt"] = old.get("finishedAt") or rfc3339(over)
    found = books.status(traffic, account, word, waits, times)
    if account["now"]["times"]:
        p50, p95, p99 = percentiles(account["now"]["times"])
        found["latency"] = {"p50": told(p50), "p95": told(p95), "p99": told(p99)}
    elif old.get("latency") and word != "Running":
        found["latency"] = old["latency"]
    return found


def announced(traffic: Sequence[Body], crowd: Body, view: View) -> Iterator[Write]:
    """A beginning, a pause and an end are said at once; numbers wait for the second to be over."""
    for one in traffic:
        fresh = view.get("traffic", key_of(one)) or one
        account = crowd["traffic"][uid_of(one)]
        word, said = phase(one, account["began"], view.now), dig(fresh, "status.phase")
        if word != said and not (word == "Running" and said == "Waiting"):
            yield SetStatus("traffic", fresh, {**status(fresh, account, word, "", view.now)}, because=one)


def gone(crowd: Body, traffic: Sequence[Body], view: View) -> Iterator[Write]:
    """What was seen of Traffic that is no more."""
    there = {uid_of(one) for one in traffic}
    for one in view.list("sightings"):
        if one["uid"] not in there:
            yield Delete("sightings", one, why="Its Traffic is gone.")


def charged(crowd: Body, view: View) -> Iterator[Write]:
    """The CPU of this window, to each container once."""
    for name, spent in crowd["spent"].items():
        namespace, own, uid, port = name.split("/")
        pod = view.get("pods", Key(namespace, own))
        if pod is None or uid_of(pod) != uid or not spent:
            continue
        capacity = view.kernel.containers.capacity(view, pod, int(port))
        if capacity is not None:
            yield from (write for write in view.kernel.containers.charge(view, pod, capacity.container, spent))
    crowd["spent"] = {}
