"""What no view should have to think of: addresses that no database and no text column can bear, and odd charsets."""

import codecs
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from rest_framework import exceptions

from config.api import problems
from config.api.handlers import Unreadable, is_for_programs
from config.redaction import printable

READABLE = ("utf-8", "ascii")


class CleanAddresses:
    """Middleware: refuses NUL in the path (404) and in the query (400, naming the parameter); reads both as UTF-8.
    A form in another charset is refused: its letters would be stored as others.

    Pages for customers pass no text of the address on to the database; the admin's lists filter and search by it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.encoding:
            charset, request.encoding = request.encoding, "utf-8"  # one like "hex" would break reading the query
            if codecs.lookup(charset).name not in READABLE and not is_for_programs(request):
                raise Unreadable("Content-Type: only UTF-8 is understood here. Send the form in UTF-8.")
        if "\0" in request.path_info and is_for_programs(request):
            return problems.answer(exceptions.NotFound())
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query and is_for_programs(request):
            return problems.of_field(_name_with_nul(request.GET), "Null characters are not allowed.")
        if request.path_info.startswith("/admin/"):
            if "\0" in request.path_info:
                raise Http404
            if "%00" in query:
                raise Unreadable(
                    f"{printable(_name_with_nul(request.GET), most=100)}: null characters are not allowed."
                )
        return self.get_response(request)


def _name_with_nul(query: QueryDict) -> str:
    return next((name for name, values in query.lists() if any("\0" in text for text in (name, *values))), "query")
