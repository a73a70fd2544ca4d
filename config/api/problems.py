"""Every API error as RFC 9457 `application/problem+json`, with one entry per wrong field."""

from collections.abc import Iterator

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from config.database import replace_broken_connections


class PayloadTooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is larger than 256 kB."
    default_code = "too_large"


def handle(error: Exception, context: dict) -> Response | None:
    """DRF's exception handler: None for what is no API error (Django then answers 500)."""
    error = _as_api_error(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else "invalid"
    fields = isinstance(error.detail, dict | list)
    body = {
        "type": "about:blank",
        "title": type(error).__name__ if fields else code.replace("_", " ").capitalize(),
        "status": response.status_code,
        "detail": "Some fields need attention." if fields else str(error.detail),
        "code": code,
    }
    if fields:
        body["title"] = "Invalid input"
        body["errors"] = list(_flat(error.detail))
    response.data = body | getattr(error, "extra", {})
    response.content_type = "application/problem+json"
    return response


class DatabaseAway(exceptions.APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The database does not answer. Nothing was stored; try again in a few seconds."
    default_code = "database_away"
    wait = 5  # seconds; DRF turns it into Retry-After


def _as_api_error(error: Exception) -> Exception:
    if isinstance(error, OperationalError | InterfaceError):
        replace_broken_connections()
        return DatabaseAway()
    if isinstance(error, RequestDataTooBig):
        return PayloadTooLarge()
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    return error


def _flat(detail: dict | list | str, pointer: str = "") -> Iterator[dict]:
    """One entry per message, with a JSON pointer to its field."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _flat(value, pointer if key == "non_field_errors" else f"{pointer}/{key}")
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            yield from _flat(value, f"{pointer}/{index}" if isinstance(value, dict | list) else pointer)
    else:
        yield {"pointer": pointer or "/", "code": getattr(detail, "code", "invalid"), "detail": str(detail)}
