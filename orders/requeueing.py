"""A second chance for an order that failed."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from aiproviders.catalogue import offered
from orders import jobs
from orders.actors import Actor
from orders.models import Order, Refund, RefundStatus
from orders.transitions import Conflict, record, transition
from queues.models import Job

NOT_SENT = (RefundStatus.REQUESTED, RefundStatus.CANCELED)


@transaction.atomic
def requeue(*, order_id: uuid.UUID, staff, model: str = "") -> tuple[Order, Job]:
    """Lets a failed order be written again; its refund, if none of it was sent yet, is cancelled.

    `model` ("provider/model") writes it, empty for the usual choice. Raises ValidationError for "model", and Conflict.
    """
    if model and model not in {row.name for row in offered()}:
        raise ValidationError({"model": ["Choose one of the models that are on offer."]})
    actor = Actor("staff", str(staff.pk))
    order = transition(
        order_id=order_id, action="requeue", actor=actor, data={"model": model} if model else None, writer_model=model
    )
    _keep_the_money(order, actor)
    job = jobs.request_first_version(order)
    order.current_job, order.needs_attention, order.attention_reason = job.pk, False, ""
    order.save(update_fields=["current_job", "needs_attention", "attention_reason", "updated_at"])
    return order, job


def _keep_the_money(order: Order, actor: Actor) -> None:
    refunds = Refund.objects.filter(payment__order=order)
    cancelled = refunds.filter(status=RefundStatus.REQUESTED).update(status=RefundStatus.CANCELED)
    if refunds.exclude(status__in=NOT_SENT).exists():
        raise Conflict("requeue", "FAILED", code="refund_sent", detail="Its money is on its way back to the customer.")
    if cancelled:
        record(order, "refund_canceled", actor=actor)
