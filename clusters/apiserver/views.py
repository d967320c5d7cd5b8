"""The one DRF view behind which every verb runs that is no read: outside Django's own handler (see `asgi`)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.request import Request
from rest_framework.views import APIView

from clusters.apiserver.answer import Answer, refused
from clusters.apiserver.call import Call, run
from clusters.kinds.problem import Status


class KubernetesView(APIView):
    """Who asks and what for was found out by the front; parsing and rendering are the verbs' own."""

    http_method_names = ["get", "head", "post", "put", "patch", "delete"]
    call: Call

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """The API server has its own content negotiation, authorization and limits."""

    def handle_exception(self, exc: Exception) -> HttpResponse:  # type: ignore[override]
        if isinstance(exc, Status):
            return _response(refused(exc))
        raise exc

    def get(self, request: Request, call: Call) -> HttpResponse:
        return _response(run(call))

    head = post = put = patch = delete = get


_view = KubernetesView.as_view()


def respond(call: Call) -> Answer:
    """The view's answer to this call, in this thread."""
    request = HttpRequest()
    request.method, request.path = call.method, call.path
    response: Any = _view(request, call=call)
    known = ("Content-Type", "Content-Length", "Cache-Control", "Allow", "Vary")
    headers = tuple((name, value) for name, value in response.items() if name not in known)
    return Answer(response.status_code, response.content, response["Content-Type"], headers, response.warnings)


def _response(answer: Answer) -> HttpResponse:
    response = HttpResponse(answer.raw, status=answer.code, content_type=answer.content_type)
    response.warnings = answer.warnings  # type: ignore[attr-defined]
    for name, value in answer.headers:
        response[name] = value
    return response
