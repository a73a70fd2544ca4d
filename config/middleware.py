"""What every answer carries."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.api import problems
from config.api.handlers import is_for_programs
from config.database import replace_broken_connections

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]

POLICY = {
    "default-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
# Swagger UI sets style attributes and draws its icons from data: addresses.
DOCS_PATH = "/api/docs"
DOCS_POLICY = POLICY | {"style-src": "'self' 'unsafe-inline'", "img-src": "'self' data:"}
MOST_DISCARDED = 32 * 1024 * 1024
UNUSED_FEATURES = ("camera", "geolocation", "microphone", "payment", "usb")


def _joined(policy: dict[str, str]) -> str:
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())


class SecurityHeaders:
    """Content-Security-Policy, Permissions-Policy, Referrer-Policy and nosniff, static files included."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        policy = DOCS_POLICY if request.path.rstrip("/") == DOCS_PATH else POLICY
        if settings.PAYMENTS == "stripe":
            # Browsers apply form-action to where a form's answer leads as well.
            policy = policy | {"form-action": "'self' https://checkout.stripe.com"}
        if settings.LIVE_URL:
            policy = policy | {"connect-src": f"'self' {settings.LIVE_URL}"}
        response.headers["Content-Security-Policy"] = _joined(policy)
        response.headers["Permissions-Policy"] = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


class DatabaseAway:
    """Pages answer 503 with Retry-After, not 500, while the database is away; the API does so in problems.py."""

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        logger.error("Database away: %s", type(error).__name__)
        replace_broken_connections()
        # No template: its context processors might ask the database.
        text = "We cannot reach our database. Nothing is lost; please reload this page in a few seconds."
        return HttpResponse(text, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "5"})


class BodyLimit:
    """413 to a body over DATA_UPLOAD_MAX_MEMORY_SIZE, before anything looks at it: a page, or a problem for programs.

    The body is read and thrown away up to a bound: many clients only look at an answer once they have sent it all.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return self.get_response(request)
        left = min(int(length), MOST_DISCARDED)
        while left > 0 and (chunk := request.read(min(left, 65536))):
            left -= len(chunk)
        if is_for_programs(request):
            return problems.answer(problems.PayloadTooLarge())
        return render(request, "413.html", status=413)
