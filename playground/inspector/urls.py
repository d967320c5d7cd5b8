"""Addresses of one object's page, and of what can be done to it."""

from django.urls import path

from playground.inspector import views
from playground.inspector.why import why

OBJECT = "c/<slug:slug>/inspect/<str:plural>/<str:namespace>/<str:name>/"

urlpatterns = [
    path(OBJECT, views.panel, name="inspect"),
    path(OBJECT + "tab/<slug:tab>/", views.tab, name="inspect-tab"),
    path(OBJECT + "scheduling/", views.scheduling, name="inspect-scheduling"),
    path(OBJECT + "closer/", views.closer),
    path(OBJECT + "live/", views.live, name="inspect-live"),
    path(OBJECT + "do/<slug:action>/", views.act, name="inspect-act"),
    path("c/<slug:slug>/why/<str:plural>/<str:namespace>/<str:name>/", why, name="why"),
    path("c/<slug:slug>/nodes/add/", views.add, name="add-node"),
]
