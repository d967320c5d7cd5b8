"""One node's kube-proxy: whether it runs and hears the API, so whether its node's rules go on (kube-proxy)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key
from clusters.kinds.machine import hears_api
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND
from clusters.reconcile.component import Controller
from clusters.reconcile.faults import nodes_hit
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Update, Write
from networking.index import Index
from networking.proxy.timing import base_of

CONTAINER = "kube-proxy"
LAG = 10 * SECOND


def its_machine(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The machine on which kube-proxy itself began or ended."""
    runs, ran = _is_proxy(new), _is_proxy(old)
    box = new or old
    return (Key("", box["metadata"]["namespace"]),) if box and runs != ran else ()


def by_power(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """A machine that came, went, lost power or booted."""
    body = new or old
    if body is None or (new and old and _state(new) == _state(old)):
        return ()
    return (Key("", body["metadata"]["name"]),)


def _state(machine: Body) -> tuple[object, ...]:
    return machine["power"], machine["bootID"], machine.get("cut")


CONTROLLER = Controller(
    "kube-proxy",
    primary="machines",
    mapper=by_power,
    watches={"sandboxes": its_machine, "faults": nodes_hit},
    actor=lambda key, _: f"kube-proxy/{key.name}",
)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """Where it goes on, and from when; where it stands still, and since when."""
    machine, known = view.get("machines", key), view.get("proxies", key)
    if machine is None:
        if known is not None:
            yield Delete("proxies", known, why="Its machine was taken away.")
        return
    wanted = after(known or fresh(key.name), machine, view)
    if known is None:
        yield Create("proxies", wanted)
    elif wanted != known:
        yield Update("proxies", wanted)


def fresh(name: str) -> Body:
    """A kernel without any rules."""
    return {
        "apiVersion": "machine.podium.dev/v1",
        "kind": "Proxy",
        "metadata": {"name": name},
        "live": False,
        "since": 0,
        "base": 0,
        "delay": 0,
        "boot": "",
        "sticky": {},
    }


def after(proxy: Body, machine: Body, view: View) -> Body:
    """The proxy as it is from now on."""
    off = machine["power"] not in ("on", "frozen")
    if off or proxy["boot"] != machine["bootID"]:  # rules live in the kernel's memory
        proxy = {**proxy, "live": False, "base": 0, "sticky": {}, "boot": "" if off else machine["bootID"]}
    live = hears_api(machine) and runs(machine["metadata"]["name"], view) and not is_cut_off(machine, view)
    delay = LAG if view.hit_by("ProxyLag", node=machine["metadata"]["name"]) else 0
    if live != proxy["live"] or delay != proxy["delay"]:
        since = view.now if live != proxy["live"] else proxy["since"]
        base = base_of(proxy, view.now, view.timings)
        proxy = {**proxy, "live": live, "since": since, "base": base, "delay": delay}
    return proxy


def runs(node: str, view: View) -> bool:
    """Whether kube-proxy's process is there."""
    return any(_is_proxy(box) for box in view.derived(Index).hosts_on(node))


def is_cut_off(machine: Body, view: View) -> bool:
    """Whether the node's kube-proxy hears nothing from the control plane, though it runs."""
    return view.hit_by("ProxyFreeze", node=machine["metadata"]["name"]) is not None


def _is_proxy(box: Body | None) -> bool:
    return bool(box and box["pod"]["namespace"] == "kube-system" and CONTAINER in box["running"])
