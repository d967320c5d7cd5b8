"""The root CA publisher: each Namespace has the certificate by which pods know the API server (RootCAConfigMap)."""

from __future__ import annotations

from collections.abc import Generator, Iterable

from clusters.kinds.body import Body, Key, is_deleting, key_of
from clusters.kinds.problem import Status
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Create, Update, Write

NAME, FIELD = "kube-root-ca.crt", "ca.crt"
# where the cluster's birth left the authority's certificate
SOURCE = Key("kube-system", "kube-root-ca")
DESCRIPTION = {
    "kubernetes.io/description": "Contains a CA bundle that can be used to verify the kube-apiserver when using "
    "internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed "
    "across distributions of Kubernetes clusters."
}


def where_it_is_wrong(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The Namespace of a certificate that somebody touched; all of them when the authority changed."""
    changed = new or old
    if changed is None:
        return ()
    key = key_of(changed)
    if key == SOURCE:
        return [key_of(namespace) for namespace in view.list("namespaces")]
    return (Key("", key.namespace),) if key.name == NAME else ()


CONTROLLER = Controller(
    "root-ca-certificate-publisher-controller", primary="namespaces", watches={"configmaps": where_it_is_wrong}
)


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """Make the ConfigMap, or put its content right."""
    namespace, source = view.get("namespaces", key), view.get("configmaps", SOURCE)
    if namespace is None or is_deleting(namespace) or source is None:
        return
    data = {FIELD: (source.get("data") or {}).get(FIELD, "")}
    known = view.get("configmaps", Key(key.name, NAME))
    if known is None:
        metadata = {"name": NAME, "namespace": key.name, "annotations": DESCRIPTION}
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}
        yield Create("configmaps", body, because=namespace, why="Pods verify the API server with it.")
    elif known.get("data") != data:
        yield Update("configmaps", {**known, "data": data}, because=known, why="Its content was not the authority's.")
