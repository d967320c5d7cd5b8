"""The little browser beside the picture: its address bar, its page in a sandbox, and the way that a request took."""

from __future__ import annotations

import redis
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clusters.engine.clock import cluster_now
from clusters.kernel import Hop
from clusters.models import Cluster
from playground.home.found import cluster_of
from playground.home.reading import Reading
from playground.home.rights import may_edit
from playground.reasons.questions.request import of_hops
from playground.reasons.stored import StoredEvidence
from playground.visit.address import visit_path
from playground.visit.suggestions import suggestions
from playground.visit.ticket import guest_name
from playground.visit.visited import Visited, last


@require_GET
@never_cache
def browser(request: HttpRequest, slug: str) -> HttpResponse:
    """With `?to=` the address that it opens."""
    cluster = cluster_of(slug)
    if not request.session.session_key:
        request.session.create()  # by it the way of a request finds its visitor again
    typed = request.GET.get("to", "")
    path = visit_path(slug, typed) if typed else None
    whole = request.headers.get("HX-Request") != "true"
    context = {
        "base": f"/c/{slug}/",
        "typed": typed,
        "path": path or "",
        "wrong": bool(typed) and path is None,
        "suggestions": suggestions(Reading(cluster)),
        "may_edit": may_edit(request.session, slug),
        "whole": whole,
    }
    return render(request, "visit/page.html" if whole else "visit/_browser.html", context)


@require_GET
@never_cache
def visited(request: HttpRequest, slug: str) -> HttpResponse:
    """The way of this visitor's last request; 204 when there was none."""
    cluster = cluster_of(slug)
    found = _last(request, cluster)
    if found is None:
        return HttpResponse(status=204)
    # the page asks as soon as the answer has come: now is when that was
    context = {"visited": found, "at": cluster_now(cluster), "base": f"/c/{slug}/"}
    return render(request, "visit/_way.html", context)


@require_GET
@never_cache
def why(request: HttpRequest, slug: str) -> HttpResponse:
    """Why this visitor's last request failed, `at` which time of the cluster it did."""
    cluster = cluster_of(slug)
    found, around, at = _last(request, cluster), Reading(cluster), request.GET.get("at", "")
    answer = None
    if found is not None and found.has_failed:
        when = int(at) if at.isdecimal() and int(at) <= around.now else around.now
        hops = [Hop(*hop) for hop in found.hops]
        answer = of_hops(hops, found.reason or f"HTTP {found.status}", StoredEvidence(cluster, around), when)
    return render(request, "visit/_why.html", {"answer": answer, "base": f"/c/{slug}/"})


def _last(request: HttpRequest, cluster: Cluster) -> Visited | None:
    try:
        return last(cluster.pk, guest_name(request.session.session_key or ""))
    except redis.RedisError:
        return None
