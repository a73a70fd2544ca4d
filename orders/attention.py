"""Taking an order off staff's list, when somebody has seen to it."""

import uuid

from django.db import transaction

from orders.actors import Actor
from orders.models import Order
from orders.transitions import Conflict, locked, record


@transaction.atomic
def settle(*, order_id: uuid.UUID, staff, note: str = "") -> Order:
    """The reason goes into the audit trail. Raises Conflict when the order is not on the list."""
    order = locked(order_id)
    if not order.needs_attention:
        raise Conflict("settle", order.status, code="not_listed", detail="This order is not on staff's list any more.")
    told = {"attention": order.attention_reason}
    order.needs_attention, order.attention_reason = False, ""
    order.save(update_fields=["needs_attention", "attention_reason", "updated_at"])
    record(order, "attention_settled", actor=Actor("staff", str(staff.pk)), note=note, data=told)
    return order
