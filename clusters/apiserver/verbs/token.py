"""A token for a ServiceAccount, for a time (authentication/v1: TokenRequest; `kubectl create token`)."""

from __future__ import annotations

import orjson

from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.incoming import identified, read_data
from clusters.kinds import token
from clusters.kinds.body import Body, Key
from clusters.kinds.kind import Kind
from clusters.kinds.problem import FieldError, Status
from clusters.reconcile.clock import SECOND, rfc3339
from clusters.store import read

TOKENREQUEST = Kind("authentication.k8s.io/v1", "TokenRequest", "tokenrequests")
HOUR, SHORTEST, LONGEST = 3600, 600, 1 << 32  # seconds
BINDABLE = {"Pod": "pods", "Secret": "secrets", "Node": "nodes"}


def request(call: Call) -> Answer:
    """Raises BadRequest, NotFound, Conflict, Invalid. Nothing is kept of it."""
    aim = call.aim
    wanted = identified(*read_data(call), TOKENREQUEST, whole=False)
    spec = wanted.get("spec") or {}
    lasts = spec.get("expirationSeconds", HOUR)
    _check(lasts, aim.name)
    account = _read(call, "serviceaccounts", aim.key)
    if account is None:
        raise Status.not_found("serviceaccounts", aim.name)
    about = _about(call, spec.get("boundObjectRef"))
    machine = _read(call, "machines", Key("", token.CONTROL_PLANE)) or {}
    since = call.now // SECOND
    said = token.claims(account, since, since + lasts, spec.get("audiences") or [], about)
    status = {"token": token.signed(said, machine), "expirationTimestamp": rfc3339((since + lasts) * SECOND)}
    metadata = {"name": aim.name, "namespace": aim.namespace, "creationTimestamp": rfc3339(call.now)}
    asked = {"boundObjectRef": None, **spec, "audiences": said["aud"], "expirationSeconds": lasts}
    return ok({**wanted, "metadata": metadata, "spec": asked, "status": status}, code=201)


def _check(lasts: int, name: str) -> None:
    told = ""
    if lasts < SHORTEST:
        told = "may not specify a duration less than 10 minutes"
    elif lasts > LONGEST:
        told = "may not specify a duration larger than 2^32 seconds"
    if told:
        wrong = FieldError.invalid("spec.expirationSeconds", lasts, told)
        raise Status.invalid("TokenRequest", "authentication.k8s.io", name, [wrong])


def _about(call: Call, reference: Body | None) -> Body:
    """The object whose end is the token's end too."""
    if not reference:
        return {}
    kind, name = str(reference.get("kind")), str(reference.get("name"))
    if kind not in BINDABLE:
        raise Status.bad_request(f"cannot bind token for object of type {reference.get('apiVersion')}, Kind={kind}")
    found = _read(call, BINDABLE[kind], Key("" if kind == "Node" else call.aim.namespace, name))
    uid = reference.get("uid")
    if found is None:
        raise Status.not_found(BINDABLE[kind], name)
    if uid and uid != found["metadata"]["uid"]:
        told = f"the UID in the bound object reference ({uid}) does not match the UID in record. "
        told += "The object might have been deleted and then recreated"
        raise Status.conflict(BINDABLE[kind], name, told)
    return {kind.lower(): {"name": name, "uid": found["metadata"]["uid"]}}


def _read(call: Call, resource: str, key: Key) -> Body | None:
    stored = read.get(call.cluster.pk, resource, key)
    return None if stored is None else orjson.loads(stored.body)
