"""The editor: a text, examples to begin with, and what became of each document when it was applied."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from clusters.engine.assembly import kinds
from clusters.kinds.body import without
from clusters.models import Cluster
from playground.editor.applying import Result, apply_all
from playground.editor.documents import Unreadable, documents
from playground.examples.shelf import example, shelves
from playground.home.api import send, visitor
from playground.home.found import cluster_of, cluster_to_change
from playground.home.reading import Reading
from playground.home.rights import may_edit
from playground.inspector.yamltext import text_of

SERVERS_OWN = ("status", "metadata.uid", "metadata.creationTimestamp", "metadata.generation")


@require_http_methods(["GET", "POST"])
@never_cache
def editor(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the editor, with `?example=` or `?of=plural/namespace/name` in it. POST: apply the text."""
    if request.method == "POST":
        return apply(request, cluster_to_change(request, slug))
    cluster = cluster_of(slug)
    given = text_asked_for(request, cluster)
    return show(request, cluster, {"text": given, "given": bool(given), "replace": "of" in request.GET})


@require_GET
@never_cache
def text(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """An example's text alone, for the script to put into the editor."""
    found = example(name)
    if found is None:
        raise Http404("There is no such example.")
    return HttpResponse(found.text, content_type="text/plain; charset=utf-8")


def apply(request: HttpRequest, cluster: Cluster) -> HttpResponse:
    written = request.POST.get("text", "").replace("\r\n", "\n")
    replace, force = request.POST.get("replace") == "1", request.POST.get("force") == "1"
    user = visitor(request, cluster)
    results: list[Result] = []
    problem = None
    try:
        found = documents(written)
        results = list(apply_all(found, kinds(), lambda call: send(user, cluster, call), force=force, replace=replace))
    except Unreadable as error:
        problem = error.problem
    context = {"text": written, "given": True, "results": results, "problem": problem, "replace": replace}
    context |= {"applied": True, "conflict": any(result.conflict for result in results)}
    if request.headers.get("HX-Request") == "true":
        return render(request, "editor/_result.html", {**context, "base": f"/c/{cluster.slug}/"})
    return show(request, cluster, context)


def show(request: HttpRequest, cluster: Cluster, context: dict[str, object]) -> HttpResponse:
    whole = request.headers.get("HX-Request") != "true"
    shared = {
        "base": f"/c/{cluster.slug}/",
        "slug": cluster.slug,
        "may_edit": may_edit(request.session, cluster.slug),
        "shelves": shelves(),
        "chosen": request.GET.get("example", ""),
    }
    return render(request, "editor/page.html" if whole else "editor/_editor.html", {**shared, **context})


def text_asked_for(request: HttpRequest, cluster: Cluster) -> str:
    found = example(request.GET.get("example", ""))
    if found is not None:
        return found.text
    return text_of_object(cluster, request.GET.get("of", ""))


def text_of_object(cluster: Cluster, address: str) -> str:
    """An object as somebody would edit it: without what only the server writes."""
    plural, _, rest = address.partition("/")
    namespace, _, name = rest.partition("/")
    kind = kinds().get(plural)
    if kind is None or not kind.served:
        return ""
    body = Reading(cluster).get(plural, "" if namespace == "_" else namespace, name)
    for path in SERVERS_OWN:
        body = without(body, path) if body else None
    return text_of(body) if body else ""
