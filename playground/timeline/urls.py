"""Addresses of what happened, and of the cluster as it was."""

from django.urls import path

from playground.timeline import views

urlpatterns = [
    path("c/<slug:slug>/feed/", views.feed, name="feed"),
    path("c/<slug:slug>/at/", views.at, name="at"),
    path("c/<slug:slug>/timeline/", views.timeline, name="timeline"),
    path("c/<slug:slug>/timeline/step/", views.step, name="timeline-step"),
    path("c/<slug:slug>/timeline/compare/", views.compare, name="timeline-compare"),
]
