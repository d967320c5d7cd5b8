"""Addresses of traffic: its numbers, and what can be done to it."""

from django.urls import path, register_converter

from playground.traffic import views


class ActionConverter:
    """What can be done to a Traffic."""

    regex = "rate|pause|stop"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ActionConverter, "traffic_action")

urlpatterns = [
    path("c/<slug:slug>/traffic/points/<str:plural>/<str:namespace>/<str:name>/", views.points, name="traffic-points"),
    path("c/<slug:slug>/traffic/send/<str:namespace>/<str:service>/", views.send, name="traffic-send"),
    path("c/<slug:slug>/traffic/<str:namespace>/<str:name>/why/", views.why, name="traffic-why"),
    path(
        "c/<slug:slug>/traffic/<str:namespace>/<str:name>/<traffic_action:action>/", views.change, name="traffic-change"
    ),
]
