"""What every kube-proxy hears of a Service, as versions that some node still lives in (kube-proxy: change trackers).

A version is stored once, not once a node: see `networking/proxy/timing.py` for who has which.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence

from clusters.kinds.body import Body, Key, key_of, labels_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import Time
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, LookAgain, Update, Write
from networking.index import SERVICE_NAME, Index
from networking.proxy.compile import compiled
from networking.proxy.timing import base_of, moment


def service_of(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The Services to which a slice belongs, or did."""
    found = [_named(body) for body in (new, old) if body is not None and labels_of(body).get(SERVICE_NAME)]
    return list(dict.fromkeys(found))


def outdated(new: Body | None, old: Body | None, view: View) -> Iterator[Key]:
    """A proxy that went on, or went away: what is gone and was kept for its sake may go."""
    if old is not None and (new is None or (new["live"] and not old["live"])):
        yield from (key_of(told) for told in view.list("proxyrules") if told["versions"][-1]["rules"] is None)


def changed(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A Service whose spec or address is another than before."""
    if new is not None and old is not None and all(new.get(part) == old.get(part) for part in ("spec", "status")):
        return ()
    body = new or old
    return (key_of(body),) if body else ()


CONTROLLER = Controller(
    "kube-proxies",
    primary="services",
    mapper=changed,
    watches={"endpointslices": service_of, "proxies": outdated},
)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """One Service's rules: a new version when they are other than the last, without those that nobody needs by then."""
    known = view.get("proxyrules", key)
    versions: list[Body] = known["versions"] if known else []
    rules = compiled(view.get("services", key), view.derived(Index).slices_of(key))
    is_new = rules != (versions[-1]["rules"] if versions else None)
    if is_new:
        at = moment(view.now, view.timings)
        versions = needed([*(one for one in versions if one["at"] != at), {"at": at, "rules": rules}], view)
    is_going = bool(versions) and versions[-1]["rules"] is None
    waits = is_going and floors(view)[0] < versions[-1]["at"]
    if known is None:
        if versions:
            yield Create("proxyrules", made(key, versions))
    elif is_going and not waits and len(needed(versions, view)) == 1:
        yield Delete("proxyrules", known, why="Its Service is gone, and every node knows.")
    elif is_new:  # an old version alone is no reason: whoever looks again at what is settled writes nothing
        yield Update("proxyrules", {**known, "versions": versions})
    if waits:  # for a node that stands still nobody waits: it wakes us when it goes on
        yield LookAgain(max(versions[-1]["at"], view.now) + 2 * view.timings.proxy_sync)


def made(key: Key, versions: Sequence[Body]) -> Body:
    metadata = {"namespace": key.namespace, "name": key.name}
    return {
        "apiVersion": "machine.podium.dev/v1",
        "kind": "ProxyRules",
        "metadata": metadata,
        "versions": list(versions),
    }


def needed(versions: list[Body], view: View) -> list[Body]:
    """The versions that some node has now or may still come by."""
    if len(versions) < 2:
        return versions
    passing, standing = floors(view)
    kept = [_reached(versions, base) for base in standing]
    first = _reached(versions, passing)
    return [one for index, one in enumerate(versions) if index >= first or index in kept]


def _reached(versions: Sequence[Body], base: Time) -> int:
    """The newest version told by then; before the first there is none."""
    found = -1
    for index, version in enumerate(versions):
        if version["at"] <= base:
            found = index
    return found


def floors(view: View) -> tuple[Time, Sequence[Time]]:
    """Up to when all proxies that go on have everything; and where each of those that do not stands still."""
    passing = view.now - 2 * view.timings.proxy_sync
    standing = []
    for proxy in view.list("proxies"):
        if not proxy["live"]:
            standing.append(proxy["base"])
        elif proxy["since"] > passing or proxy["delay"]:
            passing = min(passing, base_of(proxy, view.now, view.timings))
    return passing, standing


def _named(slice_: Body) -> Key:
    return Key(key_of(slice_).namespace, labels_of(slice_)[SERVICE_NAME])
