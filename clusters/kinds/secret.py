"""Settings that are nobody else's business (Kubernetes: Secrets)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

from clusters.kinds.age import framed
from clusters.kinds.body import Body, annotations_of
from clusters.kinds.data import data_problems, frozen_problems, held
from clusters.kinds.kind import Column, Kind
from clusters.kinds.metadata import problems as metadata_problems
from clusters.kinds.names import subdomain
from clusters.kinds.problem import FieldError

# type -> keys that it must hold
NEEDS = {
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
}
TOKEN = "kubernetes.io/service-account-token"
ACCOUNT = "kubernetes.io/service-account.name"


def fill_in(secret: Body) -> None:
    """`stringData` is for writing only: it goes into `data`."""
    secret["type"] = secret.get("type") or "Opaque"
    plain = secret.pop("stringData", None)
    if plain:
        encoded = {name: b64encode((text or "").encode()).decode() for name, text in plain.items()}
        secret["data"] = {**(secret.get("data") or {}), **encoded}


def problems(new: Body, old: Body | None) -> Iterator[FieldError]:
    yield from metadata_problems(new, subdomain)
    data = new.get("data") or {}
    yield from data_problems(data, "data", encoded=True)
    yield from _needs(new, data)
    if old is not None:
        if new["type"] != old["type"]:
            yield FieldError.immutable("type", new["type"])
        yield from frozen_problems(new, old, ("data",))


def _needs(secret: Body, data: Body) -> Iterator[FieldError]:
    for name in NEEDS.get(secret["type"], ()):
        if name not in data:
            yield FieldError.required(f"data[{name}]")
    if secret["type"] == "kubernetes.io/basic-auth" and "username" not in data and "password" not in data:
        yield FieldError.required("data[username]")
        yield FieldError.required("data[password]")
    if secret["type"] == TOKEN and not annotations_of(secret).get(ACCOUNT):
        yield FieldError.required(f"metadata.annotations[{ACCOUNT}]")


SECRET = Kind(
    "v1",
    "Secret",
    "secrets",
    columns=framed(Column("Type", "type"), Column("Data", lambda body, _: held(body))),
    defaults=fill_in,
    validate=problems,
    selectable=("type",),
)
