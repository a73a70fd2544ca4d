"""The door for Stripe's events: verify, store, hand over. What an event means is decided in payments.events."""

import json
import logging
import time

import stripe
from django.conf import settings
from django.db import DataError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from orders.models import EventStatus, Order, StripeEvent
from orders.payments import events

logger = logging.getLogger(__name__)
TOLERANCE = 300  # seconds, into the past and into the future
DONE = (EventStatus.PROCESSED, EventStatus.IGNORED, EventStatus.UNMATCHED)


class Refused(Exception):
    """Not a signed event: nothing of it is stored."""


@csrf_exempt
@require_POST
def stripe_webhook(request: HttpRequest) -> HttpResponse:
    """200 once the event is dealt with or known; 400 when it is not Stripe's; 500 asks Stripe to send it again."""
    try:
        event = _verified(request.body, request.headers.get("Stripe-Signature", ""))
        row = _stored(event)
    except Refused as refusal:
        return _answer(400, str(refusal))
    try:
        return _answer(200, _handled(row.pk))
    except Exception as error:
        logger.exception("Stripe event %s could not be handled", row.pk)
        StripeEvent.objects.filter(pk=row.pk).exclude(status__in=DONE).update(
            status=EventStatus.FAILED, error=f"{type(error).__name__}: {error}"[:2000], attempts=F("attempts") + 1
        )
        return _answer(500, "failed")


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


def _stored(event: dict) -> StripeEvent:
    """The row of this event; a second delivery, also one at the same moment, finds the first one's."""
    try:
        with transaction.atomic():
            return StripeEvent.objects.get_or_create(
                pk=event["id"], defaults={"type": event["type"], "payload": event}
            )[0]
    except (DataError, ValueError):  # JSON allows \u0000 and lone surrogates, the database does not
        raise Refused("not_storable") from None


def _handled(event_id: str) -> str:
    """Handles the event and marks it in one transaction; "duplicate" when that was done before."""
    with transaction.atomic():
        row = StripeEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
        if row.status in DONE:
            return "duplicate"
        row.attempts += 1
        row.processed_at, row.error = timezone.now(), ""
        try:
            row.order, outcome = events.handle(row)
        except Order.DoesNotExist:
            row.status = EventStatus.UNMATCHED
            row.outcome = ""
        else:
            row.status = EventStatus.IGNORED if outcome == events.Outcome.IGNORED else EventStatus.PROCESSED
            row.outcome = outcome
        row.save()
    return row.outcome or row.status
