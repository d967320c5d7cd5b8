"""Addresses of the way in."""

from django.urls import path

from playground.home import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("new/", views.new, name="new"),
    path("c/<slug:slug>/edit/<str:secret>/", views.edit, name="edit"),
    path("c/<slug:slug>/share/", views.share, name="share"),
    path("c/<slug:slug>/kubeconfig/", views.download, name="kubeconfig"),
    path("c/<slug:slug>/start-over/", views.again, name="start-over"),
]
