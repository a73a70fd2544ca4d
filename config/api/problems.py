"""Every API error as RFC 9457 `application/problem+json`, with one entry per wrong field."""

import json
from collections.abc import Iterator

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from rest_framework import exceptions, status
from rest_framework.exceptions import APIException

from config.database import is_refused_value, is_tie, replace_broken_connections
from config.redaction import printable

MEDIA_TYPE = "application/problem+json"
FIELDS = "Some fields need attention."


class PayloadTooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The body is larger than 256 kB."
    default_code = "too_large"


class DatabaseAway(APIException):
    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "The database does not answer. Nothing was stored; try again in a few seconds."
    default_code = "database_away"
    wait = 5  # seconds; DRF turns it into Retry-After


class Tie(DatabaseAway):
    default_detail = (
        "Another request changed the same in the same moment. Nothing of this one was stored; send it again."
    )
    default_code = "deadlock"
    wait = 1


class OutOfRange(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_detail = (
        "A value is too large or too long to be stored. Nothing was stored; send smaller numbers and shorter texts."
    )
    default_code = "out_of_range"


def handle(error: Exception, context: dict) -> HttpResponse | None:
    """DRF's exception handler: None for what is no API error (Django then answers 500)."""
    error = _as_api_error(error)
    return answer(error) if isinstance(error, APIException) else None


def answer(error: APIException) -> HttpResponse:
    """The problem as a response, whatever form the view would have answered in; also for what no view answers."""
    headers = {"Retry-After": f"{error.wait:.0f}"} if getattr(error, "wait", None) else {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    text = json.dumps(body_of(error), ensure_ascii=False)
    return HttpResponse(text, status=error.status_code, content_type=MEDIA_TYPE, headers=headers)


def of_field(name: str, fault: str, *, code: str = "invalid") -> HttpResponse:
    """400 for a header or a parameter of the query."""
    return answer(exceptions.ValidationError({name: [exceptions.ErrorDetail(fault, code)]}))


def body_of(error: APIException) -> dict:
    """The problem as JSON."""
    fields = isinstance(error.detail, dict | list)
    codes = error.get_codes()
    code = codes if isinstance(codes, str) else "invalid"
    body = {
        "type": "about:blank",
        "title": "Invalid input" if fields else code.replace("_", " ").capitalize(),
        "status": error.status_code,
        "detail": FIELDS if fields else printable(str(error.detail)),
        "code": code,
    }
    if fields:
        body["errors"] = list(_flat(error.detail))
    return body | getattr(error, "extra", {})


def _as_api_error(error: Exception) -> Exception:
    if isinstance(error, DatabaseError) and is_refused_value(error):
        return OutOfRange()
    if isinstance(error, DatabaseError) and is_tie(error):
        return Tie()
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
            yield from _flat(value, pointer if key == "non_field_errors" else f"{pointer}/{_escaped(key)}")
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            yield from _flat(value, f"{pointer}/{index}" if isinstance(value, dict | list) else pointer)
    else:
        yield {"pointer": pointer or "/", "code": getattr(detail, "code", "invalid"), "detail": printable(str(detail))}


def _escaped(name: str | int) -> str:
    """A part of a JSON pointer (RFC 6901). Clients make up the names in some objects, and might put a key there."""
    return printable(str(name), most=100).replace("~", "~0").replace("/", "~1")
