"""Forgetting the customer of an order that is over. Amounts, dates and what was decided stay: the books need them."""

import uuid

from django.db import transaction

from content.articles.services import forget_wishes
from orders.actors import Actor
from orders.models import MailStatus, Order, Refund, RefundStatus, StripeEvent
from orders.states import OrderStatus
from orders.transitions import Conflict, locked, record
from queues.models import Job, Step

OVER = (OrderStatus.COMPLETED, OrderStatus.FAILED, OrderStatus.CANCELLED)
MOVING = (RefundStatus.REQUESTED, RefundStatus.SUBMITTED, RefundStatus.NEEDS_MANUAL)
WORDS = ("email", "topic", "niche", "keyword", "target_url", "anchor_text", "notes", "attention_reason")
# Of the audit rows' data: ids and sums, nothing that anybody wrote.
KEPT = {"job", "refund", "amount", "reason", "review", "revision", "mail", "kind", "from", "to", "model"}


@transaction.atomic
def erase_order(*, order_id: uuid.UUID, actor: Actor) -> Order:
    """Empties everything personal, here and in the order's mails, events and jobs, and revokes its links.

    Once more it empties what has come since. Raises Conflict while the order, or its refund, is not over.
    """
    list(StripeEvent.objects.select_for_update().filter(order=order_id).order_by("pk"))  # as whoever handles one: first
    order = locked(order_id)
    if order.status not in OVER:
        raise Conflict("erase", order.status)
    if Refund.objects.filter(payment__order=order, status__in=MOVING).exists():
        detail = "Its refund has not been sent yet; the customer is told by mail when it is."
        raise Conflict("erase", order.status, code="refund_open", detail=detail)
    first = not order.is_erased
    for name in WORDS:
        setattr(order, name, "")
    if first:
        order.link_version += 1
    order.save()
    _empty_rows(order)
    forget_wishes(order.versions.all())
    Step.objects.filter(job__in=Job.objects.for_subject(order)).delete()
    if first:
        record(order, "erased", actor=actor)
    return order


def _empty_rows(order: Order) -> None:
    order.payments.update(checkout_url="")
    order.reviews.update(note="")
    order.revisions.update(notes="")
    order.mails.filter(status=MailStatus.QUEUED).update(status=MailStatus.FAILED, error="Erased before it was sent.")
    order.mails.update(to="", text="", html="")
    for event in order.stripe_events.all():
        event.payload = {"id": event.pk, "type": event.type}
        event.save(update_fields=["payload"])
    for event in order.events.all():
        data = {name: value for name, value in event.data.items() if name in KEPT}
        # The one change that audit rows allow, so not by their save().
        order.events.filter(pk=event.pk).update(note="", data=data)
