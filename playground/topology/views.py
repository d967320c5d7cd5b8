"""The live page of a cluster."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from clusters.engine.assembly import kinds
from clusters.kinds.number import whole_number
from clusters.models import Change
from playground.home.found import cluster_of
from playground.home.rights import may_edit
from playground.staticfiles import bundled
from playground.topology import way as ways

LOOKED_BACK, FOLLOWED = 3000, 1500  # lines of the log
COLUMNS = ("revision", "op", "resource", "namespace", "name", "uid", "actor", "cause", "why", "at")


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The frame; everything in it that lives comes by its socket."""
    cluster = cluster_of(slug)
    plurals = {kind.kind: kind.plural for kind in kinds().values() if kind.served}
    about = {"cluster": cluster, "may_edit": may_edit(request.session, slug), "base": f"/c/{slug}/", "plurals": plurals}
    about |= {"fonts": bundled("fonts/*.woff2"), "chunks": bundled("chunks/chunk-*.js")}
    return render(request, "topology/page.html", about)


@require_safe
@never_cache
def way(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps of one change, by `?revision=`, or of the last that somebody asked for."""
    log = Change.objects.filter(cluster=cluster_of(slug)).order_by("revision")
    first = whole_number(request.GET.get("revision", ""))
    if first is None:
        first = ways.latest(reversed(log.reverse().values(*COLUMNS)[:LOOKED_BACK]))
    steps = [] if first is None else ways.way(list(log.filter(revision__gte=first).values(*COLUMNS)[:FOLLOWED]), first)
    return HttpResponse(orjson.dumps({"steps": steps}), content_type="application/json")
