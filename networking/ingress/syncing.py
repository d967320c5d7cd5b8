"""An Ingress controller takes an Ingress into its configuration and writes its address into it (status, Sync)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence

from clusters.kinds.body import Body, Key, dig, key_of, uid_of
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Delete, Emit, SetStatus, Update, Write
from networking.index import is_controller
from networking.ingress.brands import F5, NGINX, Running, inside, running
from networking.ingress.routes import is_claimed
from networking.kinds.ingress import addresses_of

F5_ADDRESS = "virtual-server.f5.com/ip"
Writes = Generator[Write, Body | Status | None, None]


def every(_new: Body | None, _old: Body | None, view: View) -> Iterable[Key]:
    return [key_of(one) for one in view.list("ingresses")]


def by_sandbox(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """A controller's process began or ended."""
    before, after = _names(old), _names(new)
    return every(new, old, view) if before != after else ()


def _names(box: Body | None) -> list[str]:
    return [one.name for one in inside(box)] if box and is_controller(box) and not box.get("over") else []


def by_service(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """An address came or went: it may be the controllers' own."""
    return every(new, old, view) if _given(new) != _given(old) else ()


def _given(service: Body | None) -> object:
    return (dig(service, "status.loadBalancer.ingress"), dig(service, "spec.externalIPs"), dig(service, "spec.type"))


def who(key: Key, view: View) -> str:
    """The controller that looks after it."""
    ingress = view.get("ingresses", key)
    found = leader(ingress, view) if ingress else None
    return found.brand.actor if found else "ingress-controller"


CONTROLLER = Controller(
    "ingress-controller",
    primary="ingresses",
    watches={"sandboxes": by_sandbox, "services": by_service, "ingressclasses": every},
    actor=who,
)


def reconcile(key: Key, view: View) -> Writes:
    """Nothing at all while no controller of its class runs."""
    ingress, known = view.get("ingresses", key), view.get("synced", key)
    if known is not None and (ingress is None or known["uid"] != uid_of(ingress)):
        yield Delete("synced", known, why="Its Ingress is gone.")
        known = None
    if ingress is None:
        return
    by = leader(ingress, view)
    if by is None:
        if known is not None and has_said_goodbye(known, view):
            yield from forget(ingress, known)
        return
    yield from sync(ingress, known, by)
    yield from tell_address(ingress, addresses(by, ingress, view))


def leader(ingress: Body, view: View) -> Running | None:
    """The first of those that look after it."""
    return next((one for one in running(view) if is_claimed(ingress, one.claim, view)), None)


def sync(ingress: Body, known: Body | None, by: Running) -> Writes:
    wanted = {"uid": uid_of(ingress), "generation": ingress["metadata"].get("generation", 0), "by": by.name,
              "version": seen(ingress)}  # fmt: skip
    if known is not None and all(known.get(name) == value for name, value in wanted.items()):
        return
    tells = by.brand is NGINX  # the others say nothing of it
    if tells and (known is None or any(known.get(name) != wanted[name] for name in ("uid", "by", "version"))):
        yield Emit(ingress, "Normal", "Sync", "Scheduled for sync")
    key = key_of(ingress)
    head = {"apiVersion": "machine.podium.dev/v1", "kind": "Synced"}
    body = {**head, "metadata": {"namespace": key.namespace, "name": key.name}, **wanted}
    if known is None:
        yield Create("synced", body, because=ingress)
    else:
        yield Update("synced", {**known, **wanted}, because=ingress)


def seen(ingress: Body) -> str:
    """What of it matters to a controller: its spec and its annotations."""
    kept = {
        name: text
        for name, text in (ingress["metadata"].get("annotations") or {}).items()
        if "last-applied" not in name
    }
    return (
        f"{ingress['metadata'].get('generation', 0)} {sorted(kept.items())}"
        if kept
        else str(ingress["metadata"].get("generation", 0))
    )


def has_said_goodbye(known: Body, view: View) -> bool:
    """It ended as a pod does, with time to take its address away; after a crash of its machine nobody does."""
    node, name, *_ = known["by"].split("/")
    box, machine = view.get("sandboxes", Key(node, name)), view.get("machines", Key("", node))
    return dig(machine, "power") == "on" and (box is None or bool(box.get("over")))


def forget(ingress: Body, known: Body) -> Writes:
    """--update-status-on-shutdown."""
    yield Delete("synced", known, because=ingress)
    yield from tell_address(ingress, ())


def addresses(by: Running, ingress: Body, view: View) -> Sequence[Body]:
    """Of its Service (--publish-service); without one, of the machines on which its pods run."""
    if by.brand is F5:
        own = (ingress["metadata"].get("annotations") or {}).get(F5_ADDRESS)
        return ({"ip": own},) if own else ()
    service = view.get("services", by.service) if by.service else None
    if by.service is None:
        nodes = dict.fromkeys(one.place.namespace for one in running(view) if one.claim == by.claim)
        found = [dig(view.get("machines", Key("", node)), "ip") for node in nodes]
        return [{"ip": one} for one in found if one]
    if service is None:
        return ()
    extern = [{"ip": one} for one in dig(service, "spec.externalIPs") or ()]
    if dig(service, "spec.type") == "LoadBalancer":
        given = dig(service, "status.loadBalancer.ingress") or ()
        return [*({k: one[k] for k in ("ip", "hostname") if one.get(k)} for one in given), *extern]
    if dig(service, "spec.type") == "ExternalName":
        return ({"hostname": service["spec"]["externalName"]},)
    cluster = dig(service, "spec.clusterIP", "")
    return extern or ([{"ip": cluster}] if cluster not in ("", "None") else [])


def tell_address(ingress: Body, wanted: Sequence[Body]) -> Writes:
    given = [one.get("ip") or one.get("hostname") for one in wanted]
    if given != addresses_of(ingress):
        status = {**(ingress.get("status") or {}), "loadBalancer": {"ingress": list(wanted)} if wanted else {}}
        why = f"It is reached at {', '.join(map(str, given))}." if given else "Its controller has stopped."
        yield SetStatus("ingresses", ingress, status, because=ingress, why=why)
