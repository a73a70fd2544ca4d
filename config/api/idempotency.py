"""`Idempotency-Key` on every POST of the API: one effect and one answer, however often the request arrives.

A view that must not be asked without one says `idempotency_key_required = True`; browsers with a session are exempt.
The view runs in one transaction with the storing of its answer. Only an answer below 400 is stored: a refusal has had
no effect, so its key may be used again.
"""

import hashlib
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from aiproviders.vault import Unreadable
from config.api import claims, problems
from config.api.callers import caller_of
from config.models import KeyedAnswer

HEADER = "Idempotency-Key"
LONGEST = 255
Run = Callable[[], HttpResponse]


class IdempotencyKeys:
    """Middleware; the last one, because it calls the view. A request without the header passes it by."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if request.method != "POST" or not request.path_info.startswith("/api/"):
            return None
        key = request.META.get("HTTP_IDEMPOTENCY_KEY")
        if key is None and not _is_required(request, view):
            return None
        try:
            if (caller := caller_of(request)) is None:
                return None
            if fault := _fault_of(key):
                return problems.of_field(HEADER, fault, code="required" if key is None else "invalid")
            return _once(request, caller, key, lambda: view(request, *args, **kwargs))
        except (OperationalError, InterfaceError) as error:
            return problems.handle(error, {})


def _is_required(request: HttpRequest, view: Callable) -> bool:
    required = getattr(getattr(view, "cls", None), "idempotency_key_required", False)
    return required and "HTTP_AUTHORIZATION" in request.META


def _fault_of(key: str | None) -> str:
    if key is None:
        return "Send a header Idempotency-Key with a new UUID, and the same one when you repeat this request."
    if not 1 <= len(key) <= LONGEST or not all(" " <= character <= "~" for character in key):
        return f"1 to {LONGEST} printable ASCII characters, best a UUID."
    return ""


def _once(request: HttpRequest, caller: str, key: str, run: Run) -> HttpResponse:
    endpoint = request.path_info.rstrip("/")
    name = hashlib.sha256("\0".join((caller, endpoint, key)).encode("utf-8", "surrogateescape")).hexdigest()
    content = request.META.get("QUERY_STRING", "").encode() + b"\0" + request.body
    fingerprint = salted_hmac("config.api.idempotency", content, algorithm="sha256").hexdigest()
    if claim := claims.take(name, request=fingerprint):
        return _first(claim, run)
    row = KeyedAnswer.objects.filter(pk=name).first()
    if row and not constant_time_compare(row.request, fingerprint):
        return problems.answer(OtherRequest())
    if row is None or row.status is None:
        return problems.answer(StillRunning())
    try:
        return claims.repeated(row)
    except Unreadable:
        return problems.answer(AnswerGone())


def _first(claim: claims.Claim, run: Run) -> HttpResponse:
    """Run the view and store its answer, both or neither."""
    try:
        with transaction.atomic():
            response = run()
            if hasattr(response, "render"):
                response.render()
            kept = response.status_code < 400 and not response.streaming
            if kept:
                claims.keep(claim, response)
            elif response.status_code >= 500:
                transaction.set_rollback(True)
    except claims.Lost:
        return problems.answer(StillRunning())
    except Exception:
        claims.release(claim)
        raise
    if not kept:
        claims.release(claim)
    return response


class OtherRequest(problems.APIException):
    status_code = 422
    default_code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key came with another body before. Use a new key for a new request."


class StillRunning(problems.APIException):
    status_code = 409
    default_code = "idempotency_key_in_use"
    default_detail = "The first request with this Idempotency-Key is still being worked on. Repeat it in a moment."
    wait = 1


class AnswerGone(problems.APIException):
    status_code = 409
    default_code = "answer_gone"
    default_detail = "This was done, but its answer can no longer be read. Look at what it made."
