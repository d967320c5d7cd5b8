"""The API's own Service and its endpoints, which come back when they are deleted (Kubernetes: kubernetesservice)."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from functools import cache

from clusters.engine.genesis import first_writes
from clusters.kinds.body import Body, Key, key_of
from clusters.kinds.problem import Status
from clusters.reconcile.clock import SECOND
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, LookAgain, Write

OWN = Key("default", "kubernetes")
HOME = Key("", OWN.namespace)
INTERVAL = 10 * SECOND  # how often the API server looks after them


def its_home(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The namespace in which they stand, when one of them is gone."""
    return (HOME,) if new is None and old is not None and key_of(old) == OWN else ()


def only_home(new: Body | None, _: Body | None, __: View) -> Iterable[Key]:
    return (HOME,) if new is not None and key_of(new) == HOME else ()


CONTROLLER = Controller(
    "kube-apiserver",
    primary="namespaces",
    mapper=only_home,
    watches={"services": its_home, "endpoints": its_home, "endpointslices": its_home},
)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """What every cluster begins with is there again by the next look."""
    missing = [write for write in owned() if view.get(write.resource, OWN) is None]
    if key != HOME or not missing:
        return
    late = view.now % INTERVAL
    if late:
        yield LookAgain(view.now - late + INTERVAL)
        return
    for write in missing:
        yield Create(write.resource, write.body, why="The API's own Service was gone.")


@cache
def owned() -> Sequence[Create]:
    """Service, Endpoints and EndpointSlice, as a new cluster has them."""
    return [write for write in first_writes(0, "") if key_of(write.body) == OWN]
