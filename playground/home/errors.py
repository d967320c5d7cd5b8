"""What a visitor sees when something is not there, not allowed, or broken: a page, or a piece of one for htmx."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def told(request: HttpRequest, code: int, title: str, sentence: str) -> HttpResponse:
    """The sentence as a whole page, or as a notice where htmx asked for a piece."""
    whole = request.headers.get("HX-Request") != "true"
    template = "home/trouble.html" if whole else "home/_trouble.html"
    return render(request, template, {"code": code, "title": title, "sentence": sentence}, status=code)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return told(request, 413, "Too big", "Podium takes at most 3 MiB at once. Nothing was changed.")
    return told(
        request, 400, "Not understood", "The browser sent something that Podium cannot read. Nothing was changed."
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    sentence = str(exception or "") or "This address is not for you."
    return told(request, 403, "Not allowed", sentence)


def no_csrf(request: HttpRequest, reason: str = "") -> HttpResponse:
    sentence = "The page was open for a long time, or the browser keeps no cookies. Load it again and repeat."
    return told(request, 403, "Please try again", sentence)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    first = exception.args[0] if exception.args else ""
    sentence = first if isinstance(first, str) and first else "There is nothing at this address."
    return told(request, 404, "Nothing here", sentence)


def broken(request: HttpRequest) -> HttpResponse:
    return told(request, 500, "Something broke", "That was Podium's fault. It was written down; please try again.")
