"""A second chance for an order that failed."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction

from aiproviders.catalogue import offered
from orders import jobs
from orders.actors import Actor
from orders.models import Order, PaymentStatus
from orders.payments.refunds import call_off_all
from orders.states import OrderStatus
from orders.transitions import Conflict, transition
from queues.models import Job


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
    paid = order.payments.filter(status=PaymentStatus.CONFIRMED).exists()
    if not paid or not call_off_all(order=order, actor=actor):
        detail = "Its money is on its way back to the customer."
        raise Conflict("requeue", OrderStatus.FAILED, code="refund_sent", detail=detail)
