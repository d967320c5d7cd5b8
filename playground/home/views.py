"""The first page, a visitor's own cluster, and its links."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clusters.engine.birth import start_over
from clusters.models import Cluster
from playground.home import links, rights
from playground.home.errors import told
from playground.home.found import cluster_of, cluster_to_change
from playground.home.kubeconfig import kubeconfig
from playground.home.qr import qr_svg
from playground.home.visitors import Full, new_cluster


@require_GET
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """A returning visitor goes on to their cluster; a new one gets the page that asks for it."""
    slug = request.session.get(rights.OWN, "")
    if slug and Cluster.objects.filter(slug=slug).exists():
        return redirect(links.page_path(slug))
    return render(request, "home/home.html", {"asks": True})


@require_GET
@never_cache
def about(request: HttpRequest) -> HttpResponse:
    """The same page for somebody who wants to read it or to have another cluster."""
    return render(request, "home/home.html", {"asks": False, "own": own_path(request)})


@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Make the visitor's cluster; a second click leads to the one that the first made."""
    slug = request.session.get(rights.OWN, "")
    if slug and Cluster.objects.filter(slug=slug).exists() and "another" not in request.POST:
        return redirect(links.page_path(slug))
    try:
        name = rights.named(request.session)
        cluster = new_cluster(name, rights.visitor_key(request.session), request.META.get("REMOTE_ADDR", ""))
    except Full as full:
        return told(request, 429, "The house is full", str(full))
    request.session[rights.OWN] = cluster.slug
    rights.grant(request.session, cluster.slug)
    return redirect(links.page_path(cluster.slug))


@require_GET
@never_cache
def edit(request: HttpRequest, slug: str, secret: str) -> HttpResponse:
    """The edit link: keep the right in the session and go on without the secret in the address."""
    cluster = cluster_of(slug)
    if not constant_time_compare(secret, cluster.secret):
        raise Http404("This edit link is not right. Was it copied whole?")
    rights.grant(request.session, slug)
    return redirect(links.page_path(slug))


@require_GET
@never_cache
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Both links, with a picture of each for phones. Who may only look, gets the link to look."""
    cluster = cluster_of(slug)
    look = links.page_url(request, slug)
    act = links.edit_url(request, slug, cluster.secret) if rights.may_edit(request.session, slug) else ""
    shared = {"slug": slug, "look": look, "act": act, "look_qr": qr_svg(look), "act_qr": qr_svg(act) if act else ""}
    return render(request, "home/_share.html", shared)


@require_GET
@never_cache
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """A kubeconfig that works as it is. It carries the visitor's own rights."""
    cluster = cluster_to_change(request, slug)
    text = kubeconfig(cluster, rights.actor(request.session), links.visited_host(request))
    answer = HttpResponse(text, content_type="application/yaml")
    answer["Content-Disposition"] = f'attachment; filename="podium-{slug}.yaml"'
    return answer


@require_http_methods(["GET", "POST"])
@never_cache
def again(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: ask in place. POST: start over from the cluster's first snapshot."""
    cluster = cluster_to_change(request, slug)
    if request.method == "POST":
        start_over(cluster, rights.actor(request.session))
    whole = request.headers.get("HX-Request") != "true"
    if whole:
        return redirect(links.page_path(slug))
    return render(request, "home/_start_over.html", {"slug": slug, "done": request.method == "POST"})


def own_path(request: HttpRequest) -> str:
    slug = request.session.get(rights.OWN, "")
    return links.page_path(slug) if slug and Cluster.objects.filter(slug=slug).exists() else ""
