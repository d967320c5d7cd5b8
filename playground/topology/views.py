"""The live page of a cluster."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from playground.home.found import cluster_of
from playground.home.rights import may_edit


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """The frame; everything in it that lives comes by its socket."""
    cluster = cluster_of(slug)
    about = {"cluster": cluster, "may_edit": may_edit(request.session, slug), "base": f"/c/{slug}/"}
    return render(request, "topology/page.html", about)
