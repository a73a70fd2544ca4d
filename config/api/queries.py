"""What no view should have to think of: addresses that no database and no text column can bear."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from rest_framework import exceptions

from config.api import problems
from config.api.handlers import is_for_programs


class CleanAddresses:
    """Middleware: refuses NUL in the path (404) and in the query (400, naming the parameter); reads both as UTF-8.

    Pages for customers pass no text of the address on to the database; the admin's lists filter and search by it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding and is_for_programs(request):
            request.encoding = "utf-8"  # a charset like "hex" in Content-Type would break reading the query
        if "\0" in request.path_info and is_for_programs(request):
            return problems.answer(exceptions.NotFound())
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query and is_for_programs(request):
            return problems.of_field(_name_with_nul(request.GET), "Null characters are not allowed.")
        if request.path_info.startswith("/admin/"):
            if "\0" in request.path_info:
                raise Http404
            if "%00" in query:
                raise BadRequest(f"{_name_with_nul(request.GET)}: null characters are not allowed.")
        return self.get_response(request)


def _name_with_nul(query: QueryDict) -> str:
    return next((name for name, values in query.lists() if any("\0" in text for text in (name, *values))), "query")
