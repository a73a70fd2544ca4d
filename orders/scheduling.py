"""From approved to published: at the time that was agreed, earlier, or later."""

import datetime
import uuid

from django.db import transaction
from django.utils import timezone

from orders import emails, reviews
from orders.actors import SYSTEM, Actor
from orders.models import Order, Review
from orders.publishing import check_moment, go_live
from orders.states import OrderStatus
from orders.transitions import Conflict, flag, locked, record, steady, transition

MOST_AT_ONCE = 500


@transaction.atomic
def publish_now(*, order_id: uuid.UUID, actor: Actor) -> Order:
    """Publishes a scheduled version without waiting for its time. Raises Conflict."""
    order = locked(order_id)
    if order.status == OrderStatus.SCHEDULED:
        go_live(order, "publish")
    order = transition(order_id=order_id, action="publish", actor=actor, publish_at=timezone.now())
    emails.published(order)
    return order


def publish_due() -> int:
    """Publishes what is due; returns how many. However often and from wherever it is called, each goes live once."""
    due = Order.objects.filter(status=OrderStatus.SCHEDULED, publish_at__lte=timezone.now()).order_by("publish_at")
    return sum(_publish_if_due(order_id) for order_id in due.values_list("pk", flat=True)[:MOST_AT_ONCE])


def _publish_if_due(order_id: uuid.UUID) -> bool:
    try:
        with transaction.atomic():
            order = locked(order_id)
            if order.status != OrderStatus.SCHEDULED or order.publish_at > timezone.now():
                return False  # published, taken back or put off while we looked
            go_live(order, "publish")
            emails.published(transition(order_id=order_id, action="publish", actor=SYSTEM))
            return True
    except Conflict as problem:
        _back_to_review(order_id, str(problem))
        return False


@transaction.atomic
def _back_to_review(order_id: uuid.UUID, why: str) -> None:
    order = locked(order_id)
    if order.status == OrderStatus.SCHEDULED:
        reviews.open_review(order, "unschedule", SYSTEM, note=why, publish_at=None)
        flag(locked(order_id), f"Could not be published: {why}")


@transaction.atomic
def reschedule(*, order_id: uuid.UUID, publish_at: datetime.datetime, staff) -> Order:
    """Another time for a scheduled version. Raises ValidationError for "publish_at", and Conflict."""
    check_moment(publish_at)
    order = steady(order_id, "reschedule")
    told = {"from": order.publish_at.isoformat(), "to": publish_at.isoformat()}
    order.publish_at = publish_at
    order.save(update_fields=["publish_at", "updated_at"])
    record(order, "reschedule", actor=Actor("staff", str(staff.pk)), data=told)
    return order


@transaction.atomic
def unschedule(*, order_id: uuid.UUID, staff) -> Review:
    """Takes an approved version back into review, where it waits as a new one. Raises Conflict."""
    order = locked(order_id)
    if order.status != OrderStatus.SCHEDULED:
        raise Conflict("unschedule", order.status)
    return reviews.open_review(order, "unschedule", Actor("staff", str(staff.pk)), publish_at=None)
