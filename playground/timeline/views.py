"""What happened: the whole list, or what is new since a revision."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from clusters.kinds.number import whole_number
from playground.home.found import cluster_of
from playground.timeline.tellers import lines

SHOWN = 150


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
