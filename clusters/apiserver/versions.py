"""Other versions of a kind: a request in one of them becomes the same request in the stored one (API versioning)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import orjson

from clusters.apiserver.accept import JSON
from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call, run
from clusters.apiserver.incoming import read_object
from clusters.apiserver.openapi import APPLY
from clusters.apiserver.parsing import parse
from clusters.apiserver.verbs.patch import accepted_patch, patched
from clusters.kinds.body import Body
from clusters.kinds.kind import Kind, Version
from clusters.kinds.problem import Status


def version_of(kind: Kind) -> Version | None:
    """The version that this kind is, where it is not the stored one."""
    return next((version for version in kind.versions if version.api_version == kind.api_version), None)


def translated(call: Call, version: Version) -> Answer:
    """The answer of the stored version, told in the one that was asked for. Raises what its verb raises."""
    if call.form.transform:
        return _inner(call, call.method, accept=call.headers.get("accept", ""))
    return _VERBS[call.aim.verb](call, version)


def _read(call: Call, version: Version) -> Answer:
    return _told(_inner(call, call.method), version)


def _write(call: Call, version: Version) -> Answer:
    body = {**version.up(read_object(call, call.aim.kind)), "apiVersion": _stored(call).api_version}
    return _told(_inner(call, call.method, body), version)


def _patch(call: Call, version: Version) -> Answer:
    """Read, patched as what the client knows, and written back unless somebody was quicker."""
    if call.content_type == APPLY:
        raise Status(415, "UnsupportedMediaType", f"server-side apply is served in {_stored(call).api_version} only")
    parsed = parse(call.body, call.content_type)
    live = _inner(call, "GET")
    if live.code != 200:
        return live
    known = _down(live.body, version)
    wanted = accepted_patch(call, call.aim.kind, patched(call, call.aim.kind, known, parsed.value), parsed)
    body = {**version.up(wanted), "apiVersion": _stored(call).api_version}
    return _told(_inner(call, "PUT", body), version)


_VERBS: Mapping[str, Callable[[Call, Version], Answer]] = {
    "get": _read,
    "list": _read,
    "create": _write,
    "update": _write,
    "patch": _patch,
    "delete": _read,
    "deletecollection": _read,
}


def _stored(call: Call) -> Kind:
    return call.kinds[call.aim.kind.plural]


def _inner(call: Call, method: str, body: Body | None = None, accept: str = JSON) -> Answer:
    """The same request at the stored version's address."""
    mine, stored = call.aim.kind, _stored(call)
    prefix = f"/apis/{stored.api_version}" if stored.group else f"/api/{stored.api_version}"
    path = call.path.replace(f"/apis/{mine.api_version}", prefix, 1)
    headers = {**call.headers, "accept": accept, **({"content-type": JSON} if body is not None else {})}
    sent = call.body if body is None else orjson.dumps(body)
    return run(replace(call, method=method, path=path, headers=headers, body=sent))


def _told(answer: Answer, version: Version) -> Answer:
    body = answer.body
    if answer.code >= 400 or body.get("kind") == "Status":
        return answer
    if "items" in body:
        items = [_down({**one, "kind": body["kind"].removesuffix("List")}, version) for one in body["items"]]
        return replace(ok({**body, "apiVersion": version.api_version, "items": items}), warnings=())
    return ok(_down(body, version), code=answer.code)


def _down(body: Body, version: Version) -> Body:
    return {**version.down(body), "apiVersion": version.api_version}
