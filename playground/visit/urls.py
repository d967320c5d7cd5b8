"""Addresses of the little browser. Visits themselves never reach Django: playground/visit/front.py."""

from django.urls import path

from playground.visit import views

urlpatterns = [
    path("c/<slug:slug>/browser/", views.browser, name="browser"),
    path("c/<slug:slug>/visited/", views.visited, name="visited"),
    path("c/<slug:slug>/visited/why/", views.why, name="visited-why"),
]
