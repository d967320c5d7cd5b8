"""Addresses of the live page and its socket."""

from django.urls import path

from playground.topology import views
from playground.topology.consumers import TopologyConsumer

urlpatterns = [path("c/<slug:slug>/", views.page, name="cluster"), path("c/<slug:slug>/way/", views.way)]

WEBSOCKETS = [path("c/<slug:slug>/live/", TopologyConsumer.as_asgi())]
