"""What happened, and the cluster as it was. Whoever has the link may look; nothing is changed here."""

from __future__ import annotations

import orjson
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clusters.kinds.number import whole_number
from clusters.store.past import bounds
from playground.home.found import cluster_of
from playground.timeline import comparing, history, stepping
from playground.timeline.frame import frame_at
from playground.timeline.moment import MOST, asked, at_time
from playground.timeline.tellers import lines
from playground.topology.frames import is_packed, packed

SHOWN = 150
JSON = "application/json"


@require_GET
@never_cache
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """With `since` only newer lines, and 204 where there are none."""
    found = lines(cluster_of(slug), SHOWN)
    since = whole_number(request.GET.get("since", ""))
    context = {"lines": found, "base": f"/c/{slug}/", "newest": found[0].revision if found else 0}
    if since is not None:
        new = [line for line in found if line.revision > since]
        return render(request, "timeline/_new.html", context | {"lines": new}) if new else HttpResponse(status=204)
    whole = request.headers.get("HX-Request") != "true"
    return render(request, "timeline/page.html" if whole else "timeline/_feed.html", context)


@require_GET
@never_cache
def at(request: HttpRequest, slug: str) -> HttpResponse:
    """`?revision=` or `?time=` (microseconds): the picture's snapshot frame as of then."""
    cluster = cluster_of(slug)
    text = frame_at(cluster, asked(request, cluster))
    takes_it = "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(packed(text) if takes_it else text, content_type=JSON)
    if is_packed(answer.content):
        answer["Content-Encoding"] = "gzip"
    answer["Vary"] = "Accept-Encoding"
    return answer


@require_GET
@never_cache
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    """How much changed when, and the marks; with `since` only what is new after that revision."""
    since = whole_number(request.GET.get("since", "")) or 0
    return HttpResponse(orjson.dumps(history.told(cluster_of(slug), since)), content_type=JSON)


@require_GET
@never_cache
def step(request: HttpRequest, slug: str) -> HttpResponse:
    """From `?revision=` to the change beside it that can be told (`to=next` or `previous`); 204: there is none."""
    cluster = cluster_of(slug)
    found = stepping.beside(cluster, asked(request, cluster).revision, forward=request.GET.get("to") != "previous")
    return HttpResponse(status=204) if found is None else HttpResponse(orjson.dumps(found), content_type=JSON)


@require_GET
@never_cache
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two moments, `from` and `to`, in microseconds: what came, what went, what became otherwise."""
    cluster = cluster_of(slug)
    limits = bounds(cluster.pk)
    times = [whole_number(request.GET.get(name, "")) for name in ("from", "to")]
    moments = sorted(
        (at_time(cluster, limits, min(max(time or 0, 0), MOST)) for time in times), key=lambda one: one.revision
    )
    found = comparing.compare(cluster, moments[0].revision, moments[1].revision)
    context = {"moments": moments, "found": found, "base": f"/c/{slug}/"}
    whole = request.headers.get("HX-Request") != "true"
    return render(request, "timeline/compare_page.html" if whole else "timeline/_compare.html", context)
