"""Every page's address. A feature's own addresses stand in its urls.py; websockets in WEBSOCKETS."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

WEBSOCKETS: list[URLPattern] = []
