"""Sends webhooks: each at least once, and under the same `webhook-id` at every try."""

import http.client

from django.conf import settings
from django.db import transaction
from django.db.models import F

from content.internet.addresses import Refused, split
from content.internet.exchange import Deadline, exchange
from orders.actors import Actor
from orders.client_webhooks import events, signing
from orders.models import DeliveryStatus, WebhookDelivery, WebhookEndpoint
from orders.transitions import record
from queues import clock
from queues.errors import Fail, Retry
from queues.models import Job
from queues.running import RunningJob, give_back_connection

SECONDS = 15.0  # for all of a try
GONE = 410
HEADERS = {"Content-Type": "application/json", "User-Agent": "Copydesk webhooks"}


class NotSendable(ValueError):
    """It cannot be sent now; the message says why."""


def deliver(*, delivery_id: str, job: RunningJob) -> None:
    """Sends one webhook, unless it was delivered before. Raises Retry when a later try may work, Fail when none can."""
    delivery = WebhookDelivery.objects.select_related("endpoint", "event__order").filter(pk=delivery_id).first()
    if delivery is None or delivery.status == DeliveryStatus.DELIVERED:
        return  # its endpoint was deleted, or another job was faster
    if delivery.endpoint.disabled_at:
        raise Fail(f"This webhook is disabled: {delivery.endpoint.disabled_because}", kind="webhook_disabled")
    body = events.body(delivery)
    headers = HEADERS | signing.headers(delivery, body)
    job.checkpoint()  # an attempt that hung so long that another has taken its place sends nothing
    give_back_connection()
    try:
        answer = _ask(delivery.endpoint.url, body, headers)
    except Refused as error:
        _note(delivery, None, str(error))
        raise
    except (OSError, http.client.HTTPException) as error:
        words = str(error) if type(error).__module__.startswith("content.") else type(error).__name__
        _note(delivery, None, words)
        raise Retry(f"The receiver does not answer: {words}") from error
    _settle(delivery, answer, job)


def _ask(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status that the receiver answers with. What else it says does not matter, so it is not read."""
    deadline = Deadline(SECONDS)
    asked = exchange(
        "POST", split(url), deadline=deadline, headers=headers, body=body, networks=settings.WEBHOOK_NETWORKS
    )
    with asked as response:
        return response.status


def _settle(delivery: WebhookDelivery, answer: int, job: RunningJob) -> None:
    if 200 <= answer < 300:
        with job.completing({"answer": answer}):
            _note(delivery, answer, "", status=DeliveryStatus.DELIVERED, delivered_at=clock.now())
        return
    words = f"The receiver answered {answer}."
    _note(delivery, answer, words)
    if answer == GONE:
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id, disabled_at=None).update(
            disabled_at=clock.now(), disabled_because="It answered 410 Gone."
        )
        raise Fail(words, kind="webhook_gone")
    raise Retry(words)


def _note(delivery: WebhookDelivery, answer: int | None, error: str, **changes) -> None:
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        attempts=F("attempts") + 1, tried_at=clock.now(), answer=answer, error=error[:300], **changes
    )


def give_up(job: Job) -> None:
    """Marks the delivery of a failed job, in that job's transaction; it may be sent again by hand."""
    WebhookDelivery.objects.filter(pk=job.args["delivery_id"], status=DeliveryStatus.WAITING).update(
        status=DeliveryStatus.FAILED
    )


@transaction.atomic
def resend(delivery: WebhookDelivery, actor: Actor) -> Job:
    """Sends it once more, under the same id; while it waits to be sent, nothing changes. Raises NotSendable."""
    rows = WebhookDelivery.objects.select_related("endpoint__owner", "event__order")
    rows = rows.select_for_update(of=("self",))
    delivery = rows.get(pk=delivery.pk)
    if delivery.endpoint.disabled_at:
        raise NotSendable(f"This webhook is disabled: {delivery.endpoint.disabled_because} Register it anew.")
    if delivery.status != DeliveryStatus.WAITING:
        delivery.status, delivery.delivered_at = DeliveryStatus.WAITING, None
        delivery.save(update_fields=["status", "delivered_at"])
        told = {"delivery": str(delivery.pk), "type": delivery.type}
        record(delivery.event.order, "webhook_resent", actor=actor, data=told)
    return events.ask_to_deliver(delivery)[0]
