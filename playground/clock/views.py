"""The clock: shown to everybody, set by those who may act."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from clusters.engine.clock import clock_of, set_clock, step
from clusters.models import Cluster
from clusters.reconcile.clock import MILLISECOND
from clusters.store.clock import wall_now
from playground.clock.speeds import SPEEDS, lag, meaning, shown, speed_of
from playground.home.found import cluster_of, cluster_to_change
from playground.home.rights import may_edit

FAR_APART = 60_000_000  # microseconds between the cluster's time and the laptop's


@require_http_methods(["GET", "POST"])
@never_cache
def clock(request: HttpRequest, slug: str) -> HttpResponse:
    """GET: the clock. POST: `paused` (1 or 0), `speed` (0.1 to 60) or `step` ("change" or "timer")."""
    if request.method == "POST":
        cluster = cluster_to_change(request, slug)
        problem = change(cluster, request.POST.dict())
        cluster.refresh_from_db()
    else:
        cluster, problem = cluster_of(slug), ""
    return render(request, "clock/_clock.html", context(request, cluster, problem))


def change(cluster: Cluster, form: dict[str, str]) -> str:
    """Carry out what the form asks for; what is wrong with it, or ""."""
    try:
        if form.get("step"):
            step(cluster, form["step"])
        if form.get("paused"):
            set_clock(cluster, paused=form["paused"] == "1")
        if form.get("speed"):
            speed = speed_of(form["speed"])
            if speed is None:
                return "The speed must be a number from 0.1 to 60."
            set_clock(cluster, speed=speed)
    except ValueError as error:
        return f"{str(error)[:1].upper()}{str(error)[1:]}."
    return ""


def context(request: HttpRequest, cluster: Cluster, problem: str) -> dict[str, object]:
    now, wall = clock_of(cluster), wall_now()
    return {
        "base": f"/c/{cluster.slug}/",
        "may_edit": may_edit(request.session, cluster.slug),
        "now": now.at(wall) // MILLISECOND,
        "paused": now.paused,
        "stopped": cluster.paused,
        "speed": shown(now.speed),
        "rate": now.speed,
        "speeds": [(speed, shown(speed), speed == now.speed) for speed in SPEEDS],
        "lag": lag(now.lag, now.speed, paused=now.paused),
        "apart": abs(now.at(wall) - wall) > FAR_APART,
        "timings": cluster.timings,
        "meaning": meaning(cluster.timings),
        "problem": problem,
    }
