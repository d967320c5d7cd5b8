"""The address of a terminal's socket."""

from django.urls import path

from playground.terminal.consumers import TerminalConsumer

WEBSOCKETS = [
    path("c/<slug:slug>/terminal/<str:namespace>/<str:name>/<str:container>/", TerminalConsumer.as_asgi()),
]
