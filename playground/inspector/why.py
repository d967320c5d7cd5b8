"""Why is it so? The panel opened at its reasons; for what is gone, why it went."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from playground.inspector.views import looked_at, show
from playground.reasons.panel import answers_about, body_that_was


@require_GET
@never_cache
def why(request: HttpRequest, slug: str, plural: str, namespace: str, name: str) -> HttpResponse:
    """A fragment for the panel; opened in a tab of its own it is a page."""
    subject = looked_at(request, slug, plural, namespace, name)
    if subject.body is not None:
        return show(request, subject, "why")
    place = subject.kind.plural, subject.ref.namespace, subject.ref.name
    was = body_that_was(subject.cluster, subject.around, *place)
    found = answers_about(subject.cluster, subject.around, plural, was) if was else []
    whole = request.headers.get("HX-Request") != "true"
    context = {"subject": subject, "answers": found, "base": f"/c/{subject.cluster.slug}/"}
    return render(request, "reasons/was_page.html" if whole else "reasons/_was.html", context)
