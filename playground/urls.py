"""Every page's address. A feature's own addresses stand in its urls.py; websockets in WEBSOCKETS."""

from django.urls import URLPattern, URLResolver, include, path

from playground.topology.urls import WEBSOCKETS as TOPOLOGY

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("playground.topology.urls")),
]

WEBSOCKETS: list[URLPattern] = [*TOPOLOGY]
