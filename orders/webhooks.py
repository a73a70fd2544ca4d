"""The door for Stripe's events: verify, then hand over to payments.inbox."""

import json
import time

import stripe
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.payments import inbox

TOLERANCE = 300  # seconds, into the past and into the future


class Refused(Exception):
    """Not a signed event: nothing of it is stored."""


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """200 once the event is dealt with or known; 400 when it is not Stripe's; 500 asks Stripe to send it again."""
    try:
        row = inbox.store(_verified(request.body, request.headers.get("Stripe-Signature", "")))
    except Refused as refusal:
        return _answer(400, str(refusal))
    except inbox.NotStorable:
        return _answer(400, "not_storable")
    outcome = inbox.process(row.pk)
    return _answer(500 if outcome == inbox.ERROR else 200, outcome)


def _answer(status: int, outcome: str) -> JsonResponse:
    return JsonResponse({"outcome": outcome}, status=status)


def _verified(body: bytes, header: str) -> dict:
    """The event in `body`, if one of our secrets signed it at most TOLERANCE seconds away from now."""
    if not any(_signed_with(secret, body, header) for secret in settings.STRIPE_WEBHOOK_SECRETS):
        raise Refused("bad_signature")
    try:
        event = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refused("not_json") from None
    if not isinstance(event, dict) or not all(_is_name(event.get(key)) for key in ("id", "type")):
        raise Refused("not_an_event")
    content = event.get("data")
    if not isinstance(content, dict) or not isinstance(content.get("object"), dict):
        raise Refused("not_an_event")
    return event


def _signed_with(secret: str, body: bytes, header: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(body, header, secret, TOLERANCE)
    except (stripe.SignatureVerificationError, ValueError, TypeError):  # the last two: not UTF-8, not ASCII
        return False
    # The library refuses the past only; a header from the future could be replayed until its time has come.
    signed_at = next(int(part[2:]) for part in header.split(",") if part.startswith("t="))
    return signed_at <= time.time() + TOLERANCE


def _refuse_constant(name: str):
    raise ValueError(f"{name} is not JSON")


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 100
