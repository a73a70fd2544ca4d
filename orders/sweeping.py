"""What was written down and is not on its way any more: asked for again, marked as called off, or shown to staff."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from orders import letters
from orders.client_webhooks import events
from orders.models import DeliveryStatus, Mail, MailStatus, Order, WebhookDelivery
from orders.states import OrderStatus
from orders.transitions import flag
from queues import clock
from queues.models import Job
from queues.states import JobState

SETTLING = datetime.timedelta(minutes=2)  # younger rows have their own job on the way
MOST_AT_ONCE = 500
CALLED_OFF = "Its job was called off."
ABANDONED = "Its job was called off, so nobody writes it: cancel the order, which returns the money."


def sweep() -> dict[str, int]:
    """Looks at all mails, webhooks and orders that wait without an open job; returns how many of each there were."""
    mails = Mail.objects.filter(status=MailStatus.QUEUED).select_related("order")
    deliveries = WebhookDelivery.objects.filter(status=DeliveryStatus.WAITING).select_related("endpoint__owner")
    return {
        "mails": _sweep(mails, "orders.send_mail", letters.job_key, letters.ask_to_send),
        "webhooks": _sweep(deliveries, "orders.deliver_webhook", events.job_key, events.ask_to_deliver),
        "orders": _call_for_abandoned_orders(),
    }


def _sweep(waiting: QuerySet, kind: str, key_of: Callable[[Any], str], ask: Callable[[Any], Any]) -> int:
    open_keys = set(Job.objects.open().filter(kind=kind).values_list("dedupe_key", flat=True))
    settled = clock.now() - SETTLING
    ids = waiting.filter(created_at__lt=settled).order_by("created_at").values_list("pk", flat=True)
    stuck = [pk for pk in ids.iterator() if key_of(pk) not in open_keys][:MOST_AT_ONCE]
    for row in waiting.filter(pk__in=stuck):
        last = Job.objects.filter(kind=kind, dedupe_key=key_of(row.pk)).order_by("-id").first()
        if last and last.state in (JobState.FAILED, JobState.CANCELLED):
            waiting.filter(pk=row.pk).update(status="failed", error=last.error_message[:300] or CALLED_OFF)
        else:
            ask(row)
    return len(stuck)


@transaction.atomic
def _call_for_abandoned_orders() -> int:
    """A job that is cancelled as a job (queue monitor, /api/jobs) does not tell its order."""
    waiting = Order.objects.filter(status=OrderStatus.PROCESSING, needs_attention=False)
    without = waiting.filter(updated_at__lt=clock.now() - SETTLING).exclude(
        current_job__in=Job.objects.open().values("pk")
    )
    abandoned = list(without.order_by("pk").select_for_update(of=("self",))[:MOST_AT_ONCE])
    for order in abandoned:
        flag(order, ABANDONED)
    return len(abandoned)
