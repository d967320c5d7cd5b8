"""One object's page: the panel, its regions as they change, and actions on it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from playground.home.api import Outcome, run, visitor
from playground.home.found import cluster_of, cluster_to_change
from playground.home.reading import Reading
from playground.inspector import regions
from playground.inspector.actions import actions_of
from playground.inspector.actions.node import add_node
from playground.inspector.closer import closer as look_closer
from playground.inspector.subject import Subject, subject_of
from playground.reasons.decision import looks
from playground.reasons.table import weighing
from playground.timeline.moment import asked


@require_GET
@never_cache
def panel(request: HttpRequest, slug: str, plural: str, namespace: str, name: str) -> HttpResponse:
    """The whole panel, with `tab` open; in a tab of its own it is a page."""
    subject, tab = looked_at(request, slug, plural, namespace, name), request.GET.get("tab", "")
    return show(request, subject, tab if tab in dict(subject.tabs) else "summary")


@require_GET
@never_cache
def tab(request: HttpRequest, slug: str, plural: str, namespace: str, name: str, tab: str) -> HttpResponse:
    """Another tab of it."""
    subject = looked_at(request, slug, plural, namespace, name)
    if tab not in dict(subject.tabs):
        raise Http404("There is no such tab.")
    if subject.body is None:
        return gone(request, subject)
    if request.headers.get("HX-Request") != "true":
        return show(request, subject, tab)
    return HttpResponse(regions.region(request, subject, tab, regions.TABS[tab](request, subject)))


@require_GET
@never_cache
def scheduling(request: HttpRequest, slug: str, plural: str, namespace: str, name: str) -> HttpResponse:
    """What the scheduler weighed for a pod: under its reasons, or as a page that is wide enough for all of it."""
    subject = subject_of(cluster_of(slug), plural, namespace, name)
    if plural != "pods":
        raise Http404("Only pods are scheduled.")
    if subject.body is None:
        return gone(request, subject)
    tables = [weighing(look) for look in looks(subject.cluster, subject.body)]
    whole = request.headers.get("HX-Request") != "true"
    context = {"subject": subject, "tables": tables, "whole": whole, "base": f"/c/{subject.cluster.slug}/"}
    return render(request, "reasons/scheduling_page.html" if whole else "reasons/_scheduling.html", context)


@require_GET
@never_cache
def live(request: HttpRequest, slug: str, plural: str, namespace: str, name: str) -> HttpResponse:
    """What has changed since the page asked last; 204 when nothing has."""
    subject = subject_of(cluster_of(slug), plural, namespace, name)
    if subject.body is None:
        return gone(request, subject)
    shown = request.GET.get("tab", "")
    found = regions.changed(request, subject, shown if shown in dict(subject.tabs) else "summary")
    return HttpResponse(found) if found else HttpResponse(status=204)


@require_GET
@never_cache
def closer(request: HttpRequest, slug: str, plural: str, namespace: str, name: str) -> HttpResponse:
    """What the picture tells of a pod only to those who look closer; with `revision`, what it would have told then."""
    subject = looked_at(request, slug, plural, namespace, name)
    if plural != "pods":
        raise Http404("Only pods have more to tell.")
    # of who is gone, or was not yet there, nothing more is known: the picture asks on its own, that is no mistake
    return JsonResponse(look_closer(subject.cluster, subject.body) if subject.body is not None else {})


@require_POST
def act(request: HttpRequest, slug: str, plural: str, namespace: str, name: str, action: str) -> HttpResponse:
    """Do it, and show what became of it where the buttons are."""
    cluster = cluster_to_change(request, slug)
    subject = subject_of(cluster, plural, namespace, name)
    if subject.body is None:
        return gone(request, subject)
    offered = actions_of(subject.kind, subject.body, subject.around, request.POST)
    chosen = next((one for one in offered if one.name == action), None)
    if chosen is None:
        outcome = Outcome("", "", f"That cannot be done to {name} now.")
    else:
        outcome = run(visitor(request, cluster), cluster, chosen)
    after = subject_of(cluster, plural, namespace, name)
    if after.body is None:
        return gone(request, after, outcome)
    told = render_to_string("inspector/_outcome.html", {"outcome": outcome}, request)
    acts = regions.region(request, after, "acts", regions.acts(request, after), oob=True)
    return HttpResponse(told + acts + regions.region(request, after, "head", {}, oob=True))


@require_POST
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A machine joins: the panel shows the new node."""
    cluster = cluster_to_change(request, slug)
    action = add_node(Reading(cluster).list("nodes"))
    outcome = run(visitor(request, cluster), cluster, action)
    subject = subject_of(cluster, "nodes", "_", str(action.calls[0].body["metadata"]["name"]))
    if subject.body is None:
        return render(request, "inspector/_refused.html", {"outcome": outcome})
    return show(request, subject, outcome=outcome)


def show(
    request: HttpRequest, subject: Subject, tab: str = "summary", *, outcome: Outcome | None = None
) -> HttpResponse:
    if subject.body is None:
        return gone(request, subject)
    whole = request.headers.get("HX-Request") != "true"
    parts = {
        "head": regions.region(request, subject, "head", {}),
        "acts": acts_of(request, subject),
        "tab": regions.region(request, subject, tab, regions.TABS[tab](request, subject)),
    }
    context = {"subject": subject, "shown": tab, "outcome": outcome, "base": f"/c/{subject.cluster.slug}/", **parts}
    return render(request, "inspector/page.html" if whole else "inspector/_object.html", context)


def looked_at(request: HttpRequest, slug: str, plural: str, namespace: str, name: str) -> Subject:
    """As it is; with `revision`, as it was then."""
    cluster = cluster_of(slug)
    past = asked(request, cluster) if "revision" in request.GET else None
    return subject_of(cluster, plural, namespace, name, past)


def acts_of(request: HttpRequest, subject: Subject) -> str:
    if subject.past:
        return regions.region(request, subject, "past", {})
    return regions.region(request, subject, "acts", regions.acts(request, subject))


def gone(request: HttpRequest, subject: Subject, outcome: Outcome | None = None) -> HttpResponse:
    """The object is not there any more: said in its place, not as an error."""
    whole = request.headers.get("HX-Request") != "true"
    in_place = request.headers.get("HX-Target") not in (None, "panel")
    context = {"subject": subject, "outcome": outcome, "in_place": in_place, "base": f"/c/{subject.cluster.slug}/"}
    return render(request, "inspector/gone_page.html" if whole else "inspector/_gone.html", context)
