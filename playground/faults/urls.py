"""Addresses of what can be broken."""

from django.urls import path

from playground.faults import views

urlpatterns = [
    path("c/<slug:slug>/faults/", views.panel, name="faults"),
    path("c/<slug:slug>/faults/standing/", views.standing, name="faults-standing"),
    path("c/<slug:slug>/faults/new/<str:type>/", views.dialog, name="fault"),
    path("c/<slug:slug>/faults/new/<str:type>/preview/", views.preview, name="fault-preview"),
    path("c/<slug:slug>/faults/new/<str:type>/begin/", views.begin, name="fault-begin"),
    path("c/<slug:slug>/faults/<str:name>/heal/", views.heal, name="fault-heal"),
]
