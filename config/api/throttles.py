"""How often one caller may ask: settings.API_LIMITS, by the `throttle_scope` that each view names."""

from django.conf import settings
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from aiproviders import windows
from config.api.addresses import address_of


class PerCaller(BaseThrottle):
    """Counts per token, else per user, else per address. 429 with Retry-After comes from problems.py."""

    def allow_request(self, request: Request, view) -> bool:
        scope = scope_of(request, view)
        limit = settings.API_LIMITS[scope] if scope else 0
        self._wait = windows.take(f"{scope}:{_caller(request)}", limit) if limit else 0.0
        return not self._wait

    def wait(self) -> float:
        """Seconds, for Retry-After."""
        return self._wait


def scope_of(request: Request, view) -> str:
    """The limit's name, empty for a view without one. Whatever a view does on POST, looking at it is reading."""
    scope = getattr(view, "throttle_scope", "")
    if scope and request.method in SAFE_METHODS:
        return "read" if request.user.is_authenticated else getattr(view, "anonymous_throttle_scope", "read")
    return scope


def _caller(request: Request) -> str:
    if request.user.is_authenticated:
        return f"token:{request.auth}" if request.auth else f"user:{request.user.pk}"
    return f"address:{address_of(request)}"
