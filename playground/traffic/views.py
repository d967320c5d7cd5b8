"""Traffic on the page: the numbers of its charts, and the forms that send, change and stop it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from playground.home.action import Action
from playground.home.api import run, visitor
from playground.home.found import cluster_of, cluster_to_change
from playground.home.reading import Reading
from playground.reasons.questions.request import of_trace
from playground.reasons.stored import StoredEvidence
from playground.traffic import actions, telling
from playground.traffic.ways import id_of

NOWHERE = "_"
OBJECTS = ("traffic", "services", "ingresses", "pods")


@require_GET
@never_cache
def points(request: HttpRequest, slug: str, plural: str, namespace: str, name: str) -> HttpResponse:
    """{"points": [[second, sent, answered, failed, p50, p95, p99], ...], "now"}; times in microseconds."""
    around = Reading(cluster_of(slug))
    body = around.get(plural, "" if namespace == NOWHERE else namespace, name) if plural in OBJECTS else None
    if body is None:
        raise Http404("There is no such object any more.")
    seen = [found for one in telling.mine(plural, body, around) if (found := telling.sighting(one, around))]
    return JsonResponse({"points": telling.merged([one["points"] for one in seen]), "now": around.now // 1_000_000})


@require_POST
def send(request: HttpRequest, slug: str, namespace: str, service: str) -> HttpResponse:
    cluster = cluster_to_change(request, slug)
    around = Reading(cluster)
    return _done(request, slug, actions.send(namespace, service, request.POST.dict(), around.now))


@require_POST
def change(request: HttpRequest, slug: str, namespace: str, name: str, action: str) -> HttpResponse:
    """`rate` (with the field `rate`), `pause` (or on again), `stop`."""
    cluster = cluster_to_change(request, slug)
    body = Reading(cluster).get("traffic", namespace, name)
    if body is None:
        raise Http404("There is no such Traffic any more.")
    if action == "rate":
        return _done(request, slug, actions.changed(body, request.POST.dict()))
    return _done(request, slug, actions.stopped(body) if action == "stop" else actions.paused(body))


@require_GET
@never_cache
def why(request: HttpRequest, slug: str, namespace: str, name: str) -> HttpResponse:
    """What is the matter where the request `way` ended; of one that is no longer kept, that this is so."""
    cluster = cluster_of(slug)
    around = Reading(cluster)
    seen = around.get("sightings", namespace, name) or {}
    trace = next((one for one in seen.get("failures", ()) if id_of(one) == request.GET.get("way")), None)
    answer = of_trace(trace, StoredEvidence(cluster, around)) if trace is not None else None
    return render(request, "traffic/_why.html", {"answer": answer, "base": f"/c/{slug}/"})


def _done(request: HttpRequest, slug: str, action: Action) -> HttpResponse:
    cluster = cluster_to_change(request, slug)
    outcome = run(visitor(request, cluster), cluster, action)
    return render(request, "inspector/_outcome.html", {"outcome": outcome})
