"""Addresses of a cluster, with the host by which the visitor reached Podium."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import HttpRequest


def page_path(slug: str) -> str:
    return f"/c/{slug}/"


def edit_path(slug: str, secret: str) -> str:
    return f"/c/{slug}/edit/{secret}/"


def page_url(request: HttpRequest, slug: str) -> str:
    return request.build_absolute_uri(page_path(slug))


def edit_url(request: HttpRequest, slug: str, secret: str) -> str:
    return request.build_absolute_uri(edit_path(slug, secret))


def visited_host(request: HttpRequest) -> str:
    """The host without its port, as a URL has it: `127.0.0.1`, `[::1]`, `podium.example`."""
    host = urlsplit(f"//{request.get_host()}").hostname or "127.0.0.1"
    return f"[{host}]" if ":" in host else host
