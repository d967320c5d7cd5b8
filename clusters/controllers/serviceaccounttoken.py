"""The tokens controller: Secrets for a ServiceAccount get its token (Kubernetes: long-lived API tokens)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Generator, Iterable

from clusters.kinds import token
from clusters.kinds.body import Body, Key, annotations_of, is_deleting, key_of
from clusters.kinds.problem import Status
from clusters.kinds.secret import ACCOUNT, TOKEN
from clusters.reconcile.component import Controller
from clusters.reconcile.view import View
from clusters.reconcile.writes import Delete, Update, Write

UID = "kubernetes.io/service-account.uid"
AUTHORITY, CERTIFICATE = "kube-root-ca.crt", "ca.crt"


def its_secrets(new: Body | None, old: Body | None, view: View) -> Iterable[Key]:
    """The Secrets of a ServiceAccount that came or went."""
    changed = new or old
    if changed is None or (new and old):
        return ()
    home, name = key_of(changed)
    mine = [one for one in view.list("secrets", home) if annotations_of(one).get(ACCOUNT) == name]
    return [key_of(one) for one in mine]


CONTROLLER = Controller("serviceaccount-token-controller", primary="secrets", watches={"serviceaccounts": its_secrets})


def reconcile(key: Key, view: View) -> Generator[Write, Body | Status | None, None]:
    """Fill one in, once; one whose ServiceAccount is gone goes too."""
    secret = view.get("secrets", key)
    if secret is None or secret.get("type") != TOKEN or is_deleting(secret):
        return
    account = view.get("serviceaccounts", Key(key.namespace, annotations_of(secret)[ACCOUNT]))
    uid = annotations_of(secret).get(UID)
    if account is None or uid not in (None, account["metadata"]["uid"]):
        yield Delete("secrets", secret, because=secret, why="Its ServiceAccount is gone.")
        return
    # the key is a file of the control plane's machine: /etc/kubernetes/pki/sa.key
    machine = view.get("machines", Key("", token.CONTROL_PLANE))
    if machine is None or "token" in (secret.get("data") or {}):
        return
    authority = view.get("configmaps", Key(key.namespace, AUTHORITY)) or {}
    texts = {
        CERTIFICATE: (authority.get("data") or {}).get(CERTIFICATE, ""),
        "namespace": key.namespace,
        "token": token.signed(token.lasting(account, secret), machine),
    }
    data = {name: b64encode(text.encode()).decode() for name, text in texts.items()}
    metadata = {**secret["metadata"], "annotations": {**annotations_of(secret), UID: account["metadata"]["uid"]}}
    filled = {**secret, "metadata": metadata, "data": {**(secret.get("data") or {}), **data}}
    yield Update("secrets", filled, because=account, why="It holds a token of its ServiceAccount.")
