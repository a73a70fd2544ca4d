"""What Django answers where no view does: programs get a problem, people a page. Named in config/urls.py.

Django's own pages look for a CSRF token first, in a form that may be what cannot be read.
"""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from rest_framework import exceptions

from config.api import problems

FOR_PROGRAMS = ("/api/", "/webhooks/")


class Unreadable(BadRequest):
    """A request that says of itself why it cannot be read; people are shown the message."""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a host or a request that Django does not trust."""
    if not is_for_programs(request):
        return _page(400, reason=str(exception) if isinstance(exception, Unreadable) else "")
    return problems.answer(exceptions.ParseError("The request could not be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    if not is_for_programs(request):
        return _page(403)
    return problems.answer(exceptions.PermissionDenied())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such address."""
    if not is_for_programs(request):
        return _page(404)
    return problems.answer(exceptions.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours, of which the answer says nothing."""
    if not is_for_programs(request):
        return _page(500)
    return problems.answer(exceptions.APIException())


def is_for_programs(request: HttpRequest) -> bool:
    """Whether whoever asks for this address reads JSON."""
    return request.path_info.startswith(FOR_PROGRAMS)


def _page(status: int, **context: str) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html", context), status=status)
