"""One request to a cluster's API, its way to the verb, and the page's way to send one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import unquote

import orjson

from clusters.apiserver.accept import JSON, Form, form
from clusters.apiserver.answer import Answer, in_form, refused
from clusters.apiserver.auth import User, authorize
from clusters.apiserver.discovery import REVIEWS, Kinds, other_versions
from clusters.apiserver.measured import MEASURED
from clusters.apiserver.target import Target, target
from clusters.engine import assembly
from clusters.kinds.problem import Status
from clusters.models import Cluster
from clusters.store.clock import cluster_now

MOST_MANAGER = 128
DEPRECATED = {"endpoints": "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"}


@dataclass
class Call:
    """`path` begins below the cluster. `target` is None where the path is none of an object's."""

    cluster: Cluster
    user: User
    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    body: bytes = b""
    address: str = ""  # where the client found the server
    raw_query: str = ""  # as it was sent: what is passed on to a pod
    warnings: list[str] = field(default_factory=list)

    @cached_property
    def kinds(self) -> Kinds:
        return assembly.kinds()

    @cached_property
    def target(self) -> Target | None:
        return target(self.method, self.path, self.query, addressed())

    @property
    def aim(self) -> Target:
        """The target of a call that is known to have one."""
        assert self.target is not None
        return self.target

    @cached_property
    def form(self) -> Form:
        return form(self.headers.get("accept", ""))

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower() or JSON

    @property
    def manager(self) -> str:
        """The field manager: as asked for, or the client's own name."""
        return (self.query.get("fieldManager") or self.headers.get("user-agent", "").partition("/")[0])[:MOST_MANAGER]

    @property
    def dry_run(self) -> bool:
        """Raises Invalid for anything but All."""
        wanted = self.query.get("dryRun", "")
        if wanted not in ("", "All"):
            raise Status(422, "Invalid", f'dryRun: Unsupported value: "{wanted}": supported values: "All"')
        return wanted == "All"

    @property
    def now(self) -> int:
        """The cluster's time."""
        return cluster_now(self.cluster)


def addressed() -> Kinds:
    """Kinds by plural, reviews among them; by plural and version what shares its plural with another."""
    if not _addressed:
        _addressed.update({**assembly.kinds(), **{kind.plural: kind for kind in REVIEWS}})
        others = [*MEASURED, *(other for kind in assembly.kinds().values() for other in other_versions(kind))]
        _addressed.update({f"{kind.plural}.{kind.api_version}": kind for kind in others})
    return _addressed


_addressed: dict[str, Any] = {}


def run(call: Call) -> Answer:
    """The verb, in this thread. Raises Status."""
    from clusters.apiserver.verbs import verb_of
    from clusters.apiserver.verbs.elsewhere import elsewhere
    from clusters.apiserver.versions import translated, version_of

    aim = call.target
    if aim is None:
        return finished(call, elsewhere(call))
    authorize(call.user, aim)
    version = version_of(aim.kind)
    return finished(call, translated(call, version) if version else verb_of(aim)(call))


def finished(call: Call, answer: Answer) -> Answer:
    """In the form that the client reads, with what it is to be warned of."""
    if answer.content_type == JSON:
        answer = in_form(answer, call.form.type)
    told = [*call.warnings, *_deprecations(call)]
    return replace(answer, warnings=(*answer.warnings, *told)) if told else answer


def _deprecations(call: Call) -> Iterable[str]:
    known = DEPRECATED.get(call.target.kind.plural) if call.target else None
    return (known,) if known else ()


def perform(
    cluster: Cluster,
    user: User,
    method: str,
    path: str,
    *,
    body: Any = None,
    content_type: str = JSON,
    query: Mapping[str, str] | None = None,
) -> Answer:
    """What kubectl's request would do and be answered, refusals too. `body`: data, or text as it would be sent."""
    sent = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else b""
    if body is not None and not isinstance(body, bytes | str):
        sent = orjson.dumps(body)
    headers = {"content-type": content_type, "user-agent": "podium", "accept": JSON}
    try:
        return run(Call(cluster, user, method, unquote(path), query or {}, headers, sent))
    except Status as status:
        return refused(status)
