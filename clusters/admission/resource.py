"""By which name an object's kind stands in a refusal."""

from __future__ import annotations

from clusters.kinds.body import Body
from clusters.reconcile.view import View


def resource_of(body: Body, view: View) -> str:
    """`pods`, `deployments.apps`: for sentences of refusal, so it may take its time."""
    wanted = (body["apiVersion"], body["kind"])
    return next(kind.resource for kind in view.kinds.values() if (kind.api_version, kind.kind) == wanted)
