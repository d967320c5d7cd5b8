"""Every page's address. A feature's own addresses stand in its urls.py; websockets in WEBSOCKETS."""

from django.urls import URLPattern, URLResolver, include, path

from playground.terminal.urls import WEBSOCKETS as TERMINAL
from playground.topology.urls import WEBSOCKETS as TOPOLOGY

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("playground.home.urls")),
    path("", include("playground.topology.urls")),
    path("", include("playground.inspector.urls")),
    path("", include("playground.editor.urls")),
    path("", include("playground.timeline.urls")),
    path("", include("playground.clock.urls")),
    path("", include("playground.faults.urls")),
    path("", include("playground.traffic.urls")),
    path("", include("playground.visit.urls")),
]
handler400 = "playground.home.errors.bad_request"
handler403 = "playground.home.errors.forbidden"
handler404 = "playground.home.errors.not_found"
handler500 = "playground.home.errors.broken"

WEBSOCKETS: list[URLPattern] = [*TERMINAL, *TOPOLOGY]
