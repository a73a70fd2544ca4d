"""Liveness and readiness for load balancers, `manage.py up` and people."""

from django.db import Error
from django.http import HttpRequest, JsonResponse

from queues import selectors


def healthz(request: HttpRequest) -> JsonResponse:
    """200 while this process answers."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when orders can be taken and worked on; else 503 and which part is missing."""
    try:
        parts = {"database": True, **selectors.health()}
    except Error:
        parts = {"database": False}
    ready = all(parts.values())
    body = {"status": "ok" if ready else "not ready", "parts": parts}
    return JsonResponse(body, status=200 if ready else 503)
