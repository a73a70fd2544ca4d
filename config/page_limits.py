"""How often one address may try what only a guesser or a pest does often. The API's limits are in api/throttles.py.

A view names the limit that its POSTs count against (`view.post_limit`); an answer, the one that it counts against
(`response.counts_against`). Beyond it comes 429 instead.
"""

import math
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from aiproviders import windows
from config.api.addresses import address_of

LIMITS = {"wrong_link": (30, 600), "link_resend": (5, 3600), "order": (60, 3600)}  # so many in so many seconds


class PageLimits:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        name = getattr(response, "counts_against", "")
        return (_refusal(request, name) if name else None) or response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        name = getattr(view, "post_limit", "")
        return _refusal(request, name) if name and request.method == "POST" else None


def _refusal(request: HttpRequest, name: str) -> HttpResponse | None:
    most, seconds = LIMITS[name]
    wait = windows.take(f"{name}:{address_of(request)}", most, seconds=seconds)
    if not wait:
        return None
    response = render(request, "429.html", {"minutes": math.ceil(wait / 60)}, status=429)
    response.headers["Retry-After"] = str(math.ceil(wait))
    response.headers["Cache-Control"] = "private, no-store"
    return response
