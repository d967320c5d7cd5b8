"""What a page of Podium may load and run: its own files, and the one script in its head, by a nonce."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

# CodeMirror writes style elements, and the picture places things by style attributes: styles may stand in the page
HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self' {sockets}; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


class ContentSecurityPolicy:
    """Gives each request a nonce (`request.nonce`) and each answer the policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.nonce = secrets.token_urlsafe(12)  # type: ignore[attr-defined]
        answer = self.get_response(request)
        host = request.META.get("HTTP_HOST", "")
        sockets = f"{'wss' if request.is_secure() else 'ws'}://{host}" if HOST.fullmatch(host) else ""
        answer.setdefault("Content-Security-Policy", POLICY.format(nonce=request.nonce, sockets=sockets))  # type: ignore[attr-defined]
        return answer
