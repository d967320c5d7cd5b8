"""What the API server says to a client inside the cluster: its health, its version, and who may not read what.

Everything else is 401 for a token that nobody signed and 403 for all others, as in a cluster without role bindings.
"""

from __future__ import annotations

import orjson

from clusters.kernel import Outcome
from clusters.kinds import token as tokens
from clusters.kinds.body import Body, Key
from clusters.kinds.schema import MINOR
from clusters.reconcile.clock import MILLISECOND, SECOND
from networking.network.trip import Trip

HEALTH = ("/healthz", "/livez", "/readyz")
ANONYMOUS = "system:anonymous"
VERBS = {"GET": "get", "HEAD": "get", "POST": "create", "PUT": "update", "PATCH": "patch", "DELETE": "delete"}


def answer(trip: Trip, outcome: Outcome) -> Outcome:
    """`outcome`: what the process at the port said, which knows of its health alone."""
    path = trip.request.path.partition("?")[0]
    if path in HEALTH:
        return outcome
    if path == "/version":
        major, minor = MINOR.split(".")
        told = {"major": major, "minor": minor, "gitVersion": f"v{MINOR}.0", "platform": "linux/amd64"}
        return _json(200, told)
    user = caller(trip)
    if user is None:
        return _json(401, _status(401, "Unauthorized", "Unauthorized"))
    if path.rstrip("/") == "/api" and user != ANONYMOUS:  # system:discovery is bound to all who are known
        addresses = [{"clientCIDR": "0.0.0.0/0", "serverAddress": f"{trip.request.host}:{trip.request.port}"}]
        return _json(200, {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": addresses})
    return _json(403, _status(403, "Forbidden", forbidden(trip.request.method, path, user)))


def caller(trip: Trip) -> str | None:
    """Who asks, by the token of a ServiceAccount; None for a token that no kubelet signed."""
    given = next((value for name, value in trip.request.headers if name.lower() == "authorization"), "")
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not token:
        return ANONYMOUS
    said = tokens.read(token)
    machine = trip.view.get("machines", Key("", tokens.signer(said))) if said else None
    if said is None or not tokens.is_valid(token, said, machine, trip.view.now // SECOND):
        return None
    return str(said["sub"])


def forbidden(method: str, path: str, user: str) -> str:
    """The sentence with which RBAC refuses; a path that is no resource's is refused as a path."""
    parts = [part for part in path.split("/") if part]
    if parts[:1] == ["api"] and len(parts) > 2:
        group, rest = "", parts[2:]
    elif parts[:1] == ["apis"] and len(parts) > 3:
        group, rest = parts[1], parts[3:]
    else:
        return f'forbidden: User "{user}" cannot {VERBS.get(method, method.lower())} path "{path}"'
    namespace = ""
    if rest[0] == "namespaces" and len(rest) > 2:
        namespace, rest = rest[1], rest[2:]
    name = f' "{rest[1]}"' if len(rest) > 1 else ""
    verb = "list" if method == "GET" and len(rest) == 1 else VERBS.get(method, method.lower())
    where = f'in the namespace "{namespace}"' if namespace else "at the cluster scope"
    resource = f'resource "{rest[0]}" in API group "{group}"'
    what = f"{rest[0]}.{group}" if group else rest[0]
    return f'{what}{name} is forbidden: User "{user}" cannot {verb} {resource} {where}'


def _status(code: int, reason: str, message: str) -> Body:
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
            "reason": reason, "code": code}  # fmt: skip


def _json(status: int, body: Body) -> Outcome:
    data = orjson.dumps(body)
    headers = (("Content-Type", "application/json"), ("Content-Length", str(len(data))))
    return Outcome(ok=True, status=status, headers=headers, body=data, takes=2 * MILLISECOND)
