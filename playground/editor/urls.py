"""Addresses of the editor."""

from django.urls import path

from playground.editor import views

urlpatterns = [
    path("c/<slug:slug>/editor/", views.editor, name="editor"),
    path("c/<slug:slug>/editor/examples/<slug:name>/", views.text, name="example"),
]
