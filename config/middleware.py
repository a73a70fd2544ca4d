"""What every answer carries."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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
