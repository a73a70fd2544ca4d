"""What every answer carries, and what no request may exceed."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

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
        response.headers["Content-Security-Policy"] = _joined(policy)
        response.headers["Permissions-Policy"] = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        return response


class BodyLimit:
    """Answers 413 to a body over DATA_UPLOAD_MAX_MEMORY_SIZE before anything reads it, pages and API alike.

    Django's own check comes too late for a good answer: it turns into a bare 400, and REST framework's parsers
    go round it.
    """

    def __init__(self, get_response: GetResponse):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return self.get_response(request)
        if request.path.startswith(("/api/", "/webhooks/")):
            return self._problem()
        return render(request, "413.html", status=413)

    def _problem(self) -> HttpResponse:
        body = {
            "type": "about:blank",
            "title": "Content Too Large",
            "status": 413,
            "detail": f"The body may have {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes at most.",
            "code": "too_large",
        }
        return JsonResponse(body, status=413, content_type="application/problem+json")
