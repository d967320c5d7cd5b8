"""Tokens of ServiceAccounts: claims, signed with a key that a machine keeps (Kubernetes: bound service account tokens).

A kubelet's machine signs for its pods; the control plane's (`/etc/kubernetes/pki/sa.key`) for everybody who asks.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from hmac import compare_digest

import orjson

from clusters.kinds.body import Body, dig
from clusters.kinds.names import subdomain

ISSUER = "https://kubernetes.default.svc.cluster.local"
CONTROL_PLANE = "control-plane"  # the machine that signs where no node is named


def claims(account: Body, since: int, until: int, audiences: list[str], about: Body) -> Body:
    """What a bound token says; times in seconds, `about`: the pod and node that it is for."""
    metadata = account["metadata"]
    own = {"serviceaccount": {"name": metadata["name"], "uid": metadata.get("uid", "")}}
    return {
        "aud": audiences or [ISSUER],
        "exp": until,
        "iat": since,
        "iss": ISSUER,
        "kubernetes.io": {"namespace": metadata["namespace"], **about, **own},
        "nbf": since,
        "sub": subject(metadata["namespace"], metadata["name"]),
    }


def subject(namespace: str, name: str) -> str:
    return f"system:serviceaccount:{namespace}:{name}"


def lasting(account: Body, secret: Body) -> Body:
    """What the token in a Secret says, for as long as the Secret stands."""
    prefix, metadata = "kubernetes.io/serviceaccount", account["metadata"]
    return {
        "iss": prefix,
        f"{prefix}/namespace": metadata["namespace"],
        f"{prefix}/secret.name": secret["metadata"]["name"],
        f"{prefix}/service-account.name": metadata["name"],
        f"{prefix}/service-account.uid": metadata["uid"],
        "sub": subject(metadata["namespace"], metadata["name"]),
    }


def signed(said: Body, machine: Body) -> str:
    head = f"{_text(orjson.dumps({'alg': 'RS256'}))}.{_text(orjson.dumps(said))}"
    return f"{head}.{_text(_signature(head, machine))}"


def read(token: str) -> Body | None:
    """The claims, whoever signed them; None where it is no such token."""
    parts = token.split(".")
    try:
        found = orjson.loads(_bytes(parts[1])) if len(parts) == 3 else None
    except orjson.JSONDecodeError:
        return None
    if not isinstance(found, dict) or not str(found.get("sub", "")).startswith("system:serviceaccount:"):
        return None
    return found if isinstance(found.get("kubernetes.io", {}), dict) else None


def signer(said: Body) -> str:
    """The machine whose key it needs; "" for a name that no machine can have."""
    name = str(dig(said.get("kubernetes.io"), "node.name") or CONTROL_PLANE)
    return "" if subdomain(name) else name


def is_valid(token: str, said: Body, machine: Body | None, now: int) -> bool:
    """Whether the API server takes it. `now` in seconds; without an end it is good for ever, as is a pod's own, which
    its kubelet renews in time."""
    head, _, signature = token.rpartition(".")
    if machine is None or not compare_digest(_bytes(signature), _signature(head, machine)):
        return False  # before anything that it says is believed
    is_over = not dig(said.get("kubernetes.io"), "node.name") and now >= said.get("exp", now + 1)
    return not is_over and ISSUER in said.get("aud", (ISSUER,))


def _signature(head: str, machine: Body) -> bytes:
    key = str(dig(machine, "metadata.uid", "")).encode()[:64]
    return blake2b(head.encode(), key=key, digest_size=32).digest()


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
