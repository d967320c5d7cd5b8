"""PATCH: four media types, each a pure function; server-side apply may also create."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from clusters.apiserver.answer import Answer, ok
from clusters.apiserver.call import Call
from clusters.apiserver.decoding import check
from clusters.apiserver.incoming import expect, strict_problems
from clusters.apiserver.openapi import APPLY, JSON_PATCH, MERGE, STRATEGIC
from clusters.apiserver.owned import owned, told
from clusters.apiserver.ownership.fieldset import Path
from clusters.apiserver.ownership.managers import Writer
from clusters.apiserver.parsing import Parsed, parse
from clusters.apiserver.patches.apply import apply_configuration, last_applied
from clusters.apiserver.patches.json_patch import apply_json_patch
from clusters.apiserver.patches.merge import apply_merge
from clusters.apiserver.patches.misfits import printed, restoring
from clusters.apiserver.patches.strategic import apply_strategic
from clusters.engine.transaction import Transaction, changing
from clusters.kinds.body import Body, put, without
from clusters.kinds.kind import Kind
from clusters.kinds.problem import FieldError, Status
from clusters.kinds.schema import shape_of
from clusters.kinds.unhonoured import warnings
from clusters.reconcile.writes import Create, Update

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
UNKNOWN_FORMAT = "the body of the request was in an unknown format - accepted media types include: "


def patch(call: Call) -> Answer:
    """Raises BadRequest, UnsupportedMediaType, NotFound, Conflict, Invalid."""
    _check_options(call)
    parsed = parse(call.body, call.content_type)
    with changing(call.cluster.pk, call.user.name, dry_run=call.dry_run) as tx:
        live = tx.get(call.aim.kind.plural, call.aim.key)
        if call.content_type == APPLY:
            return _apply(call, parsed, live, tx)
        if live is None:
            raise Status.not_found(call.aim.kind.resource, call.aim.name)
        new = accepted_patch(call, call.aim.kind, patched(call, call.aim.kind, live, parsed.value), parsed)
        call.warnings.extend(() if call.aim.subresource else warnings(call.aim.kind, new))
        new = owned(call, call.aim.kind, _kept(new, live), live, tx.now, call.aim.subresource)
        return ok(
            told(call, _written(tx.apply(Update(call.aim.kind.plural, new, subresource=call.aim.subresource))), live)
        )


def patched(call: Call, kind: Kind, live: Body, value: Any) -> Body:
    """The object after a patch that is no apply."""
    if call.content_type == JSON_PATCH:
        return apply_json_patch(live, value)
    if call.content_type == MERGE:
        return apply_merge(live, value)
    return apply_strategic(live, value, shape_of(kind))


def accepted_patch(call: Call, kind: Kind, body: Body, parsed: Parsed) -> Body:
    """The patched object, decoded as one that was sent. What is wrong is wrong with the patch."""
    expect(body, kind)
    checked = check(kind, body)
    problem = checked.wrong if call.content_type in (JSON_PATCH, MERGE) else restoring(checked.wrong)
    if not problem:
        strict = strict_problems(checked, parsed.duplicates, call)
        problem = f"strict decoding error: {strict}" if strict else ""
    if problem:
        is_strategic = call.content_type not in (JSON_PATCH, MERGE)
        text = printed(parsed.value) if is_strategic else call.body.decode(errors="replace")
        raise Status.invalid("", "", "", [FieldError.invalid("patch", text, problem)])
    name = str((body.get("metadata") or {}).get("name") or "")
    if checked.errors:
        raise Status.invalid(kind.kind, kind.group, name, checked.errors)
    return checked.body


def _kept(new: Body, live: Body) -> Body:
    """Name and place cannot be patched."""
    metadata = new.get("metadata") or {}
    for field in ("name", "namespace"):
        if metadata.get(field) not in (None, live["metadata"].get(field)):
            wrong = FieldError.immutable(f"metadata.{field}", metadata[field])
            raise Status.invalid(live["kind"], "", live["metadata"]["name"], [wrong])
    place = {field: live["metadata"][field] for field in ("name", "namespace") if live["metadata"].get(field)}
    return {**new, "metadata": {**metadata, **place}}


def _apply(call: Call, parsed: Parsed, live: Body | None, tx: Transaction) -> Answer:
    aim = call.aim
    wanted = _configuration(call, parsed)
    if live is None and aim.subresource:
        raise Status.not_found(aim.kind.resource, aim.name)
    writer = Writer(call.manager, aim.subresource, tx.now)
    force = call.query.get("force") in ("true", "1")
    taken = _client_side(aim.kind, live) if live is not None and writer.name == "kubectl" else ()
    new = apply_configuration(shape_of(aim.kind), live, wanted, writer, force=force, taken_over=taken)
    call.warnings.extend(() if aim.subresource else warnings(aim.kind, new))
    if live is None:
        made = _written(tx.apply(Create(aim.kind.plural, _checked(aim.kind, new))))
        return ok(told(call, made, None), code=201)
    if new is live:
        return ok(live)
    new = _checked(aim.kind, new)
    return ok(told(call, _written(tx.apply(Update(aim.kind.plural, new, subresource=aim.subresource))), live))


def _client_side(kind: Kind, live: Body) -> Iterable[Path]:
    """What client-side apply set and still stands: `kubectl apply --server-side` takes it over without force."""
    text = (live["metadata"].get("annotations") or {}).get(LAST_APPLIED)
    try:
        configuration = orjson.loads(text or "null")
    except orjson.JSONDecodeError:
        return ()
    return last_applied(shape_of(kind), live, check(kind, configuration, whole=False).body) if configuration else ()


def _configuration(call: Call, parsed: Parsed) -> Body:
    """What the writer wants to own. An undeclared field is refused whatever `fieldValidation` says."""
    aim, value = call.aim, parsed.value
    if not isinstance(value, dict):
        raise Status.bad_request("error decoding YAML: the patch must be an object")
    for field in ("apiVersion", "kind"):
        if not value.get(field):
            raise Status.bad_request(f"error decoding YAML: Object '{field.capitalize()}' is missing in the patch")
    expect(value, aim.kind)
    checked = check(aim.kind, value, whole=False)
    if checked.wrong or checked.unknown or checked.errors:
        raise _untyped(call, checked.wrong or _undeclared(checked.unknown) or str(checked.errors[0]))
    metadata = checked.body.get("metadata") or {}
    for field, wished in (("name", aim.name), ("namespace", aim.namespace)):
        if wished and metadata.get(field) not in (None, wished):
            mismatch = f"the {field} of the object ({metadata[field]}) does not match the {field} on the URL ({wished})"
            raise Status.bad_request(mismatch)
    place = {"name": aim.name, **({"namespace": aim.namespace} if aim.namespace else {})}
    body: Body = {**checked.body, "metadata": {**metadata, **place}}
    if aim.subresource == "status":
        return {name: part for name, part in body.items() if name != "spec"}
    return without(body, "status") if "status" in aim.kind.subresources else body


def _checked(kind: Kind, body: Body) -> Body:
    """The whole object after an apply: now nothing may be missing."""
    checked = check(kind, body)
    if checked.errors:
        raise Status.invalid(kind.kind, kind.group, body["metadata"]["name"], checked.errors)
    fields = body["metadata"].get("managedFields")
    return put(checked.body, "metadata.managedFields", fields) if fields else checked.body


def _untyped(call: Call, problem: str) -> Status:
    aim = call.aim
    place = f"{aim.namespace}/{aim.name}; {aim.kind.api_version}, Kind={aim.kind.kind}"
    return Status(500, "", f"failed to create typed patch object ({place}): {problem}")


def _undeclared(unknown: list[str]) -> str:
    fields = [one.removeprefix('unknown field "').removesuffix('"') for one in unknown]
    told = [f".{field}: field not declared in schema" for field in fields]
    return told[0] if len(told) == 1 else "errors:\n" + "\n".join(f"  {one}" for one in told) if told else ""


def _check_options(call: Call) -> None:
    types = [JSON_PATCH, MERGE, *([] if call.aim.kind.schema else [STRATEGIC]), APPLY]
    if call.content_type not in types:
        raise Status(415, "UnsupportedMediaType", UNKNOWN_FORMAT + ", ".join(types))
    if call.content_type == APPLY and not call.query.get("fieldManager"):
        missing = FieldError.required("fieldManager", "is required for apply patch")
        raise Status.invalid("PatchOptions", "meta.k8s.io", "", [missing])
    if call.content_type != APPLY and call.query.get("force"):
        wrong = FieldError.forbidden("force", "may not be specified for non-apply patch")
        raise Status.invalid("PatchOptions", "meta.k8s.io", "", [wrong])


def _written(answer: Body | Status) -> Body:
    if isinstance(answer, Status):
        raise answer
    return answer
