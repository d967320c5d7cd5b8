"""Podium's own pages in place of a cluster's answer: why there is none, and how far the request came."""

from __future__ import annotations

from http import HTTPStatus

from django.template.loader import render_to_string

from playground.visit.visited import Visited

HTML = "text/html; charset=utf-8"


def refused(code: int, words: str) -> bytes:
    return render_to_string("visit/refused.html", {"code": code, "words": words}).encode()


def unreached(code: int, reason: str, found: Visited) -> bytes:
    """`reason` is the true one, as the network knows it."""
    context = {"code": code, "title": HTTPStatus(code).phrase, "reason": reason, "visited": found}
    return render_to_string("visit/unreached.html", context).encode()
