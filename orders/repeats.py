"""Whether what somebody asks for has just happened by their first click: then the second one is no error."""

import uuid

from django.core.exceptions import ValidationError

from orders.models import AskedBy, Decision, Order
from orders.notes import check_notes
from orders.states import CancelReason, OrderStatus


def revision_was_asked(order: Order, notes: str, version_id: uuid.UUID) -> bool:
    """The same wish about the same version is the newest one."""
    newest = order.revisions.last()
    try:
        return newest is not None and (newest.asked_by, newest.base_id, newest.notes) == (
            AskedBy.CUSTOMER,
            version_id,
            check_notes(notes),
        )
    except ValidationError:
        return False


def was_cancelled(order: Order) -> bool:
    """By the customer."""
    theirs = (CancelReason.CUSTOMER, CancelReason.WITHDRAWAL)
    return order.status == OrderStatus.CANCELLED and order.cancel_reason in theirs


def was_recalled(order: Order) -> bool:
    newest = order.reviews.last()
    return order.status == OrderStatus.QUALITY_CHECK and newest is not None and newest.decision == Decision.RECALLED
