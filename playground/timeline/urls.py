"""The feed's address."""

from django.urls import path

from playground.timeline import views

urlpatterns = [path("c/<slug:slug>/feed/", views.feed, name="feed")]
