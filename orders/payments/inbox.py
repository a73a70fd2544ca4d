"""Events of the payment provider: stored as they came, handled once, run again when that failed."""

import json
import logging

from django.db import DataError, IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from orders.actors import Actor
from orders.models import EventStatus, Order, StripeEvent
from orders.payments import events
from orders.transitions import record

logger = logging.getLogger(__name__)
DONE = (EventStatus.PROCESSED, EventStatus.IGNORED, EventStatus.UNMATCHED, EventStatus.SETTLED)
MOST_TRIES = 8  # of an event that cannot be handled; then it is for staff
ERROR = "error"


class NotStorable(ValueError):
    """The event holds text that the database does not take; nothing of it is stored."""


def store(event: dict) -> StripeEvent:
    """The row of this event; a second delivery, also one at the same moment, finds the first one's."""
    try:
        json.dumps(event, ensure_ascii=False).encode()  # SQLite would store half a character, and fail at each handling
        with transaction.atomic():
            return StripeEvent.objects.get_or_create(
                pk=event["id"], defaults={"type": event["type"], "payload": event}
            )[0]
    except (DataError, IntegrityError, ValueError) as error:  # \u0000, lone surrogates and 1e400 are JSON all the same
        raise NotStorable from error


def process(event_id: str) -> str:
    """Handles the event and says what came of it; "duplicate" if that was done before, ERROR if it cannot be done
    now: then the row keeps the error, and reconcile() tries again."""
    try:
        return _handled(event_id)
    except Exception as error:
        logger.exception("Stripe event %s could not be handled", event_id)
        StripeEvent.objects.filter(pk=event_id).exclude(status__in=DONE).update(
            status=EventStatus.FAILED, error=f"{type(error).__name__}: {error}"[:2000], attempts=F("attempts") + 1
        )
        return ERROR


def _handled(event_id: str) -> str:
    """Handling and its mark are one transaction."""
    with transaction.atomic():
        row = StripeEvent.objects.select_for_update(of=("self",)).get(pk=event_id)
        if row.status in DONE:
            return "duplicate"
        row.attempts += 1
        row.processed_at, row.error = timezone.now(), ""
        try:
            row.order, outcome = events.handle(row)
        except Order.DoesNotExist:
            row.status, row.outcome = EventStatus.UNMATCHED, ""
        else:
            row.status = EventStatus.IGNORED if outcome == events.Outcome.IGNORED else EventStatus.PROCESSED
            row.outcome = outcome
        row.save()
    return row.outcome or row.status


def unhandled() -> QuerySet[StripeEvent]:
    """Events for staff to look at: about no order of ours, or not to be handled in MOST_TRIES. Oldest first."""
    given_up = Q(status=EventStatus.FAILED, attempts__gte=MOST_TRIES)
    return StripeEvent.objects.filter(Q(status=EventStatus.UNMATCHED) | given_up).order_by("received_at")


def settle_event(*, event: StripeEvent) -> bool:
    """Staff have looked at it. False when it is not on their list (any more)."""
    return bool(unhandled().order_by().filter(pk=event.pk).update(status=EventStatus.SETTLED))


def replay_event(*, event: StripeEvent, actor: Actor) -> str:
    """Staff have the stored event handled again, whatever came of it before; returns what came of it now.

    Every effect of an event happens once however often it is handled, so this cannot do harm.
    """
    StripeEvent.objects.filter(pk=event.pk).update(status=EventStatus.RECEIVED)
    outcome = process(event.pk)
    event.refresh_from_db()
    if event.order:
        record(event.order, "event_replayed", actor=actor, data={"event": event.pk, "outcome": outcome})
    return outcome
