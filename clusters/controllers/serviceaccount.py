"""The service account controller: each Namespace has its `default` account (Kubernetes: Service Accounts)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key, is_deleting, key_of
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Write

NAME = "default"


def home_of_lost(new: Body | None, old: Body | None, _: View) -> Iterable[Key]:
    """The Namespace that lost its account."""
    lost = new is None and old is not None and old["metadata"]["name"] == NAME
    return (Key("", key_of(old).namespace),) if lost and old else ()


CONTROLLER = Controller("serviceaccount-controller", primary="namespaces", watches={"serviceaccounts": home_of_lost})


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """Make it where it is missing."""
    namespace = view.get("namespaces", key)
    if namespace is None or is_deleting(namespace) or view.get("serviceaccounts", Key(key.name, NAME)):
        return
    account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": NAME, "namespace": key.name}}
    yield Create("serviceaccounts", account, because=namespace, why="Every Namespace has a default account.")
