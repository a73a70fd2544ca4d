"""What Django answers where no view does: programs get a problem, people a page. Named in config/urls.py."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults
from rest_framework import exceptions

from config.api import problems

FOR_PROGRAMS = ("/api/", "/webhooks/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a host or a request that Django does not trust."""
    if not is_for_programs(request):
        return defaults.bad_request(request, exception)
    return problems.answer(exceptions.ParseError("The request could not be read."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    if not is_for_programs(request):
        return defaults.permission_denied(request, exception)
    return problems.answer(exceptions.PermissionDenied())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such address."""
    if not is_for_programs(request):
        return defaults.page_not_found(request, exception)
    return problems.answer(exceptions.NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours, of which the answer says nothing."""
    if not is_for_programs(request):
        return defaults.server_error(request)
    return problems.answer(exceptions.APIException())


def is_for_programs(request: HttpRequest) -> bool:
    """Whether whoever asks for this address reads JSON."""
    return request.path_info.startswith(FOR_PROGRAMS)
