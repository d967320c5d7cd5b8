"""Addresses of the cluster's clock."""

from django.urls import path

from playground.clock import views

urlpatterns = [path("c/<slug:slug>/clock/", views.clock, name="clock")]
